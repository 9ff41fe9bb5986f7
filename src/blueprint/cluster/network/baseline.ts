import { nodePrefixes } from '../../plan/address-plan.ts';
import type { Design } from '../../plan/design.ts';
import type { Document } from '../../write/yaml.ts';
import { TEAM } from '../labels.ts';
import { objectOf } from '../object.ts';
import { PLATFORM_ADDRESSES, PLATFORM_PORTS } from './platform.ts';

const WHY =
  'What no workload has any need of, whatever a policy of its namespace says: the metadata of nodes, from which identities are stolen, the address by which nodes ask their host, and the API server. It is for namespaces of teams; those of the platform, which live by these, have no such label.';

/** Denied to every namespace of a team, before any policy of a namespace is asked. */
export function baseline(design: Design): Document {
  return design.choices.engine === 'cilium' ? ofCilium() : ofCalico(design);
}

function ofCilium(): Document {
  return objectOf({
    api: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    name: 'baseline',
    why: WHY,
    body: {
      spec: {
        endpointSelector: {
          matchExpressions: [{ key: `k8s:io.cilium.k8s.namespace.labels.${TEAM}`, operator: 'Exists' }],
        },
        egressDeny: [
          {
            toCIDR: [...PLATFORM_ADDRESSES],
            toPorts: [{ ports: PLATFORM_PORTS.map(({ port, protocol }) => ({ port: `${port}`, protocol })) }],
          },
          { toEntities: ['kube-apiserver'] },
        ],
      },
    },
  });
}

/** Calico knows no entity for the API server: it is denied with the subnets in which it, and nodes, have addresses. */
function ofCalico({ addresses, choices }: Design): Document {
  const servers = addresses.spoke.subnets.filter(({ name }) => name === 'snet-apiserver').map(({ prefix }) => prefix);
  return objectOf({
    api: 'crd.projectcalico.org/v1',
    kind: 'GlobalNetworkPolicy',
    name: 'default.baseline',
    why: WHY,
    body: {
      spec: {
        tier: 'default',
        order: 10,
        namespaceSelector: `has(${TEAM})`,
        types: ['Egress'],
        egress: [
          {
            action: 'Deny',
            destination: {
              nets: [...PLATFORM_ADDRESSES, ...(choices.platform === 'aks' ? nodePrefixes(addresses) : []), ...servers],
            },
          },
        ],
      },
    },
  });
}
