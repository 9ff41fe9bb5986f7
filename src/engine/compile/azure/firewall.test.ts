import { describe, expect, test } from 'vitest';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { RuleCollection } from '#model/azure/firewall.ts';
import type { Verdict } from '#model/verdict.ts';
import {
  type ApplicationSpec,
  applicationRule,
  CLUSTER,
  cluster,
  collection,
  dnatRule,
  estate,
  type FirewallAsking,
  firewall,
  firewallAsker,
  firewallPolicy,
  group,
  ipGroup,
  type NetworkSpec,
  network,
  networkRule,
  podGroup,
  routeTable,
  subnet,
  UNSETTLED,
} from './azure.test-support.ts';

const DOMAINS = ['api.partner.com', 'partner.com', 'other.example', 'mcr.microsoft.com', 'x.hcp.westeurope.azmk8s.io'];

function withRules(...collections: readonly RuleCollection[]): Partial<AzureEstate> {
  return { ruleCollectionGroups: [group('1', 200, collections)] };
}

function asking(more: Partial<AzureEstate>, options: FirewallAsking = {}) {
  return firewallAsker(estate(more), { domains: DOMAINS, ...options });
}

const net = (spec: NetworkSpec, action: RuleCollection['action'] = 'allow', priority = 100) =>
  collection(`net-${priority}`, priority, [networkRule('rule', spec)], action);
const app = (spec: ApplicationSpec, action: RuleCollection['action'] = 'allow', priority = 100) =>
  collection(`app-${priority}`, priority, [applicationRule('rule', spec)], action);

describe('network rules', () => {
  test.each<[string, NetworkSpec, string, string, Verdict]>([
    ['an address that is meant', { to: ['20.0.0.0/24'] }, '20.0.0.1', 'TCP/443', 'allowed'],
    ['one that is not', { to: ['20.0.0.0/24'] }, '20.0.1.1', 'TCP/443', 'denied'],
    ['a range', { to: ['20.0.0.1-20.0.0.9'] }, '20.0.0.9', 'TCP/443', 'allowed'],
    ['another port', { ports: ['80', '8000-8100'] }, '20.0.0.1', 'TCP/443', 'denied'],
    ['a range of ports', { ports: ['80', '8000-8100'] }, '20.0.0.1', 'TCP/8050', 'allowed'],
    ['another protocol', { protocols: ['udp'] }, '20.0.0.1', 'TCP/443', 'denied'],
    ['several protocols', { protocols: ['udp', 'tcp'] }, '20.0.0.1', 'TCP/443', 'allowed'],
    ['Any with every port is every protocol', { protocols: ['any'] }, '20.0.0.1', '47', 'allowed'],
    ['Any with a port is TCP', { protocols: ['any'], ports: ['53'] }, '20.0.0.1', 'TCP/53', 'allowed'],
    ['and UDP', { protocols: ['any'], ports: ['53'] }, '20.0.0.1', 'UDP/53', 'allowed'],
    ['and nothing else', { protocols: ['any'], ports: ['53'] }, '20.0.0.1', 'SCTP/53', 'denied'],
    ['ICMP leaves ports alone', { protocols: ['icmp'], ports: ['53'] }, '20.0.0.1', 'ICMP', 'allowed'],
    ['the node of the sender', { from: ['10.224.0.4'] }, '20.0.0.1', 'TCP/443', 'allowed'],
    ['another node', { from: ['10.224.0.5'] }, '20.0.0.1', 'TCP/443', 'denied'],
    ['the address of the pod, which nobody sees', { from: ['10.244.0.10'] }, '20.0.0.1', 'TCP/443', 'denied'],
    ['a group of addresses', { from: ['group:nodes'] }, '20.0.0.1', 'TCP/443', 'allowed'],
    ['a group that is not in the input', { from: ['group:other'] }, '20.0.0.1', 'TCP/443', 'unknown'],
    ['an expression', { to: ['unsettled'] }, '20.0.0.1', 'TCP/443', 'unknown'],
    ['an open port', { ports: ['unsettled'] }, '20.0.0.1', 'TCP/443', 'unknown'],
    ['a service tag without its list', { to: ['Storage'] }, '20.0.0.1', 'TCP/443', 'unknown'],
    ['any name has some public address', { to: ['20.0.0.0/24'] }, 'other.example', 'TCP/443', 'unknown'],
    ['every address', {}, 'other.example', 'TCP/443', 'allowed'],
  ])('%s', (_, spec, to, traffic, verdict) => {
    const { verdict: ask } = asking({ ...withRules(net(spec)), ipGroups: [ipGroup('nodes', '10.224.0.0/24')] });
    expect(ask('shop/web', to, traffic)).toBe(verdict);
  });

  test('the first that matches decides, by priority', () => {
    const { verdict } = asking(withRules(net({}, 'allow', 200), net({ to: ['20.0.0.1'] }, 'deny', 100)));
    expect(verdict('shop/web', '20.0.0.1', 'TCP/22')).toBe('denied');
    expect(verdict('shop/web', '20.0.0.2', 'TCP/22')).toBe('allowed');
  });

  test('what is not known of an earlier rule does not matter where a later one agrees', () => {
    const { verdict } = asking(
      withRules(net({ to: ['Storage'] }, 'allow', 100), net({ to: ['20.0.0.1'] }, 'allow', 200)),
    );
    expect(verdict('shop/web', '20.0.0.1', 'TCP/22')).toBe('allowed');
    expect(verdict('shop/web', '20.0.0.2', 'TCP/22')).toBe('unknown');
  });

  test('an action that is open', () => {
    const { verdict } = asking(withRules(net({ to: ['20.0.0.1'] }, UNSETTLED)));
    expect(verdict('shop/web', '20.0.0.1', 'TCP/22')).toBe('unknown');
    expect(verdict('shop/web', '20.0.0.2', 'TCP/22')).toBe('denied');
  });
});

describe('names in network rules', () => {
  const rules = withRules(net({ to: ['name:api.partner.com'], ports: ['9000'] }));
  const proxied: Partial<AzureEstate> = {
    ...rules,
    firewallPolicies: [firewallPolicy('policy', { dnsProxy: true })],
    networks: [network('vnet', '10.224.0.0/12', { dnsServers: ['10.0.1.4'] }), network('hub', '10.0.0.0/16')],
  };

  test.each<[string, Partial<AzureEstate>, string, Verdict]>([
    ['the name, with the firewall as DNS server', proxied, 'api.partner.com', 'allowed'],
    ['another name', proxied, 'other.example', 'denied'],
    ['an address that may be its own', proxied, '20.0.0.1', 'unknown'],
    ['without DNS proxy', rules, 'api.partner.com', 'unknown'],
    [
      'with the proxy, and clients that ask another server',
      { ...proxied, networks: [network('vnet', '10.224.0.0/12')] },
      'api.partner.com',
      'unknown',
    ],
  ])('%s', (_, more, to, verdict) => {
    expect(asking(more).verdict('shop/web', to, 'TCP/9000')).toBe(verdict);
  });
});

describe('application rules', () => {
  test.each<[string, ApplicationSpec, string, string, Verdict]>([
    ['a name', { names: ['api.partner.com'] }, 'api.partner.com', 'TCP/443', 'allowed'],
    ['another name', { names: ['api.partner.com'] }, 'partner.com', 'TCP/443', 'denied'],
    ['another port', { names: ['api.partner.com'] }, 'api.partner.com', 'TCP/80', 'denied'],
    [
      'its own port',
      { names: ['api.partner.com'], protocols: ['http:8080'] },
      'api.partner.com',
      'TCP/8080',
      'allowed',
    ],
    ['no other protocol', { names: ['*'] }, 'api.partner.com', 'UDP/443', 'denied'],
    ['names below', { names: ['*.partner.com'] }, 'api.partner.com', 'TCP/443', 'allowed'],
    ['not the name itself', { names: ['*.partner.com'] }, 'partner.com', 'TCP/443', 'denied'],
    ['a star without a dot is both', { names: ['*partner.com'] }, 'partner.com', 'TCP/443', 'allowed'],
    ['a star elsewhere, which Azure refuses', { names: ['api.*.com'] }, 'api.partner.com', 'TCP/443', 'unknown'],
    ['an address, for any name', { names: ['*'] }, '20.0.0.1', 'TCP/443', 'allowed'],
    ['an address, for some name', { names: ['api.partner.com'] }, '20.0.0.1', 'TCP/443', 'unknown'],
    ['a name that is open', { names: ['unsettled'] }, 'api.partner.com', 'TCP/443', 'unknown'],
    [
      'the tag of clusters',
      { tags: ['AzureKubernetesService'], protocols: [] },
      'mcr.microsoft.com',
      'TCP/443',
      'allowed',
    ],
    ['its API server', { tags: ['AzureKubernetesService'] }, 'x.hcp.westeurope.azmk8s.io', 'TCP/443', 'allowed'],
    ['nobody else', { tags: ['AzureKubernetesService'] }, 'other.example', 'TCP/443', 'denied'],
    ['another tag', { tags: ['WindowsUpdate'] }, 'other.example', 'TCP/443', 'unknown'],
    ['a category', { categories: ['gambling'] }, 'other.example', 'TCP/443', 'unknown'],
    ['with addresses too', { names: ['*'], destinations: ['20.0.0.0/8'] }, '20.0.0.1', 'TCP/443', 'unknown'],
    ['with every address too', { names: ['*'], destinations: ['*'] }, '20.0.0.1', 'TCP/443', 'allowed'],
    ['from another node', { names: ['*'], from: ['10.224.0.5'] }, '20.0.0.1', 'TCP/443', 'denied'],
    ['a URL without TLS inspection', { urls: ['api.partner.com/x'] }, 'api.partner.com', 'TCP/443', 'unknown'],
    ['a URL of HTTP', { urls: ['api.partner.com/x'], protocols: ['http:80'] }, 'api.partner.com', 'TCP/80', 'allowed'],
    ['a URL of another host', { urls: ['api.partner.com/x'] }, 'other.example', 'TCP/443', 'denied'],
  ])('%s', (_, spec, to, traffic, verdict) => {
    expect(asking(withRules(app(spec))).verdict('shop/web', to, traffic)).toBe(verdict);
  });

  test('they are asked only about what no network rule decided, whatever the priorities', () => {
    const { verdict } = asking(
      withRules(
        app({ names: ['*'] }, 'deny', 100),
        net({ to: ['20.0.0.1'] }, 'allow', 900),
        net({ to: ['20.0.0.2'] }, 'deny', 901),
      ),
    );
    expect(verdict('shop/web', '20.0.0.1', 'TCP/443')).toBe('allowed');
    expect(verdict('shop/web', '20.0.0.2', 'TCP/443')).toBe('denied');
    expect(verdict('shop/web', '20.0.0.3', 'TCP/443')).toBe('denied');
  });

  test('a network rule for every address takes all filtering by name away', () => {
    const { verdict } = asking(withRules(net({ ports: ['443'] }), app({ names: ['api.partner.com'] })));
    expect(verdict('shop/web', 'other.example', 'TCP/443')).toBe('allowed');
  });
});

describe('URLs and requests', () => {
  const inspecting: Partial<AzureEstate> = {
    ...withRules(app({ urls: ['api.partner.com/v1/*'], terminatesTls: true })),
    firewallPolicies: [firewallPolicy('policy', { inspectsTls: true })],
  };

  test.each<[string, string, Verdict]>([
    ['api.partner.com', '/v1/orders', 'allowed'],
    ['api.partner.com', '/v1', 'denied'],
    ['other.example', '/v1/orders', 'denied'],
  ])('%s%s with TLS inspection', (host, path, verdict) => {
    const request = { kind: 'http', host, path, method: 'GET', headers: new Map() } as const;
    expect(asking(inspecting, { request }).verdict('shop/web', 'api.partner.com', 'TCP/443')).toBe(verdict);
  });

  test('without a request the connection is let through, and the requests are told', () => {
    const { conditions, verdict } = asking(inspecting).trace('shop/web', 'api.partner.com', 'TCP/443');
    expect({ conditions, verdict }).toEqual({ conditions: ['api.partner.com/v1/*'], verdict: 'allowed' });
  });

  test('a URL that is denied stops no connection', () => {
    const { verdict } = asking({
      ...inspecting,
      ...withRules(
        app({ urls: ['api.partner.com/v1/*'], terminatesTls: true }, 'deny', 100),
        app({ names: ['*'] }, 'allow', 200),
      ),
    });
    expect(verdict('shop/web', 'api.partner.com', 'TCP/443')).toBe('allowed');
  });
});

describe('groups of pods', () => {
  test.each<[string, Partial<AzureEstate>, string, Verdict]>([
    ['a pod that is meant', { podGroups: [podGroup('web', { app: 'web' }, 'shop')] }, 'shop/web', 'allowed'],
    ['another pod', { podGroups: [podGroup('web', { app: 'web' }, 'shop')] }, 'shop/batch', 'denied'],
    ['a pod of another namespace', { podGroups: [podGroup('web', { app: 'agent' }, 'shop')] }, 'ops/agent', 'denied'],
    ['a group that names no namespace', { podGroups: [podGroup('web', { app: 'web' })] }, 'shop/web', 'unknown'],
    ['a group that is not in the input', {}, 'shop/web', 'unknown'],
    [
      'a group of which a part is open',
      { podGroups: [{ ...podGroup('web', { app: 'web' }, 'shop'), unsettled: [{ path: 'x', value: UNSETTLED }] }] },
      'shop/batch',
      'unknown',
    ],
  ])('%s', (_, more, from, verdict) => {
    const { verdict: ask } = asking({ ...withRules(net({ from: ['pods:web'] })), ...more });
    expect(ask(from, '20.0.0.1', 'TCP/22')).toBe(verdict);
  });
});

describe('what is routed to the firewall', () => {
  const other = subnet('vnet', 'direct', '10.225.0.0/16');
  const aks = subnet('vnet', 'aks', '10.224.0.0/16', { routeTable: '/routetables/udr' });

  test('what is not goes by', () => {
    const { verdict } = asking({ routeTables: [routeTable('udr', { '20.0.0.0/8': '10.0.1.4' })] });
    expect(verdict('shop/web', '20.0.0.1', 'TCP/443')).toBe('denied');
    expect(verdict('shop/web', '30.0.0.1', 'TCP/443')).toBe('allowed');
    expect(verdict('shop/web', 'shop/batch', 'TCP/443')).toBe('allowed');
  });

  test('a pod that may stand in a subnet with another way', () => {
    const { verdict } = asking(
      { subnets: [aks, other], clusters: [cluster({}, ['aks', 'direct'])], ...withRules(net({ ports: ['22'] })) },
      {
        manifests: [
          ...CLUSTER,
          'apiVersion: v1\nkind: Pod\nmetadata: {name: free, namespace: shop}\nspec: {containers: [{name: c, image: i}]}',
        ],
      },
    );
    expect(verdict('shop/web', '20.0.0.1', 'TCP/443')).toBe('denied');
    expect(verdict('shop/free', '20.0.0.1', 'TCP/443')).toBe('unknown');
    expect(verdict('shop/free', '20.0.0.1', 'TCP/22')).toBe('allowed');
  });

  test('two firewalls, each for its own', () => {
    const second = {
      ...firewall({
        policy: '/policies/second',
        privateAddress: {
          kind: 'range',
          range: { family: 4, lo: 0x0a000105n, hi: 0x0a000105n },
          text: '10.0.1.5',
          origin: { file: '', line: 0, column: 0 },
        },
      }),
      key: '/firewalls/second',
      name: 'second',
    };
    const { verdict } = asking({
      routeTables: [routeTable('udr', { '0.0.0.0/0': '10.0.1.4', '20.0.0.0/8': '10.0.1.5' })],
      firewalls: [firewall(), second],
      firewallPolicies: [firewallPolicy('policy'), firewallPolicy('second')],
      ruleCollectionGroups: [
        group('1', 200, [net({ ports: ['22'] })]),
        group('1', 200, [net({ ports: ['80'] })], 'second'),
      ],
    });
    expect([verdict('shop/web', '30.0.0.1', 'TCP/22'), verdict('shop/web', '30.0.0.1', 'TCP/80')]).toEqual([
      'allowed',
      'denied',
    ]);
    expect([verdict('shop/web', '20.0.0.1', 'TCP/22'), verdict('shop/web', '20.0.0.1', 'TCP/80')]).toEqual([
      'denied',
      'allowed',
    ]);
  });
});

describe('what is open', () => {
  test.each<[string, Partial<AzureEstate>, string]>([
    [
      'a policy that is not in the input',
      { firewalls: [firewall({ policy: '/policies/other' })] },
      'cloud-resource-missing',
    ],
    [
      'two groups of one priority',
      { ruleCollectionGroups: [group('1', 200, [net({})]), group('2', 200, [])] },
      'equal-priority',
    ],
    [
      'a DNAT rule for what the cluster itself sends',
      withRules(collection('in', 100, [dnatRule('r', { to: ['20.0.0.1'] })], 'dnat')),
      'engine-undefined',
    ],
    [
      'a rule that could not be read',
      withRules(collection('c', 100, [{ ...networkRule('u'), kind: 'unread' }])),
      'unread-field',
    ],
  ])('%s', (_, more, reason) => {
    const { verdict, reasons } = asking(more).trace('shop/web', '20.0.0.1', 'TCP/443');
    expect({ verdict, reasons }).toEqual({ verdict: 'unknown', reasons: [reason] });
  });
});

describe('what explanations say', () => {
  test('the rule that decides, by collection and name', () => {
    const { steps } = asking(withRules(net({ to: ['20.0.0.1'] }))).trace('shop/web', '20.0.0.1', 'TCP/443');
    expect(steps.find(({ decides }) => decides)).toMatchObject({
      rule: { path: 'net-100/rule', action: 'allow', policy: { kind: 'AzureFirewall', name: 'fw' } },
      tier: 'network rules of fw',
    });
  });

  test('the end', () => {
    const { end } = asking({}).trace('shop/web', '20.0.0.1', 'TCP/443');
    expect(end).toEqual({ kind: 'isolated', tier: 'application rules of fw' });
  });

  test('threat intelligence is said and decides nothing', () => {
    const policies = [firewallPolicy('policy', { threatIntel: 'Deny' })];
    const { steps, verdict } = asking({ ...withRules(net({})), firewallPolicies: policies }).trace(
      'shop/web',
      '20.0.0.1',
      'TCP/443',
    );
    expect(verdict).toBe('allowed');
    expect(steps.find(({ rule }) => rule.action === 'log')?.rule.path).toContain('threat intelligence');
  });

  test.each([
    ['Deny', true],
    ['Alert', false],
  ] as const)('a firewall without policy has a mode of its own: %s', (threatIntel, isSaid) => {
    const own = collection('c', 100, [networkRule('rule')]);
    const { policy: _none, ...classic } = firewall({ threatIntel, collections: [own] });
    const { steps, verdict } = asking({ firewalls: [classic] }).trace('shop/web', '20.0.0.1', 'TCP/443');
    expect(verdict).toBe('allowed');
    expect(steps.some(({ rule }) => rule.path === 'fw: threat intelligence denies what it knows')).toBe(isSaid);
  });
});
