import { describe, expect, test } from 'vitest';
import { asker, clusterOf, namespace, pod, policy } from '#engine/ask.test-support.ts';
import { ALL, cilium, config, gateway, redirect } from '#engine/compile/cilium/cilium.test-support.ts';
import { checkCilium } from './cilium-checks.ts';

const CLUSTER = [namespace('shop'), pod('shop/web', { ips: ['10.1.0.1'] })];
const OPEN = cilium('shop/p', `${ALL}, ingress: [{}]`);
const REDIRECT =
  'redirectFrontend: {addressMatcher: {ip: 192.0.2.1, toPorts: [{port: "80", protocol: TCP}]}}, redirectBackend: {localEndpointSelector: {}, toPorts: [{port: "1", protocol: TCP}]}';
const GATEWAY = 'selectors: [{podSelector: {}}], destinationCIDRs: [0.0.0.0/0], egressGateway: {nodeSelector: {}}';
const REQUIRED = cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]`);
const names = (beside: string) => cilium('shop/p', `${ALL}, egress: [{toFQDNs: [{matchName: a.b}]}${beside}]`);
const toService = (rest: string) =>
  cilium('shop/p', `${ALL}, egress: [{toServices: [{k8sService: {serviceName: s, namespace: shop}}]${rest}}]`);

describe('checkCilium', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['a sound policy', [OPEN], []],
    ['nobody selected', [cilium('shop/p', 'endpointSelector: {matchLabels: {app: x}}, ingress: [{}]')], ['RF3003']],
    ['nodes without the host firewall', [cilium('p', 'nodeSelector: {}, ingress: [{}]')], ['RF3010']],
    ['policy is off', [OPEN, config('enable-policy: never')], ['RF4003']],
    ['policy is only logged', [OPEN, config('policy-audit-mode: "true"')], ['RF4003']],
    [
      'a group that is not there',
      [cilium('shop/p', `${ALL}, ingress: [{fromCIDRSet: [{cidrGroupRef: g}]}]`)],
      ['RF3011'],
    ],
    ['a Service that is not there', [toService('')], ['RF3011']],
    ['Services and ports', [toService(', toPorts: [{ports: [{port: "1"}]}]')], ['RF3011', 'RF3012']],
    ['names that are never learnt', [names('')], ['RF3010']],
    ['names that are', [names(', {toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}')], []],
    ['denials only', [cilium('shop/p', `${ALL}, ingressDeny: [{fromEntities: [world]}]`)], ['RF3012']],
    [
      'denials only, meant so',
      [cilium('shop/p', `${ALL}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromEntities: [world]}]`)],
      [],
    ],
    [
      'a label that is in no identity',
      [cilium('shop/p', `${ALL}, ingress: [{fromEndpoints: [{matchLabels: {pod-template-hash: a}}]}]`)],
      ['RF3012'],
    ],
    [
      '… in a NetworkPolicy',
      [policy('shop/x', 'ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: a}}}]}]')],
      ['RF3012'],
    ],
    ['authentication does not encrypt', [REQUIRED], ['RF3012']],
    ['… and is not set up', [REQUIRED, config()], ['RF3012']],
    ['… and WireGuard does', [REQUIRED, config('mesh-auth-mutual-enabled: "true"', 'enable-wireguard: "true"')], []],
    ['nodes as peers without the setting', [cilium('shop/p', `${ALL}, ingress: [{fromNodes: [{}]}]`)], ['RF2016']],
    ['a redirect that is off', [redirect('shop/r', REDIRECT), config()], ['RF3010']],
    ['a redirect', [redirect('shop/r', REDIRECT), config('enable-local-redirect-policy: "true"')], []],
    ['a gateway that is off', [gateway('g', GATEWAY), config()], ['RF3010']],
    ['a gateway', [gateway('g', GATEWAY), config('enable-ipv4-egress-gateway: "true"')], []],
  ])('%s', (_, documents, codes) => {
    const all = [...CLUSTER, ...documents];
    const { engine } = asker(all, { profile: 'cilium' });
    const found = checkCilium(clusterOf(...all), engine);
    expect(found.map(({ code }) => code).sort()).toEqual(codes);
    for (const { message, help } of found) {
      expect(message).toMatch(/^[A-Z][A-Za-z]+ .*[^.]$/);
      expect(help).not.toBe('');
    }
  });

  test('says nothing under another engine', () => {
    const all = [...CLUSTER, cilium('p', 'nodeSelector: {}, ingress: [{}]')];
    expect(checkCilium(clusterOf(...all), asker(all, { profile: 'calico' }).engine)).toEqual([]);
  });
});
