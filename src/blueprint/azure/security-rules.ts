import { clusterPrefixes, nodePrefixes, subnetPrefix } from '../plan/address-plan.ts';
import type { Design } from '../plan/design.ts';
import { BALANCER_PROBES, DENY_IN, type Rule, type SecurityRule } from './security-rule.ts';
import {
  administrators,
  apiServerRules,
  bastionRules,
  edgeRules,
  fromDoors,
  gatewayRules,
  toEndpoints,
} from './security-rules-of-doors.ts';

/** Rules of a subnet, in order; undefined where Azure lets no group stand (firewall, gateway). */
export function securityRules(design: Design, subnet: string): readonly SecurityRule[] | undefined {
  const rules = RULES[subnet]?.(design);
  return rules?.map((rule, index) => ({
    ...rule,
    priority: rule.name.startsWith('deny-everything') ? LAST : 100 + index * 10,
  }));
}

/** The last number that is ours: below stand the rules that Azure has anyway. */
const LAST = 4096;

type RulesOf = (design: Design) => readonly Rule[];

const RULES: Readonly<Record<string, RulesOf>> = {
  'snet-system': (design) => nodeRules(design, administrators(design, 'snet-system')),
  'snet-nodes': (design) => nodeRules(design, []),
  'snet-endpoints': (design) => [
    {
      name: 'allow-cluster-in',
      why: 'Private endpoints are for the nodes of the cluster and for pods, whose addresses on the wire are those of nodes',
      direction: 'Inbound',
      access: 'Allow',
      protocol: 'Tcp',
      from: clusterPrefixes(design),
      to: [subnetPrefix(design.addresses.spoke, 'snet-endpoints')],
      ports: ['443', '5432', '1433', '5671', '6380'],
    },
    ...toEndpoints(design),
    DENY_IN,
  ],
  'snet-balancer': (design) => [BALANCER_PROBES, ...fromDoors(design), DENY_IN],
  'snet-edge': edgeRules,
  'snet-gateway': gatewayRules,
  'snet-apiserver': apiServerRules,
  AzureBastionSubnet: bastionRules,
};

/** Nodes talk to nodes as they like: which pods may is for policy in the cluster, which sees pods. */
function nodeRules(design: Design, more: readonly Rule[]): readonly Rule[] {
  return [
    {
      name: 'allow-nodes-in',
      why: 'Nodes of both pools and the pods on them; which pods may is decided in the cluster, where pods are seen',
      direction: 'Inbound',
      access: 'Allow',
      protocol: '*',
      from: [...nodePrefixes(design.addresses), design.choices.addresses.pods],
      to: ['*'],
      ports: ['*'],
    },
    BALANCER_PROBES,
    ...fromDoors(design),
    ...more,
    DENY_IN,
  ];
}
