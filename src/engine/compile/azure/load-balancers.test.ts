import { describe, expect, test } from 'vitest';
import { clusterOf } from '../../ask.test-support.ts';
import { accessOf, controllerRules, frontendAddresses } from './load-balancers.ts';

const A = 'service.beta.kubernetes.io/azure-';

interface Spec {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: string;
  readonly spec?: string;
  readonly address?: string;
}

function service(
  name: string,
  { annotations = {}, ports = '{port: 443, nodePort: 30443}', spec = '', address }: Spec = {},
): string {
  const status = address === undefined ? '' : `\nstatus: {loadBalancer: {ingress: [{ip: ${address}}]}}`;
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop, annotations: ${JSON.stringify(annotations)}}
spec: {type: LoadBalancer, selector: {app: web}, ports: [${ports}]${spec === '' ? '' : `, ${spec}`}}${status}`;
}

/** `500 allow tcp Internet to 20.1.1.1 on 443` */
function rulesOf(...documents: readonly string[]): string[] {
  return controllerRules(clusterOf(...documents).services).map(({ rule }) => {
    const sources = rule.sources.map((item) =>
      item.kind === 'tag' ? item.tag : item.kind === 'range' ? item.text : item.kind,
    );
    const to = rule.destinations.map((item) => (item.kind === 'range' ? item.text : item.kind));
    const ports = rule.destinationPorts.map((port) =>
      port.kind !== 'range' ? '?' : port.from === port.to ? `${port.from}` : `${port.from}-${port.to}`,
    );
    return `${rule.priority} ${rule.access} ${rule.protocol} ${sources.join(',')} to ${to.join(',') || '-'} on ${ports.join(',') || '*'}`;
  });
}

const address = '20.1.1.1';
const internal = { [`${A}load-balancer-internal`]: 'true' };
const allowed = (text: string) => ({ [`${A}allowed-ip-ranges`]: text });
const denying = { [`${A}deny-all-except-load-balancer-source-ranges`]: 'true' };

describe('rules of the controller', () => {
  test.each<[name: string, spec: Spec, rules: readonly string[]]>([
    ['nothing said', { address }, ['500 allow tcp Internet to 20.1.1.1/32 on 443']],
    ['no address yet', {}, ['500 allow tcp Internet to - on 443']],
    [
      'ranges of the field',
      { address, spec: 'loadBalancerSourceRanges: [203.0.113.0/24]' },
      ['500 allow tcp 203.0.113.0/24 to 20.1.1.1/32 on 443'],
    ],
    [
      'the field, and everything',
      { address, spec: 'loadBalancerSourceRanges: [0.0.0.0/0]' },
      ['500 allow tcp Internet to 20.1.1.1/32 on 443', '501 allow tcp 0.0.0.0/0 to 20.1.1.1/32 on 443'],
    ],
    [
      'ranges of an annotation',
      { address, annotations: allowed('203.0.113.0/24, 198.51.100.0/24') },
      ['500 allow tcp 203.0.113.0/24,198.51.100.0/24 to 20.1.1.1/32 on 443'],
    ],
    [
      'the older annotation',
      { address, annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '203.0.113.0/24' } },
      ['500 allow tcp 203.0.113.0/24 to 20.1.1.1/32 on 443'],
    ],
    [
      'tags: a rule each',
      { address, annotations: { [`${A}allowed-service-tags`]: 'AzureCloud, Storage' } },
      ['500 allow tcp AzureCloud to 20.1.1.1/32 on 443', '501 allow tcp Storage to 20.1.1.1/32 on 443'],
    ],
    [
      'tags and ranges',
      { address, annotations: { [`${A}allowed-service-tags`]: 'Storage', ...allowed('203.0.113.0/24') } },
      ['500 allow tcp Storage to 20.1.1.1/32 on 443', '501 allow tcp 203.0.113.0/24 to 20.1.1.1/32 on 443'],
    ],
    [
      'the field and an annotation: an error',
      { address, spec: 'loadBalancerSourceRanges: [203.0.113.0/24]', annotations: allowed('203.0.113.0/24') },
      [],
    ],
    ['internal', { address, annotations: internal }, []],
    [
      'internal, everything by name',
      { address, annotations: { ...internal, ...allowed('0.0.0.0/0') } },
      ['500 allow tcp Internet to 20.1.1.1/32 on 443', '501 allow tcp 0.0.0.0/0 to 20.1.1.1/32 on 443'],
    ],
    [
      'deny the rest, with ranges',
      { address, annotations: { ...denying, ...allowed('203.0.113.0/24') } },
      ['500 allow tcp 203.0.113.0/24 to 20.1.1.1/32 on 443', '4095 deny any any to 20.1.1.1/32 on *'],
    ],
    [
      'deny the rest, without ranges',
      { address, annotations: denying },
      ['500 allow tcp Internet to 20.1.1.1/32 on 443'],
    ],
    ['no CIDR: closed', { address, annotations: allowed('office') }, ['4095 deny any any to 20.1.1.1/32 on *']],
    [
      'bits after its length: closed',
      { address, annotations: allowed('203.0.113.7/24') },
      ['4095 deny any any to 20.1.1.1/32 on *'],
    ],
    [
      'an address without a length: closed',
      { address, annotations: allowed('203.0.113.7') },
      ['4095 deny any any to 20.1.1.1/32 on *'],
    ],
    [
      'without floating IP: node ports',
      { address, annotations: { [`${A}disable-load-balancer-floating-ip`]: 'true' } },
      ['500 allow tcp Internet to - on 30443'],
    ],
    ['no rule asked for', { address, annotations: { [`${A}disable-load-balancer-nsg-rule`]: 'true' } }, []],
    ['another controller', { address, spec: 'loadBalancerClass: example.com/lb' }, []],
    [
      'more addresses',
      { address, annotations: { [`${A}additional-public-ips`]: '20.2.2.2' } },
      ['500 allow tcp Internet to 20.1.1.1/32,20.2.2.2/32 on 443'],
    ],
    [
      'ports of one protocol share a rule, SCTP is any',
      {
        address,
        ports:
          '{name: a, port: 80}, {name: b, port: 443}, {name: c, port: 53, protocol: UDP}, {name: d, port: 9, protocol: SCTP}',
      },
      [
        '500 allow tcp Internet to 20.1.1.1/32 on 80,443',
        '501 allow udp Internet to 20.1.1.1/32 on 53',
        '502 allow any Internet to 20.1.1.1/32 on 9',
      ],
    ],
    [
      'IPv6',
      { address: '2001:db8::1', spec: 'ipFamilies: [IPv6]' },
      ['500 allow tcp Internet to 2001:db8::1/128 on 443'],
    ],
  ])('%s', (_, spec, rules) => {
    expect(rulesOf(service('web', spec))).toEqual(rules);
  });

  test('Services with one protocol, the same sources and ports share a rule; others follow by name', () => {
    expect(
      rulesOf(
        service('b', { address: '20.1.1.2' }),
        service('a', { address }),
        service('c', { address: '20.1.1.3', ports: '{port: 80}' }),
      ),
    ).toEqual([
      '500 allow tcp Internet to 20.1.1.1/32,20.1.1.2/32 on 443',
      '501 allow tcp Internet to 20.1.1.3/32 on 80',
    ]);
  });

  test('a ClusterIP is none of its business', () => {
    const [own] = clusterOf(service('web').replace('type: LoadBalancer', 'type: ClusterIP')).services;
    expect(accessOf(own!)).toBeUndefined();
  });

  test('an address that is asked for counts until one is given out', () => {
    const asked = { [`${A}load-balancer-ipv4`]: '20.3.3.3' };
    const texts = (spec: Spec) =>
      frontendAddresses(clusterOf(service('web', spec)).services[0]!).map(({ lo }) => lo.toString(16));
    expect(texts({ annotations: asked })).toEqual(['14030303']);
    expect(texts({ annotations: asked, address })).toEqual(['14010101']);
  });
});
