import fc from 'fast-check';
import {
  type ApplicationSpec,
  applicationRule,
  collection,
  dnatRule,
  estate,
  firewall,
  firewallPolicy,
  group,
  ipGroup,
  type NetworkSpec,
  network,
  networkRule,
  podGroup,
  UNSETTLED,
} from '#engine/compile/azure/azure.test-support.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { FirewallRule, RuleCollection, RuleCollectionGroup } from '#model/azure/firewall.ts';
import type { NetworkProtocol } from '#model/azure/network.ts';

/** Names that questions ask about; rules mean some of them. */
export const DOMAINS = ['a.example', 'x.a.example', 'b.example', 'other.test'];

const DESTINATIONS = [
  '20.0.0.0/8',
  '20.1.0.0/16',
  '20.1.0.9',
  '20.1.0.5-20.1.0.20',
  '10.0.2.0/24',
  'group:out',
  '30.0.0.0/8',
];
const SOURCES = ['10.224.0.0/24', '10.224.0.4', '10.224.0.5', '10.244.0.0/16', 'group:in', 'pods:web', 'pods:any'];
const PATTERNS = ['a.example', '*.a.example', '*a.example', '*', 'b.example'];
const PORTS = ['80', '443', '400-500', '1433', '22'];
const PROTOCOLS: readonly NetworkProtocol[] = ['tcp', 'udp', 'any', 'icmp'];

/** Things that leave verdicts open, one in so many; 0: none. */
export interface FirewallSize {
  readonly oneOpenIn?: number;
}

/** Estates of one firewall with up to three groups in its policy and its parent. */
export function firewallEstates({ oneOpenIn = 12 }: FirewallSize = {}): fc.Arbitrary<AzureEstate> {
  return fc
    .record({
      groups: fc.uniqueArray(groupOf(oneOpenIn), { minLength: 1, maxLength: 3, selector: ({ at }) => at }),
      hasParent: fc.boolean(),
      proxied: fc.boolean(),
      inspectsTls: fc.boolean(),
      isMissing: oneIn(oneOpenIn * 4),
      lacksGroup: oneIn(oneOpenIn),
    })
    .map(({ groups, hasParent, proxied, inspectsTls, isMissing, lacksGroup }) => {
      const parent = hasParent ? { base: '/policies/base' } : {};
      const policies = [firewallPolicy('policy', { ...parent, dnsProxy: proxied, inspectsTls })];
      if (hasParent) policies.push(firewallPolicy('base'));
      const dns = proxied ? { dnsServers: ['10.0.1.4'] } : {};
      return estate({
        networks: [network('vnet', '10.224.0.0/12', dns), network('hub', '10.0.0.0/16')],
        firewalls: [firewall(isMissing ? { policy: UNSETTLED } : {})],
        firewallPolicies: policies,
        ipGroups: [
          ipGroup('in', '10.224.0.4', '10.224.7.0/24'),
          ...(lacksGroup ? [] : [ipGroup('out', '20.1.0.0/24', '40.0.0.1')]),
        ],
        podGroups: [
          podGroup('web', { app: 'web' }, 'shop'),
          ...(oneOpenIn > 0 ? [podGroup('any', { app: 'batch' })] : []),
        ],
        ruleCollectionGroups: groups.map((each, index) => placed(each, index, hasParent)),
      });
    });
}

/** An estate without anything open, and the same with one collection left out, repeated or turned round. */
export function firewallPairs(): fc.Arbitrary<readonly [AzureEstate, AzureEstate]> {
  const edits = fc.constantFrom('leave out', 'repeat', 'turn', 'nothing');
  return fc
    .tuple(firewallEstates({ oneOpenIn: 0 }), fc.nat(), fc.nat(), edits)
    .map(([azure, groupAt, collectionAt, edit]) => {
      const groups = azure.ruleCollectionGroups;
      const edited = groups.map((each, index) =>
        index === groupAt % groups.length
          ? { ...each, collections: editedAt(each.collections, collectionAt, edit) }
          : each,
      );
      return [azure, { ...azure, ruleCollectionGroups: edited }] as const;
    });
}

function editedAt(collections: readonly RuleCollection[], at: number, edit: string): RuleCollection[] {
  const place = at % Math.max(collections.length, 1);
  return collections.flatMap((each, index): RuleCollection[] => {
    if (index !== place) return [each];
    switch (edit) {
      case 'leave out':
        return [];
      case 'turn':
        return [{ ...each, action: each.action === 'allow' ? 'deny' : 'allow' }];
      case 'repeat':
        return [each, { ...each, name: 'again', path: `${each.path} again`, priority: 900 }];
      default:
        return [each];
    }
  });
}

function oneIn(count: number): fc.Arbitrary<boolean> {
  return count === 0 ? fc.constant(false) : fc.integer({ min: 0, max: count - 1 }).map((value) => value === 0);
}

interface Draft {
  readonly at: number;
  readonly toParent: boolean;
  readonly collections: readonly RuleCollection[];
}

function placed({ at, toParent, collections }: Draft, index: number, hasParent: boolean): RuleCollectionGroup {
  const unique = collections.map((each) => ({ ...each, path: `group ${index} ${each.path}` }));
  return group(`${index}`, at, unique, toParent && hasParent ? 'base' : 'policy');
}

function groupOf(oneOpenIn: number): fc.Arbitrary<Draft> {
  return fc.record({
    at: fc.integer({ min: 100, max: 110 }),
    toParent: fc.boolean(),
    collections: fc.uniqueArray(collectionOf(oneOpenIn), { maxLength: 4, selector: ({ priority }) => priority }),
  });
}

function collectionOf(oneOpenIn: number): fc.Arbitrary<RuleCollection> {
  const priority = fc.integer({ min: 100, max: 120 });
  const filters = fc.record({
    priority,
    rules: fc.oneof(
      fc.array(networkRules(oneOpenIn), { minLength: 1, maxLength: 3 }),
      fc.array(applicationRules(oneOpenIn), { minLength: 1, maxLength: 3 }),
    ),
    action: fc.constantFrom<'allow' | 'deny'>('allow', 'allow', 'deny'),
    isOpen: oneIn(oneOpenIn * 2),
  });
  return fc.oneof(
    {
      weight: 9,
      arbitrary: filters.map((each) =>
        collection(`c${each.priority}`, each.priority, unique(each.rules), each.isOpen ? UNSETTLED : each.action),
      ),
    },
    {
      weight: oneOpenIn > 0 ? 1 : 0,
      arbitrary: priority.map((at) =>
        collection(`d${at}`, at, [dnatRule('r', { to: ['20.1.0.9'], ports: ['443'] })], 'dnat'),
      ),
    },
  );
}

/** Rules are told apart by their path. */
function unique(rules: readonly FirewallRule[]): FirewallRule[] {
  return rules.map((rule, index) => ({ ...rule, name: `r${index}`, path: `r${index}` }));
}

function some<T>(values: readonly T[], most = 2): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: most });
}

function networkRules(oneOpenIn: number): fc.Arbitrary<FirewallRule> {
  const open = oneOpenIn > 0 ? ['Storage', 'unsettled', 'name:a.example'] : [];
  return fc
    .record<NetworkSpec>({
      from: fc.oneof(fc.constant(['*']), some(oneOpenIn > 0 ? SOURCES : SOURCES.filter((each) => each !== 'pods:any'))),
      to: fc.oneof(fc.constant(['*']), some([...DESTINATIONS, ...open])),
      protocols: some(PROTOCOLS),
      ports: fc.oneof(fc.constant(['*']), some(oneOpenIn > 0 ? [...PORTS, 'unsettled'] : PORTS)),
    })
    .map((spec) => networkRule('r', spec));
}

function applicationRules(oneOpenIn: number): fc.Arbitrary<FirewallRule> {
  return fc
    .record({
      from: fc.oneof(fc.constant(['*']), some(SOURCES.filter((each) => each !== 'pods:any'))),
      names: fc.oneof(some(PATTERNS), fc.constant(oneOpenIn > 0 ? ['unsettled'] : ['*'])),
      urls: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.constant(['b.example/v1/*'])),
      tags: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, fc.constant(oneOpenIn > 0 ? ['WindowsUpdate'] : [])),
      protocols: some(['http:80', 'https:443', 'mssql:1433']),
      destinations: fc.constantFrom<string[]>([], [], [], ['*']),
      terminatesTls: fc.boolean(),
    })
    .map((spec: ApplicationSpec) =>
      applicationRule('r', { ...spec, names: (spec.urls ?? []).length > 0 ? [] : (spec.names ?? []) }),
    );
}
