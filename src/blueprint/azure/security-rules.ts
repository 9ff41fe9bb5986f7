import { nodePrefixes, subnetPrefix } from '../plan/address-plan.ts';
import type { Design } from '../plan/design.ts';

/** A rule of a security group in our own words. */
export interface SecurityRule {
  readonly name: string;
  readonly why: string;
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol: 'Tcp' | 'Udp' | '*';
  /** Prefixes or one service tag. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ports: readonly string[];
}

type Rule = Omit<SecurityRule, 'priority'>;

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

const DENY_IN: Rule = {
  name: 'deny-everything-else-in',
  why: 'Only what is named above comes in, from the same network too',
  direction: 'Inbound',
  access: 'Deny',
  protocol: '*',
  from: ['*'],
  to: ['*'],
  ports: ['*'],
};

const BALANCER_PROBES: Rule = {
  name: 'allow-probes-of-balancers',
  why: 'Load balancers ask whether nodes are alive',
  direction: 'Inbound',
  access: 'Allow',
  protocol: '*',
  from: ['AzureLoadBalancer'],
  to: ['*'],
  ports: ['*'],
};

type RulesOf = (design: Design) => readonly Rule[];

const RULES: Readonly<Record<string, RulesOf>> = {
  'snet-system': nodeRules,
  'snet-nodes': nodeRules,
  'snet-endpoints': (design) => [
    {
      name: 'allow-cluster-in',
      why: 'Private endpoints are for the nodes of the cluster and for pods, whose addresses on the wire are those of nodes',
      direction: 'Inbound',
      access: 'Allow',
      protocol: 'Tcp',
      from: nodePrefixes(design.addresses),
      to: [subnetPrefix(design.addresses.spoke, 'snet-endpoints')],
      ports: ['443', '5432', '1433', '5671', '6380'],
    },
    DENY_IN,
  ],
  'snet-balancer': (design) => [BALANCER_PROBES, ...fromEdge(design, 'snet-balancer'), DENY_IN],
};

/** Nodes talk to nodes as they like: which pods may is for policy in the cluster, which sees pods. */
function nodeRules(design: Design): readonly Rule[] {
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
    DENY_IN,
  ];
}

function fromEdge(_design: Design, _subnet: string): readonly Rule[] {
  return [];
}
