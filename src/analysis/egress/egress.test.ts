import { describe, expect, test } from 'vitest';
import { RULE_FORMS } from '#model/egress.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { analyseSnapshot } from '../analysis.ts';
import {
  addressRule,
  BASE,
  collection,
  type EstateSpec,
  estateResources,
  namesRule,
  resource,
  securityRule,
  snapshotOf,
} from '../azure/estate.test-support.ts';
import { trafficText } from '../traffic-list.ts';
import { egressOf } from './egress.ts';

const POD = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {namespace: shop, name: ${name}, labels: {app: ${name}}}
spec: {containers: [{name: c, image: i}]}
---
`;
/** `web` may send what the rules say and nothing else. */
const POLICY = (egress: string, kind = 'NetworkPolicy') => `${POD('web')}
apiVersion: networking.k8s.io/v1
kind: ${kind}
metadata: {namespace: shop, name: web}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: ${egress}
`;
const CILIUM = (egress: string) => `${POD('web')}
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {namespace: shop, name: web}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
    - toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns}}]
      toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]
    - ${egress}
`;
const NOTHING = POLICY('[]');
const TO_DATABASE = POLICY('[{to: [{ipBlock: {cidr: 10.30.0.0/16}}], ports: [{port: 1433}]}]');

function answer(spec: EstateSpec, manifests: string, write?: (typeof RULE_FORMS)[number]) {
  const engine = manifests.includes('CiliumNetworkPolicy') ? 'cilium' : 'upstream';
  return egressOf(analyseSnapshot(snapshotOf(spec, manifests), { engine }), write === undefined ? {} : { write });
}

describe('required endpoints', () => {
  const verdicts = (spec: EstateSpec) =>
    answer(spec, NOTHING)
      .required.filter(({ verdict, need }) => verdict !== 'allowed' && need !== 'optional')
      .map(({ verdict, destination }) => `${verdict} ${destination}`);

  test('all are reachable by the tag of AKS', () => {
    expect(verdicts({ collections: [BASE] })).toEqual([]);
  });

  test('without rules the firewall blocks them, by itself', () => {
    const { required } = answer({}, NOTHING);
    const registry = required.find(({ destination }) => destination === 'mcr.microsoft.com');
    expect(registry).toMatchObject({ verdict: 'denied', from: ['node:any node of pool apps'] });
    expect(registry?.by[0]?.resource).toMatch(/azureFirewalls\/fw$/);
  });

  test.each<readonly [what: string, spec: EstateSpec, expected: readonly string[]]>([
    [
      'a security rule',
      {
        collections: [BASE],
        securityRules: [
          securityRule('no', 200, {
            direction: 'Outbound',
            access: 'Deny',
            protocol: 'Tcp',
            destinationAddressPrefix: 'Internet',
            destinationPortRange: '443',
          }),
        ],
      },
      ['denied mcr.microsoft.com'],
    ],
    [
      'a name that one rule denies',
      { collections: [collection('deny', 100, [namesRule('no', ['eastus.data.mcr.microsoft.com'])], 'Deny'), BASE] },
      ['mixed *.data.mcr.microsoft.com'],
    ],
    [
      'a route that leads nowhere',
      { routes: [{ name: 'x', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'None' } }] },
      ['denied mcr.microsoft.com'],
    ],
    [
      'a subnet that is not in the input',
      {
        pool: {
          vnetSubnetID: `${'/subscriptions/2/resourceGroups/r/providers'}/Microsoft.Network/virtualNetworks/other/subnets/nodes`,
        },
      },
      ['unknown mcr.microsoft.com'],
    ],
    [
      'a feature that nobody thought of',
      { collections: [BASE], cluster: { addonProfiles: { azurepolicy: { enabled: true } } } },
      ['denied dc.services.visualstudio.com'],
    ],
  ])('%s', (_what, spec, expected) => {
    expect(verdicts(spec)).toEqual(expect.arrayContaining([...expected]));
  });

  test('of a network that Azure makes for the cluster nothing is known', () => {
    const spec: EstateSpec = { pool: { vnetSubnetID: null }, profile: { outboundType: 'loadBalancer' } };
    expect(verdicts(spec)).toContain('unknown mcr.microsoft.com');
  });
});

describe('by which way what the nodes need leaves', () => {
  const ways = (spec: EstateSpec) =>
    answer(spec, NOTHING)
      .required.find(({ destination }) => destination === 'mcr.microsoft.com')
      ?.ways.map(({ subnet, kind, name }) => `${subnet} by ${kind} ${name}`);

  test.each<readonly [what: string, spec: EstateSpec, expected: string]>([
    ['a firewall', {}, 'nodes by firewall fw'],
    [
      'nowhere',
      { routes: [{ name: 'x', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'None' } }] },
      'nodes by none rt/x',
    ],
    [
      'the load balancer of the cluster',
      {
        routes: [{ name: 'x', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' } }],
        profile: { outboundType: 'loadBalancer' },
      },
      'nodes by load-balancer load balancer of the cluster',
    ],
    [
      'a NAT gateway of the cluster, in a network that AKS makes',
      { pool: { vnetSubnetID: null }, profile: { outboundType: 'managedNATGateway' } },
      ' by nat-gateway NAT gateway of the cluster',
    ],
    [
      'what nobody knows, from a subnet that is not in the input',
      {
        pool: {
          vnetSubnetID: '/subscriptions/2/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/o/subnets/n',
        },
      },
      ' by unknown a subnet that the input does not have',
    ],
  ])('%s', (_what, spec, expected) => {
    expect(ways(spec)).toEqual([expected]);
  });
});

describe('where policy and Azure differ', () => {
  const told = (spec: EstateSpec, manifests: string) =>
    answer(spec, manifests).disagreements.map(
      ({ state, from, to, traffic, layers }) =>
        `${state} ${from.join()} -> ${to.join()} ${trafficText(traffic)} [${layers.join()}]`,
    );
  const policyOnly = (spec: EstateSpec, manifests: string) =>
    told(spec, manifests).filter((text) => !text.startsWith('azure'));

  test('policy allows an address that the firewall does not', () => {
    expect(policyOnly({ collections: [BASE] }, TO_DATABASE)).toHaveLength(1);
    expect(policyOnly({ collections: [BASE] }, TO_DATABASE)[0]).toMatch(
      /^policy-allows shop\/Pod\/web -> 10\.30\.0\.0\/16 TCP 1433/,
    );
  });

  test('and one that it does', () => {
    const rules = collection('net', 100, [addressRule('db', ['198.51.100.0/24'], ['1433'])]);
    const policy = POLICY('[{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 1433}]}]');
    expect(policyOnly({ collections: [rules, BASE] }, policy)).toEqual([]);
    expect(policyOnly({ collections: [BASE] }, policy)).toEqual([
      'policy-allows shop/Pod/web -> 198.51.100.0/24 TCP 1433 [firewall]',
    ]);
  });

  test('a name of Cilium', () => {
    const policy = CILIUM(
      '{toFQDNs: [{matchName: api.partner.com}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}',
    );
    expect(policyOnly({ collections: [BASE] }, policy)).toEqual([
      'policy-allows shop/Pod/web -> dns:api.partner.com TCP 443 [firewall]',
    ]);
    const rules = collection('names', 400, [namesRule('partner', ['*.partner.com'])]);
    expect(policyOnly({ collections: [BASE, rules] }, policy)).toEqual([]);
  });

  test('the network allows what policy allows nobody', () => {
    const rules = collection('net', 100, [addressRule('sftp', ['198.51.100.7'], ['22'])]);
    expect(told({ collections: [rules, BASE] }, TO_DATABASE)).toContain(
      'azure-allows subnet nodes -> 198.51.100.7/32 TCP 22 []',
    );
  });

  test('workloads that no policy limits are named and not compared', () => {
    const { unlimited, disagreements } = answer({ collections: [BASE] }, POD('free'));
    expect(unlimited).toEqual(['shop/Pod/free']);
    expect(disagreements).toEqual([]);
  });

  test('without a cluster in Azure nothing is compared', () => {
    const estate = readEstate([{ file: 'e.json', text: JSON.stringify(estateResources().slice(0, 2)) }]).estate;
    const found = egressOf(analyseSnapshot({ ...snapshotOf({}, NOTHING), azure: estate }));
    expect(found).toMatchObject({ required: [], disagreements: [], unneeded: [] });
    expect(found).not.toHaveProperty('cluster');
  });
});

describe('rules that nobody needs', () => {
  const unneeded = (spec: EstateSpec, manifests: string) => answer(spec, manifests).unneeded.map(({ rule }) => rule);
  const SFTP = collection('net', 100, [addressRule('sftp', ['198.51.100.7'], ['22'])]);

  test.each<readonly [what: string, spec: EstateSpec, manifests: string, expected: readonly string[]]>([
    ['no pod may send it', { collections: [SFTP, BASE] }, TO_DATABASE, ['net/sftp']],
    ['a pod may', { collections: [SFTP, BASE] }, POLICY('[{to: [{ipBlock: {cidr: 198.51.100.0/24}}]}]'), []],
    [
      'another port',
      { collections: [SFTP, BASE] },
      POLICY('[{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 23}]}]'),
      ['net/sftp'],
    ],
    ['a pod without limits may send anything', { collections: [SFTP, BASE] }, `${TO_DATABASE}---\n${POD('free')}`, []],
    ['nodes need the endpoints of the cluster', { collections: [BASE] }, NOTHING, []],
    [
      'a name that nobody asks for',
      { collections: [BASE, collection('names', 400, [namesRule('old', ['old.partner.com'])])] },
      NOTHING,
      ['names/old'],
    ],
    [
      'a rule of a security group',
      {
        collections: [BASE],
        securityRules: [
          securityRule('smtp', 200, {
            direction: 'Outbound',
            protocol: 'Tcp',
            destinationAddressPrefix: '198.51.100.0/24',
            destinationPortRange: '25',
          }),
        ],
      },
      TO_DATABASE,
      ['smtp (200)'],
    ],
  ])('%s', (_what, spec, manifests, expected) => {
    expect(unneeded(spec, manifests)).toEqual(expected);
  });
});

describe('rules that make the layers agree', () => {
  const ADDRESS = POLICY('[{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 1433}]}]');
  const NAMES = CILIUM(
    '{toFQDNs: [{matchName: api.partner.com}, {matchPattern: "**.contoso.com"}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}',
  );
  const written = (spec: EstateSpec, manifests: string, form: (typeof RULE_FORMS)[number] = 'arm') => {
    const found = answer(spec, manifests, form).written;
    if (found === undefined) throw new Error('nothing was written');
    return found;
  };

  test.each<
    readonly [
      what: string,
      spec: EstateSpec,
      manifests: string,
      rules: number,
      complete: boolean,
      why: readonly string[],
    ]
  >([
    ['nothing is missing', { collections: [BASE] }, NOTHING, 0, true, []],
    ['an address', { collections: [BASE] }, ADDRESS, 1, true, []],
    ['names', { collections: [BASE] }, NAMES, 2, true, []],
    [
      'a name on a port that is not of the web',
      { collections: [BASE] },
      CILIUM('{toFQDNs: [{matchName: db.partner.com}], toPorts: [{ports: [{port: "5432", protocol: TCP}]}]}'),
      1,
      true,
      [],
    ],
    [
      'the same without DNS proxy',
      { collections: [BASE], dnsProxy: false },
      CILIUM('{toFQDNs: [{matchName: db.partner.com}], toPorts: [{ports: [{port: "5432", protocol: TCP}]}]}'),
      0,
      false,
      ['only by addresses, or with its DNS proxy'],
    ],
    [
      'a wildcard of one label',
      { collections: [BASE] },
      CILIUM('{toFQDNs: [{matchPattern: "*.partner.com"}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}'),
      0,
      false,
      ['any number of labels'],
    ],
    [
      'what a rule denies stays denied',
      { collections: [collection('deny', 100, [addressRule('no', ['198.51.100.0/24'], ['*'])], 'Deny'), BASE] },
      ADDRESS,
      0,
      false,
      ['denies it in so many words'],
    ],
    [
      'a security group denies it too',
      {
        collections: [BASE],
        securityRules: [
          securityRule('no', 200, {
            direction: 'Outbound',
            access: 'Deny',
            destinationAddressPrefix: '198.51.100.0/24',
          }),
        ],
      },
      ADDRESS,
      0,
      false,
      ['security groups deny it too'],
    ],
    ['any name', { collections: [BASE] }, POLICY('[{ports: [{port: 443}]}]'), 0, false, ['would have to name those']],
  ])('%s', (_what, spec, manifests, rules, complete, why) => {
    const found = written(spec, manifests);
    expect(found.rules).toBe(rules);
    expect(found.proof).toMatchObject({ complete, minimal: true });
    expect(found.left).toHaveLength(why.length);
    for (const [index, part] of why.entries()) expect(found.left[index]?.why).toContain(part);
  });

  test('what nodes must reach is written too', () => {
    const found = written({}, NOTHING);
    expect(found.rules).toBeGreaterThan(5);
    expect(found.text).toContain('"mcr.microsoft.com"');
    expect(found.proof).toMatchObject({ complete: true, minimal: true });
  });

  test('added to the input, as it was written, it makes the layers agree', () => {
    const { text } = written({ collections: [BASE] }, ADDRESS);
    const template = JSON.parse(text) as {
      readonly resources: readonly { readonly name: string; readonly properties: Readonly<Record<string, unknown>> }[];
    };
    const [group] = template.resources;
    expect(group?.name).toBe('fwp/ringfence');
    const more = [
      resource('Microsoft.Network/firewallPolicies/ruleCollectionGroups', 'fwp/ringfence', group?.properties),
    ];
    const { disagreements } = answer({ collections: [BASE], more }, ADDRESS);
    expect(disagreements.filter(({ state }) => state !== 'azure-allows')).toEqual([]);
  });

  test.each(RULE_FORMS)('as %s', async (form) => {
    const found = written(
      { collections: [BASE] },
      `${ADDRESS}---\n${NAMES.replaceAll('name: web', 'name: api').replaceAll('app: web', 'app: api')}`,
      form,
    );
    await expect(found.text).toMatchFileSnapshot(`goldens/rules.${form}`);
  });

  test('what was made in Terraform is read as it was meant', () => {
    const { text } = written({ collections: [BASE] }, ADDRESS, 'terraform');
    const { estate } = readEstate([{ file: 'rules.tf', text }]);
    expect(estate.ruleCollectionGroups[0]?.collections[0]?.rules[0]).toMatchObject({
      kind: 'network',
      protocols: ['tcp'],
      ports: [{ from: 1433, to: 1433 }],
    });
  });

  test('without a firewall nothing is written', () => {
    const spec: EstateSpec = {
      routes: [{ name: 'x', properties: { addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' } }],
      profile: { outboundType: 'loadBalancer' },
    };
    expect(written(spec, NOTHING)).toMatchObject({ rules: 0, text: '' });
  });
});
