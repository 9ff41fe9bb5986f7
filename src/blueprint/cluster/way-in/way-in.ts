import type { Design } from '../../plan/design.ts';
import type { Space } from '../../plan/spaces.ts';
import { doorOf, WAY_IN, wayInSources } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import type { Folder } from '../folder.ts';
import { limitDocuments } from '../limits.ts';
import { platformNamespace } from '../namespaces.ts';
import { dnsPolicy } from '../network/dns.ts';
import { defaultDeny } from '../network/namespace-policies.ts';
import type { ValueOfAzure } from '../values.ts';
import { backendTls } from './backend-tls.ts';
import { CERTIFICATE_VALUES, certificateDocuments } from './certificate.ts';
import { CONTAINERS_VALUES, containersDocuments } from './containers.ts';
import { entryService, gatewayDocuments, routeDocuments } from './gateway.ts';
import { gatewayPolicies } from './gateway-policies.ts';

/** The folder of the door, where it has objects of its own in the cluster. */
export function wayInFolder(design: Design): Folder | undefined {
  const door = doorOf(design.choices);
  if (door !== 'gateway' && door !== 'containers') return undefined;
  const isInside = door === 'gateway';
  return {
    why: 'The door: what takes requests, its certificate, and who may send them.',
    files: [
      { name: 'namespace.yaml', documents: platformNamespace(design, WAY_IN) },
      {
        name: 'limits.yaml',
        documents: limitDocuments({ namespace: WAY_IN, cpu: 8, memory: 8, pods: 20, balancers: isInside ? 1 : 0 }),
      },
      {
        name: 'network.yaml',
        documents: isInside ? gatewayPolicies(design) : [defaultDeny(WAY_IN), dnsPolicy(design, WAY_IN)],
      },
      { name: 'certificate.yaml', documents: certificateDocuments(design) },
      { name: 'gateway.yaml', documents: isInside ? gatewayDocuments(design) : containersDocuments(design) },
    ],
  };
}

/** What the door takes from the deployment of Azure. */
export function wayInValues({ choices }: Design): readonly ValueOfAzure[] {
  switch (doorOf(choices)) {
    case 'gateway':
      return CERTIFICATE_VALUES;
    case 'containers':
      return [...CERTIFICATE_VALUES, ...CONTAINERS_VALUES];
    case 'balancers':
    case 'none':
      return [];
  }
}

/** What a published namespace has for the door. */
export function entryDocuments(design: Design, space: Space): readonly Document[] {
  if (!space.isEntered) return [];
  if (doorOf(design.choices) !== 'balancers') return [...routeDocuments(design, space), ...backendTls(design, space)];
  return [
    entryService(design, space.name, {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: wayInSources(design),
    }),
  ];
}
