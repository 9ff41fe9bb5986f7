import { describe, expect, test } from 'vitest';
import { buildEngine } from '#engine/engine.ts';
import { PROFILES } from '#model/profile.ts';
import { analyseSnapshot } from '../analysis.ts';
import { deployment } from '../exposure/cluster.test-support.ts';
import { exposureCuts } from '../exposure/exposing.ts';
import {
  type EstateParts,
  estateWith,
  exposuresAround,
  idOf,
  type Json,
  NODES,
  resource,
  rule,
} from './estate.test-support.ts';
import { inboundFacts } from './facts.ts';
import { inboundOf, inboundWorld } from './inbound.ts';

const A = 'service.beta.kubernetes.io/azure-';
const WEB = deployment('shop/web', { port: 'http:8443' });

function balancer(annotations: Record<string, string> = {}, spec = ''): string {
  return `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: ${JSON.stringify(annotations)}}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443}]${spec}}
status: {loadBalancer: {ingress: [{ip: 20.1.1.1}]}}`;
}

const DOOR = 'Microsoft.Cdn/profiles';
const WAF = 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies';
const child = (path: string, name: string, type: string, properties: Json): Json => ({
  id: `${idOf(DOOR, 'afd')}/${path}/${name}`,
  type: `${DOOR}/${type}`,
  name,
  properties,
});
/** A Front Door with a firewall for requests before 20.1.1.1. */
const FRONT_DOOR: readonly Json[] = [
  { ...resource(DOOR, 'afd', {}), sku: { name: 'Standard_AzureFrontDoor' } },
  child('afdEndpoints', 'shop', 'afdEndpoints', { hostName: 'shop.azurefd.net' }),
  child('originGroups', 'main', 'originGroups', {}),
  child('originGroups/main/origins', 'cluster', 'originGroups/origins', { hostName: '20.1.1.1', httpsPort: 443 }),
  child('afdEndpoints/shop/routes', 'all', 'afdEndpoints/routes', {
    originGroup: { id: `${idOf(DOOR, 'afd')}/originGroups/main` },
    supportedProtocols: ['Https'],
  }),
  child('securityPolicies', 'waf', 'securityPolicies', {
    parameters: {
      wafPolicy: { id: idOf(WAF, 'edge') },
      associations: [{ domains: [{ id: `${idOf(DOOR, 'afd')}/afdEndpoints/shop` }] }],
    },
  }),
  resource(WAF, 'edge', { policySettings: { enabledState: 'Enabled', mode: 'Prevention' } }),
];

function factsFor(parts: EstateParts): string[] {
  const snapshot = estateWith(parts);
  const { domains } = inboundWorld(snapshot);
  const engine = buildEngine(snapshot, { profile: PROFILES.calico, cuts: exposureCuts(snapshot), domains });
  return inboundFacts(inboundOf(engine)!).map(({ state, id }) => `${state} ${id}`);
}

describe('facts', () => {
  const RANGES = ', loadBalancerSourceRanges: [203.0.113.0/24]';
  const allowed = { [`${A}allowed-ip-ranges`]: '203.0.113.0/24' };
  const denying = { ...allowed, [`${A}deny-all-except-load-balancer-source-ranges`]: 'true' };
  test.each<[name: string, facts: readonly string[], service: string, resources: readonly Json[]]>([
    ['open', [], balancer(), []],
    [
      'ranges of an annotation',
      ['FAIL load-balancer-ranges-let-network-in', 'FAIL load-balancer-ranges-held-by-security-group-alone'],
      balancer(allowed),
      [],
    ],
    [
      'with the rest denied',
      ['PASS load-balancer-ranges-let-network-in', 'FAIL load-balancer-ranges-held-by-security-group-alone'],
      balancer(denying),
      [],
    ],
    [
      'ranges of the field',
      ['PASS load-balancer-ranges-let-network-in', 'FAIL load-balancer-ranges-leave-out-pods'],
      balancer({}, RANGES),
      [],
    ],
    [
      'with pods',
      ['PASS load-balancer-ranges-let-network-in'],
      balancer({}, ', loadBalancerSourceRanges: [203.0.113.0/24, 10.244.0.0/16]'),
      [],
    ],
    [
      'open beside Front Door',
      ['FAIL web-application-firewall-passed-by', 'FAIL front-door-origin-open-to-internet'],
      balancer(),
      FRONT_DOOR,
    ],
    [
      'for Front Door alone',
      ['PASS front-door-origin-open-to-internet'],
      balancer({ [`${A}allowed-service-tags`]: 'AzureFrontDoor.Backend' }),
      FRONT_DOOR,
    ],
    [
      'a private link service for everybody',
      ['FAIL private-link-service-open-to-everybody'],
      balancer({
        [`${A}load-balancer-internal`]: 'true',
        [`${A}pls-create`]: 'true',
        [`${A}pls-visibility`]: '*',
        [`${A}pls-auto-approval`]: '*',
      }),
      [],
    ],
    [
      'a private link service for one',
      ['PASS private-link-service-open-to-everybody'],
      balancer({ [`${A}load-balancer-internal`]: 'true', [`${A}pls-create`]: 'true', [`${A}pls-visibility`]: 'sub-a' }),
      [],
    ],
    [
      'one that a template makes',
      ['FAIL private-link-service-open-to-everybody'],
      balancer(),
      [resource('Microsoft.Network/privateLinkServices', 'pls', { visibility: { subscriptions: ['*'] } })],
    ],
  ])('%s', (_, facts, service, resources) => {
    expect(factsFor({ manifests: [WEB, service], resources })).toEqual(facts);
  });

  test('exposures tell of the way past', () => {
    const found = exposuresAround(estateWith({ manifests: [WEB, balancer()], resources: FRONT_DOOR }));
    const direct = found.find(({ through }) => through.startsWith('Service'));
    expect(direct?.notes).toContain('goes past the web application firewall of Front Door afd, route all');
  });
});

describe('diagnostics', () => {
  const TYPE = 'Microsoft.Network/networkSecurityGroups';
  const made = (rules: readonly Json[]): Json => ({
    ...resource(TYPE, 'aks-agentpool-12345678-nsg', { securityRules: rules }),
    id: idOf(TYPE, 'aks-agentpool-12345678-nsg', NODES),
  });
  const written = rule(500, 'Allow', 'Internet', '443', { destinationAddressPrefix: '20.1.1.1' });
  test.each<[name: string, codes: readonly string[], service: string, resources: readonly Json[]]>([
    ['nothing', [], balancer(), []],
    [
      'sources twice',
      ['RF5131'],
      balancer({ [`${A}allowed-ip-ranges`]: '203.0.113.0/24' }, ', loadBalancerSourceRanges: [203.0.113.0/24]'),
      [],
    ],
    ['no range', ['RF5132'], balancer({ [`${A}allowed-ip-ranges`]: 'office' }), []],
    [
      'tags and ranges',
      ['RF5132'],
      balancer({ [`${A}allowed-ip-ranges`]: '203.0.113.0/24', [`${A}allowed-service-tags`]: 'Storage' }),
      [],
    ],
    ['as written', [], balancer(), [made([{ ...written, name: 'k8s-azure-lb_allow_IPv4_0123' }])]],
    ['not written yet', ['RF5133'], balancer(), [made([])]],
    [
      'by hand',
      ['RF5133'],
      balancer(),
      [made([{ ...written, name: 'k8s-azure-lb_allow_IPv4_0123' }, rule(200, 'Allow', '*', '22')])],
    ],
  ])('%s', (_, codes, service, resources) => {
    const { diagnostics } = analyseSnapshot(estateWith({ manifests: [WEB, service], resources }), { engine: 'calico' });
    expect(diagnostics.map(({ code }) => code).filter((code) => code.startsWith('RF513'))).toEqual(codes);
  });
});
