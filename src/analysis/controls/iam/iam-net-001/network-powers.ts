import type { Grant } from '../../../rbac/access.ts';
import { type Ask, allows, type RbacRule } from '../../../rbac/rule.ts';

/** What of the fence around workloads somebody may change. */
export interface NetworkPower {
  readonly id: 'policies' | 'namespace-labels' | 'endpoints' | 'entries';
  /** After `may`. */
  readonly words: string;
  readonly asks: readonly Ask[];
}

const POLICIES: Readonly<Record<string, readonly string[]>> = {
  'networking.k8s.io': ['networkpolicies'],
  'policy.networking.k8s.io': ['adminnetworkpolicies', 'baselineadminnetworkpolicies', 'clusternetworkpolicies'],
  'projectcalico.org': ['networkpolicies', 'globalnetworkpolicies', 'tiers', 'globalnetworksets', 'networksets'],
  'crd.projectcalico.org': ['networkpolicies', 'globalnetworkpolicies', 'tiers', 'globalnetworksets', 'networksets'],
  'cilium.io': ['ciliumnetworkpolicies', 'ciliumclusterwidenetworkpolicies', 'ciliumcidrgroups'],
  'k8s.cni.cncf.io': ['multi-networkpolicies'],
  'security.istio.io': ['authorizationpolicies', 'peerauthentications', 'requestauthentications'],
  'policy.linkerd.io': ['servers', 'authorizationpolicies', 'serverauthorizations', 'networkauthentications'],
};
const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];

function writes(group: string, resources: readonly string[], verbs = WRITE): readonly Ask[] {
  return resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource })));
}

export const NETWORK_POWERS: readonly NetworkPower[] = [
  {
    id: 'policies',
    words: 'change the policies that fence workloads in',
    asks: Object.entries(POLICIES).flatMap(([group, resources]) => writes(group, resources)),
  },
  {
    id: 'namespace-labels',
    words: 'set labels of namespaces, by which policies choose whom to trust',
    asks: writes('', ['namespaces'], ['update', 'patch']),
  },
  {
    id: 'endpoints',
    words: 'point Services at other addresses (endpoints)',
    asks: [
      ...writes('', ['endpoints'], ['create', 'update', 'patch']),
      ...writes('discovery.k8s.io', ['endpointslices'], ['create', 'update', 'patch']),
    ],
  },
  {
    id: 'entries',
    words: 'give Services addresses of the outside (`services/status`)',
    asks: [
      { verb: 'update', group: '', resource: 'services', subresource: 'status' },
      { verb: 'patch', group: '', resource: 'services', subresource: 'status' },
    ],
  },
];

export interface HeldNetworkPower {
  readonly power: NetworkPower;
  readonly rule: RbacRule;
}

/**
 * What a grant gives of them. A RoleBinding gives its own namespace too: requests for a namespace count as inside of it
 * (Kubernetes, RequestInfo). Rules for some names only are left out.
 */
export function networkPowersOf({ role }: Pick<Grant, 'role'>): readonly HeldNetworkPower[] {
  return NETWORK_POWERS.flatMap((power) => {
    const rule = role?.rules.find((each) => power.asks.some((ask) => allows(each, ask) === 'all'));
    return rule === undefined ? [] : [{ power, rule }];
  });
}
