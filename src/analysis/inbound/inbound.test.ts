import { describe, expect, test } from 'vitest';
import type { SecurityRule } from '#model/azure/network.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { deployment, policy } from '../exposure/cluster.test-support.ts';
import {
  canReach,
  type EstateParts,
  estateWith,
  exposuresAround,
  hopText,
  idOf,
  type Json,
  NODES,
  resource,
  rule,
  subnetId,
} from './estate.test-support.ts';

const A = 'service.beta.kubernetes.io/azure-';
const WEB = deployment('shop/web', { port: 'http:8443' });

/** A load balancer for web, 443 to 8443. */
function balancer({
  annotations = {},
  spec = '',
  address = '20.1.1.1',
}: {
  annotations?: Record<string, string>;
  spec?: string;
  address?: string;
} = {}) {
  const status = address === '' ? '' : `\nstatus: {loadBalancer: {ingress: [{ip: ${address}}]}}`;
  return `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: ${JSON.stringify(annotations)}}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 443, targetPort: 8443, nodePort: 30443}]${spec === '' ? '' : `, ${spec}`}}${status}`;
}

const OPEN_ITEM = {
  kind: 'unsettled',
  value: { kind: 'unsettled', expression: "reference('x')", why: 'made-by-azure', origin: NO_ORIGIN },
  origin: NO_ORIGIN,
} as const;
const INTERNAL = { [`${A}load-balancer-internal`]: 'true' };
const OPEN = [rule(100, 'Allow', 'Internet', '443')];

function answerFor(parts: Partial<EstateParts>, question: Parameters<typeof canReach>[1] = { port: '443' }) {
  return canReach(estateWith({ manifests: [WEB, balancer()], ...parts }), question);
}

describe('a load balancer: what the controller writes (1.6), and the group of the subnet', () => {
  const asked = (annotations: Record<string, string>, spec = '', from = 'internet') =>
    answerFor({ manifests: [WEB, balancer({ annotations, spec })] }, { from, port: '443' }).verdict;
  const RANGES = 'loadBalancerSourceRanges: [203.0.113.0/24]';
  test.each<[name: string, verdict: string, annotations: Record<string, string>, spec: string, from: string]>([
    ['nothing said: from everywhere', 'allowed', {}, '', 'internet'],
    ['ranges of the field, from inside', 'allowed', {}, RANGES, '203.0.113.7'],
    ['ranges of the field, from outside', 'denied', {}, RANGES, '203.0.114.7'],
    ['ranges of the field, from everywhere', 'mixed', {}, RANGES, 'internet'],
    [
      'ranges of the annotation, from inside',
      'allowed',
      { [`${A}allowed-ip-ranges`]: '203.0.113.0/24' },
      '',
      '203.0.113.7',
    ],
    [
      'ranges of the annotation, from outside',
      'denied',
      { [`${A}allowed-ip-ranges`]: '203.0.113.0/24' },
      '',
      '8.8.8.8',
    ],
    ['both: the controller stops', 'unknown', { [`${A}allowed-ip-ranges`]: '203.0.113.0/24' }, RANGES, '203.0.113.7'],
    [
      'a range with bits after its length: all else is denied',
      'denied',
      { [`${A}allowed-ip-ranges`]: '203.0.113.7/24' },
      '',
      '203.0.113.7',
    ],
    [
      'a tag whose list is not there',
      'unknown',
      { [`${A}allowed-service-tags`]: 'AzureFrontDoor.Backend' },
      '',
      '203.0.113.7',
    ],
    ['everything, by range', 'allowed', { [`${A}allowed-ip-ranges`]: '0.0.0.0/0' }, '', '203.0.113.7'],
    ['no rule, by annotation', 'denied', { [`${A}disable-load-balancer-nsg-rule`]: 'true' }, '', '203.0.113.7'],
    [
      'node ports in place of the address',
      'allowed',
      { [`${A}disable-load-balancer-floating-ip`]: 'true' },
      '',
      '203.0.113.7',
    ],
    ['internal: no public way', 'denied', INTERNAL, '', 'internet'],
    ['a class that nobody knows', 'unknown', {}, 'loadBalancerClass: example.com/lb', '203.0.113.7'],
  ])('%s: %s', (_, verdict, annotations, spec, from) => {
    expect(asked(annotations, spec, from)).toBe(verdict);
  });

  test.each<[name: string, verdict: string, rules: readonly Json[] | undefined, address: string]>([
    ['no group', 'allowed', undefined, '20.1.1.1'],
    ['only the defaults', 'denied', [], '20.1.1.1'],
    ['its port is open', 'allowed', OPEN, '20.1.1.1'],
    ['another port is open', 'denied', [rule(100, 'Allow', 'Internet', '80')], '20.1.1.1'],
    [
      'open to the frontend',
      'allowed',
      [rule(100, 'Allow', '*', '443', { destinationAddressPrefix: '20.1.1.1' })],
      '20.1.1.1',
    ],
    [
      'open to another frontend',
      'denied',
      [rule(100, 'Allow', '*', '443', { destinationAddressPrefix: '20.1.1.2' })],
      '20.1.1.1',
    ],
    [
      'open to a frontend, ours is not known',
      'unknown',
      [rule(100, 'Allow', '*', '443', { destinationAddressPrefix: '20.1.1.1' })],
      '',
    ],
    [
      'open to the nodes: with floating IP the frontend is asked for',
      'denied',
      [rule(100, 'Allow', '*', '443', { destinationAddressPrefix: '10.1.0.0/24' })],
      '20.1.1.1',
    ],
    ['a part of the internet', 'mixed', [rule(100, 'Allow', '203.0.113.0/24', '443')], '20.1.1.1'],
    ['denied first', 'denied', [rule(90, 'Deny', '*', '443'), ...OPEN], '20.1.1.1'],
  ])('the customer’s group: %s: %s', (_, verdict, rules, address) => {
    const manifests = [WEB, balancer({ address })];
    expect(answerFor({ manifests, ...(rules !== undefined && { rules }) }).verdict).toBe(verdict);
  });

  test('an expression in a rule that may come first', () => {
    const snapshot = estateWith({ manifests: [WEB, balancer()], rules: [rule(90, 'Deny', '8.8.8.8', '443'), ...OPEN] });
    const { azure } = snapshot;
    const securityGroups = azure.securityGroups.map((group) => ({
      ...group,
      rules: group.rules.map((each): SecurityRule => (each.priority === 90 ? { ...each, sources: [OPEN_ITEM] } : each)),
    }));
    expect(canReach({ ...snapshot, azure: { ...azure, securityGroups } }, { port: '443' }).verdict).toBe('unknown');
  });

  test('without floating IP the customer’s group sees a node and the node port', () => {
    const manifests = [WEB, balancer({ annotations: { [`${A}disable-load-balancer-floating-ip`]: 'true' } })];
    expect(answerFor({ manifests, rules: OPEN }).verdict).toBe('denied');
    const open = [rule(100, 'Allow', 'Internet', '30443', { destinationAddressPrefix: '10.1.0.0/24' })];
    expect(answerFor({ manifests, rules: open }).verdict).toBe('allowed');
  });

  test('denies of a Service hold for another one on the same address', () => {
    const other = balancer({
      annotations: {
        [`${A}allowed-ip-ranges`]: '198.51.100.0/24',
        [`${A}deny-all-except-load-balancer-source-ranges`]: 'true',
      },
    })
      .replace('name: web', 'name: api')
      .replace('port: 443', 'port: 444');
    const own = balancer({ annotations: { ...INTERNAL }, address: '10.1.0.100' });
    const alone = estateWith({ manifests: [WEB, own] });
    expect(canReach(alone, { from: '10.1.1.9', port: '443' }).branches.at(-1)?.verdict).toBe('allowed');
    const beside = estateWith({ manifests: [WEB, own, other.replace('20.1.1.1', '10.1.0.100')] });
    expect(canReach(beside, { from: '10.1.1.9', port: '443' }).branches.at(-1)?.verdict).toBe('denied');
  });

  test('the group that AKS made counts where the input has it', () => {
    const type = 'Microsoft.Network/networkSecurityGroups';
    const made = {
      ...resource(type, 'aks-agentpool-12345678-nsg', { securityRules: [rule(500, 'Allow', 'Internet', '80')] }),
      id: idOf(type, 'aks-agentpool-12345678-nsg', NODES),
    };
    expect(answerFor({ resources: [made] }).verdict).toBe('denied');
    expect(answerFor({ resources: [made], manifests: [WEB, balancer({ address: '' })] }).verdict).toBe('allowed');
  });
});

describe('all obstacles are told', () => {
  test('a closed group does not hide what stands behind it', () => {
    const closed = policy('shop/closed', 'ingress: []');
    const answer = answerFor({ rules: [], manifests: [WEB, balancer(), closed] });
    expect(answer.verdict).toBe('denied');
    expect(hopText(answer)).toBe(
      'entrance allowed | network-security-ingress denied | translation allowed | pod-ingress denied',
    );
    expect(answer.hops[1]!.rules.find(({ decides }) => decides)).toMatchObject({ rule: 'DenyAllInBound (65500)' });
  });

  test.each([
    ['443', 'TCP 443 there is TCP 8443 of the pod'],
    ['8443', 'TCP 443 there is TCP 8443 of the pod'],
  ])('the port may be the entrance’s or the pod’s: %s', (port, text) => {
    expect(answerFor({}, { port }).hops[0]!.why).toContain(text);
  });

  test('another port has no way in, and the answer says which have', () => {
    const { verdict, hops } = answerFor({}, { port: '80' });
    expect(verdict).toBe('denied');
    expect(hops[0]!.why).toContain(
      'no public way to a private address; it is entered by Service shop/web (LoadBalancer) on TCP 443',
    );
  });

  test('without a port every entrance counts', () => {
    expect(answerFor({}, {}).allowed).toEqual([{ protocol: 'TCP', ports: '443' }]);
  });

  test('what a pod sees', () => {
    const from = policy('shop/office', 'ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]');
    const local = balancer({ spec: 'externalTrafficPolicy: Local' });
    const asked = (service: string) =>
      answerFor({ manifests: [WEB, service, from] }, { from: '203.0.113.7', port: '443' });
    expect(asked(local).verdict).toBe('allowed');
    expect(asked(balancer()).verdict).toBe('unknown');
    expect(asked(balancer()).hops.at(-1)!.why).toContain('externalTrafficPolicy: Cluster');
  });
});

describe('the way back', () => {
  const FIREWALL = resource('Microsoft.Network/azureFirewalls', 'fw', {
    ipConfigurations: [
      { name: 'a', properties: { privateIPAddress: '10.1.2.4', subnet: { id: subnetId('AzureFirewallSubnet') } } },
    ],
  });
  const to = (nextHopType: string, addressPrefix = '0.0.0.0/0', nextHopIpAddress?: string): Json => ({
    name: `to-${nextHopType}`,
    properties: { addressPrefix, nextHopType, ...(nextHopIpAddress !== undefined && { nextHopIpAddress }) },
  });
  // Its own rule names addresses, so that only the way back is at issue.
  const service = balancer({ annotations: { [`${A}allowed-ip-ranges`]: '203.0.113.0/24' } });
  test.each<[name: string, verdict: string, routes: readonly Json[]]>([
    ['by the firewall, which drops it', 'denied', [to('VirtualAppliance', '0.0.0.0/0', '10.1.2.4')]],
    [
      'straight, for the address that asks',
      'allowed',
      [to('VirtualAppliance', '0.0.0.0/0', '10.1.2.4'), to('Internet', '203.0.113.0/24')],
    ],
    ['nowhere', 'denied', [to('None')]],
    ['by an appliance that is not in the input', 'unknown', [to('VirtualAppliance', '0.0.0.0/0', '10.9.9.9')]],
  ])('%s: %s', (_, verdict, routes) => {
    expect(
      answerFor(
        { manifests: [WEB, service], routes, resources: [FIREWALL], rules: [rule(100, 'Allow', '*', '443')] },
        { from: '203.0.113.7', port: '443' },
      ).verdict,
    ).toBe(verdict);
  });
});

describe('nodes with public addresses', () => {
  const NODE_PORT = balancer({ address: '' }).replace('type: LoadBalancer', 'type: NodePort');
  const HOST = deployment('shop/web', { port: 'http:8443' }).replace(
    'containerPort: 8443',
    'containerPort: 8443, hostPort: 8443',
  );
  test.each<[name: string, verdict: string, parts: Partial<EstateParts>, port: string]>([
    ['no public address', 'denied', { manifests: [WEB, NODE_PORT] }, '30443'],
    [
      'the group of AKS opens no node port',
      'denied',
      { manifests: [WEB, NODE_PORT], pool: { enableNodePublicIP: true } },
      '30443',
    ],
    [
      'host ports that the pool allows',
      'allowed',
      {
        manifests: [HOST],
        pool: {
          enableNodePublicIP: true,
          networkProfile: { allowedHostPorts: [{ portStart: 8443, portEnd: 8443, protocol: 'TCP' }] },
        },
      },
      '8443',
    ],
    [
      'the customer’s group has to as well',
      'denied',
      {
        manifests: [HOST],
        rules: [],
        pool: {
          enableNodePublicIP: true,
          networkProfile: { allowedHostPorts: [{ portStart: 8443, portEnd: 8443, protocol: 'TCP' }] },
        },
      },
      '8443',
    ],
  ])('%s: %s', (_, verdict, parts, port) => {
    expect(answerFor(parts, { port }).verdict).toBe(verdict);
  });
});

describe('nodes of which it is not known whether they have public addresses', () => {
  test('unknown', () => {
    const ports = { allowedHostPorts: [{ portStart: 8443, portEnd: 8443, protocol: 'TCP' }] };
    const host = WEB.replace('containerPort: 8443', 'containerPort: 8443, hostPort: 8443');
    const snapshot = estateWith({ manifests: [host], pool: { enableNodePublicIP: true, networkProfile: ports } });
    const { azure } = snapshot;
    const clusters = azure.clusters.map((cluster) => ({
      ...cluster,
      pools: cluster.pools.map((pool) => ({ ...pool, nodePublicIps: OPEN_ITEM.value })),
    }));
    expect(canReach({ ...snapshot, azure: { ...azure, clusters } }, { port: '8443' }).verdict).toBe('unknown');
  });
});

describe('expose', () => {
  const lines = (parts: Partial<EstateParts>) =>
    exposuresAround(estateWith({ manifests: [WEB, balancer()], ...parts }))
      .filter(({ through }) => through.includes('LoadBalancer'))
      .map(({ scope, at, verdict }) => `${scope} ${at} ${verdict}`);
  test.each<[name: string, line: string, parts: Partial<EstateParts>]>([
    ['open', 'internet 20.1.1.1:443 allowed', {}],
    ['closed by the group', 'none 20.1.1.1:443 denied', { rules: [] }],
    [
      'closed by policy',
      'internet 20.1.1.1:443 denied',
      { manifests: [WEB, balancer(), policy('shop/x', 'ingress: []')] },
    ],
    ['open to some', 'internet 20.1.1.1:443 mixed', { rules: [rule(100, 'Allow', '203.0.113.0/24', '443')] }],
    [
      'internal',
      'network 10.1.0.9:443 allowed',
      { manifests: [WEB, balancer({ annotations: INTERNAL, address: '10.1.0.9' })] },
    ],
  ])('%s', (_, line, parts) => {
    expect(lines(parts)).toEqual([line]);
  });
});
