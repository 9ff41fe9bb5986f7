import { describe, expect, test } from 'vitest';
import { deployment, policy } from '../exposure/cluster.test-support.ts';
import {
  canReach,
  type EstateParts,
  estateWith,
  exposuresAround,
  hopText,
  idOf,
  type Json,
  resource,
  rule,
  subnetId,
} from './estate.test-support.ts';

const A = 'service.beta.kubernetes.io/azure-';
const WEB = deployment('shop/web', { port: 'http:8443' });

function balancer(address: string, annotations: Record<string, string> = {}, type = 'LoadBalancer'): string {
  return `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: ${JSON.stringify(annotations)}}
spec: {type: ${type}, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]}
status: {loadBalancer: {ingress: [{ip: ${address}}]}}`;
}

const INTERNAL = balancer('10.1.0.9', { [`${A}load-balancer-internal`]: 'true' });
const NETWORK = 'Microsoft.Network';
const WAF = `${NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies`;
const DOOR_WAF = `${NETWORK}/FrontDoorWebApplicationFirewallPolicies`;

function publicIp(name: string, ipAddress: string): Json {
  return resource(`${NETWORK}/publicIPAddresses`, name, { ipAddress }, { sku: { name: 'Standard' } });
}

interface GatewaySpec {
  readonly backend?: string;
  readonly policy?: string;
  readonly listenerPolicy?: string;
  readonly more?: Json;
  /** Whether its frontend is public. */
  readonly isPublic?: boolean;
}

function gateway({
  backend = '10.1.0.9',
  policy: waf,
  listenerPolicy,
  more = {},
  isPublic = true,
}: GatewaySpec = {}): Json[] {
  const type = `${NETWORK}/applicationGateways`;
  const part = (segment: string, name: string) => ({ id: `${idOf(type, 'agw')}/${segment}/${name}` });
  return [
    publicIp('pip-agw', '20.9.9.9'),
    resource(type, 'agw', {
      sku: { tier: 'WAF_v2' },
      gatewayIPConfigurations: [{ name: 'g', properties: { subnet: { id: subnetId('edge') } } }],
      frontendIPConfigurations: [
        {
          name: 'front',
          properties: isPublic
            ? { publicIPAddress: { id: idOf(`${NETWORK}/publicIPAddresses`, 'pip-agw') } }
            : { privateIPAddress: '10.1.1.10' },
        },
      ],
      frontendPorts: [{ name: 'https', properties: { port: 443 } }],
      httpListeners: [
        {
          name: 'https',
          properties: {
            frontendIPConfiguration: part('frontendIPConfigurations', 'front'),
            frontendPort: part('frontendPorts', 'https'),
            protocol: 'Https',
            ...(listenerPolicy !== undefined && { firewallPolicy: { id: idOf(WAF, listenerPolicy) } }),
          },
        },
      ],
      backendAddressPools: [{ name: 'pool', properties: { backendAddresses: [{ ipAddress: backend }] } }],
      backendHttpSettingsCollection: [{ name: 'set', properties: { port: 443 } }],
      requestRoutingRules: [
        {
          name: 'all',
          properties: {
            httpListener: part('httpListeners', 'https'),
            backendAddressPool: part('backendAddressPools', 'pool'),
            backendHttpSettings: part('backendHttpSettingsCollection', 'set'),
          },
        },
      ],
      ...(waf !== undefined && { firewallPolicy: { id: idOf(WAF, waf) } }),
      ...more,
    }),
  ];
}

function waf(name: string, settings: Json, type = WAF): Json {
  return resource(type, name, { policySettings: settings, managedRules: { managedRuleSets: [] } });
}

function asked(resources: readonly Json[], parts: Partial<EstateParts> = {}, from = 'internet') {
  return canReach(estateWith({ manifests: [WEB, INTERNAL], resources, ...parts }), { from, port: '443' });
}

describe('Application Gateway', () => {
  test('two connections, and what looks at each', () => {
    const answer = asked(gateway());
    expect(answer.verdict).toBe('allowed');
    expect(hopText(answer)).toBe(
      'entrance allowed | network-security-ingress allowed | waf allowed | entrance allowed | network-security-ingress allowed | translation allowed | pod-ingress allowed',
    );
  });

  test.each<[name: string, text: string, spec: GatewaySpec, policies: readonly Json[]]>([
    ['none', 'no web application firewall', {}, []],
    [
      'Prevention',
      'policy main of the gateway: Prevention',
      { policy: 'main' },
      [waf('main', { state: 'Enabled', mode: 'Prevention' })],
    ],
    [
      'Detection',
      'policy main of the gateway: Detection',
      { policy: 'main' },
      [waf('main', { state: 'Enabled', mode: 'Detection' })],
    ],
    [
      'switched off',
      'it is switched off',
      { policy: 'main' },
      [waf('main', { state: 'Disabled', mode: 'Prevention' })],
    ],
    [
      'bodies',
      'bodies of requests not looked at',
      { policy: 'main' },
      [waf('main', { state: 'Enabled', mode: 'Prevention', requestBodyCheck: false })],
    ],
    [
      'the listener’s own',
      'policy own of the listener: Detection',
      { policy: 'main', listenerPolicy: 'own' },
      [waf('main', { state: 'Enabled', mode: 'Prevention' }), waf('own', { state: 'Enabled', mode: 'Detection' })],
    ],
    ['not there', 'policy main of the gateway is not in the input', { policy: 'main' }, []],
    [
      'in the gateway itself',
      'the firewall settings of the gateway: Prevention',
      { more: { webApplicationFirewallConfiguration: { enabled: true, firewallMode: 'Prevention' } } },
      [],
    ],
  ])('firewall for requests: %s', (_, text, spec, policies) => {
    const hop = asked([...gateway(spec), ...policies]).hops.find(({ layer }) => layer === 'waf')!;
    expect(hop.why).toContain(text);
    expect(hop.verdict).toBe('allowed');
  });

  test.each<[name: string, verdict: string, parts: Partial<EstateParts>]>([
    [
      'the group of the nodes lets the gateway in',
      'allowed',
      { rules: [rule(100, 'Allow', '10.1.1.0/24', '443'), rule(200, 'Deny', '*', '*')] },
    ],
    ['the group of the nodes does not', 'denied', { rules: [rule(200, 'Deny', '*', '*')] }],
    ['policy does not', 'denied', { manifests: [WEB, INTERNAL, policy('shop/x', 'ingress: []')] }],
  ])('%s: %s', (_, verdict, parts) => {
    expect(asked(gateway(), parts).verdict).toBe(verdict);
  });

  test('a private frontend is no way from the internet', () => {
    expect(asked(gateway({ isPublic: false })).verdict).toBe('denied');
  });

  test('another backend leads elsewhere', () => {
    expect(asked(gateway({ backend: '10.1.0.77' })).hops[0]!.why).toContain('no public way');
  });

  const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  ingressClassName: azure-application-gateway
  tls: [{hosts: [shop.example.com]}]
  rules: [{host: shop.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 443}}}}]}}]`;
  const INSIDE = balancer('10.0.0.9', {}, 'ClusterIP').replace(/\nstatus.*/s, '');

  test('its ingress controller sends to pods from its subnet', () => {
    const open = policy('shop/edge', 'ingress: [{from: [{ipBlock: {cidr: 10.1.1.0/24}}]}]');
    const answer = asked(gateway({ backend: '10.1.0.77' }), { manifests: [WEB, INSIDE, INGRESS, open] });
    expect(answer.verdict).toBe('allowed');
    expect(answer.hops.map(({ layer }) => layer)).toContain('waf');
    const closed = policy('shop/edge', 'ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/24}}]}]');
    expect(asked(gateway({ backend: '10.1.0.77' }), { manifests: [WEB, INSIDE, INGRESS, closed] }).verdict).toBe(
      'denied',
    );
  });

  test('a gateway that is not in the input leaves it open', () => {
    expect(asked([], { manifests: [WEB, INSIDE, INGRESS] }).verdict).toBe('unknown');
  });
});

describe('Front Door', () => {
  const PROFILE = 'Microsoft.Cdn/profiles';
  const child = (path: string, name: string, properties: Json): Json => ({
    id: `${idOf(PROFILE, 'afd')}/${path}/${name}`,
    type: `${PROFILE}/${path
      .split('/')
      .filter((_, index) => index % 2 === 0)
      .join('/')}`,
    name,
    properties,
  });
  const door = (host: string, { policies = [] as readonly Json[], origin = {} as Json } = {}): Json[] => [
    { ...resource(PROFILE, 'afd', {}), sku: { name: 'Premium_AzureFrontDoor' } },
    child('afdEndpoints', 'shop', { hostName: 'shop.azurefd.net', enabledState: 'Enabled' }),
    child('originGroups', 'main', {}),
    child('originGroups/main/origins', 'cluster', { hostName: host, httpsPort: 443, ...origin }),
    child('afdEndpoints/shop/routes', 'all', {
      originGroup: { id: `${idOf(PROFILE, 'afd')}/originGroups/main` },
      supportedProtocols: ['Https'],
    }),
    ...policies,
  ];
  const ASSOCIATION = child('securityPolicies', 'waf', {
    parameters: {
      type: 'WebApplicationFirewall',
      wafPolicy: { id: idOf(DOOR_WAF, 'edge') },
      associations: [{ domains: [{ id: `${idOf(PROFILE, 'afd')}/afdEndpoints/shop` }], patternsToMatch: ['/*'] }],
    },
  });
  const tagged = { [`${A}allowed-service-tags`]: 'AzureFrontDoor.Backend' };
  const through = (resources: readonly Json[], service: string, more: Partial<EstateParts> = {}) =>
    asked(resources, { manifests: [WEB, service], ...more }).branches.find(({ to }) => to.includes('Front Door'));

  test('a Service that lets Front Door alone in: by it allowed, and beside it not known without the list', () => {
    const answer = asked(door('20.1.1.1'), { manifests: [WEB, balancer('20.1.1.1', tagged)] });
    expect(answer.branches.map(({ to, verdict }) => `${verdict} ${to.split(' through ')[1]}`)).toEqual([
      'unknown Service shop/web (LoadBalancer)',
      'allowed Front Door afd, route all',
    ]);
  });

  test('a group of the subnet that does not let it in', () => {
    expect(through(door('20.1.1.1'), balancer('20.1.1.1', tagged), { rules: [] })?.verdict).toBe('denied');
    const rules = [rule(100, 'Allow', 'AzureFrontDoor.Backend', '443')];
    expect(through(door('20.1.1.1'), balancer('20.1.1.1', tagged), { rules })?.verdict).toBe('allowed');
  });

  test.each<[name: string, text: string, policies: readonly Json[]]>([
    ['no association', 'no web application firewall', []],
    [
      'associated',
      'policy edge of the endpoint: Prevention',
      [ASSOCIATION, waf('edge', { enabledState: 'Enabled', mode: 'Prevention' }, DOOR_WAF)],
    ],
  ])('firewall for requests: %s', (_, text, policies) => {
    const branch = through(door('20.1.1.1', { policies }), balancer('20.1.1.1'));
    expect(branch?.hops.find(({ layer }) => layer === 'waf')?.why).toContain(text);
  });

  test('by private link to an internal load balancer', () => {
    const service = balancer('10.1.0.9', {
      [`${A}load-balancer-internal`]: 'true',
      [`${A}pls-create`]: 'true',
      [`${A}pls-name`]: 'pls',
    });
    const link = { sharedPrivateLinkResource: { privateLink: { id: idOf(`${NETWORK}/privateLinkServices`, 'pls') } } };
    expect(through(door('10.1.0.9', { origin: link }), service)?.verdict).toBe('allowed');
  });

  test('before an Application Gateway', () => {
    const answer = asked([...door('20.9.9.9'), ...gateway()], {});
    const branch = answer.branches.find(({ to }) => to.includes('Front Door'));
    expect(branch?.verdict).toBe('allowed');
    expect(branch?.hops.filter(({ layer }) => layer === 'waf')).toHaveLength(2);
  });
});

describe('firewall DNAT', () => {
  const FIREWALL = (sources: readonly string[]): Json[] => [
    publicIp('pip-fw', '20.5.5.5'),
    resource(`${NETWORK}/firewallPolicies`, 'pol', {}),
    resource(`${NETWORK}/azureFirewalls`, 'fw', {
      firewallPolicy: { id: idOf(`${NETWORK}/firewallPolicies`, 'pol') },
      ipConfigurations: [
        {
          name: 'a',
          properties: {
            privateIPAddress: '10.1.2.4',
            subnet: { id: subnetId('AzureFirewallSubnet') },
            publicIPAddress: { id: idOf(`${NETWORK}/publicIPAddresses`, 'pip-fw') },
          },
        },
      ],
    }),
    {
      id: `${idOf(`${NETWORK}/firewallPolicies`, 'pol')}/ruleCollectionGroups/g`,
      type: `${NETWORK}/firewallPolicies/ruleCollectionGroups`,
      name: 'g',
      properties: {
        priority: 100,
        ruleCollections: [
          {
            ruleCollectionType: 'FirewallPolicyNatRuleCollection',
            name: 'in',
            priority: 100,
            action: { type: 'DNAT' },
            rules: [
              {
                ruleType: 'NatRule',
                name: 'web',
                ipProtocols: ['TCP'],
                sourceAddresses: sources,
                destinationAddresses: ['20.5.5.5'],
                destinationPorts: ['443'],
                translatedAddress: '10.1.0.9',
                translatedPort: '443',
              },
            ],
          },
        ],
      },
    },
  ];
  test.each<[verdict: string, sources: readonly string[], from: string]>([
    ['allowed', ['*'], 'internet'],
    ['allowed', ['203.0.113.0/24'], '203.0.113.7'],
    ['denied', ['203.0.113.0/24'], '8.8.8.8'],
  ])('%s from %j: %s', (verdict, sources, from) => {
    expect(asked(FIREWALL(sources), {}, from).verdict).toBe(verdict);
  });

  test('it is an exposure of its own', () => {
    const found = exposuresAround(estateWith({ manifests: [WEB, INTERNAL], resources: FIREWALL(['*']) }));
    expect(found.map(({ scope, through, at, verdict }) => `${scope} ${through} ${at} ${verdict}`)[0]).toBe(
      'internet Azure Firewall fw, DNAT rule in/web 20.5.5.5:443 allowed',
    );
  });
});
