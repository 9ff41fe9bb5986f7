import { describe, expect, test } from 'vitest';
import { bitsOf } from '#base/bits.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { AskedRequest } from '#model/request.ts';
import { ALL_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet, trafficPoint } from '#model/traffic.ts';
import type { RuleAction, Verdict } from '#model/verdict.ts';
import { allPairs } from './all-pairs.ts';
import { asker, pod, policy } from './ask.test-support.ts';
import { explainEach } from './explain.ts';
import { type Box, exactly, exactTraffic, type Layer, type Rewrite } from './form.ts';
import { reachOf, verdictBetween } from './reach.ts';
import { settleRequests } from './requests.ts';

const PODS = ['a', 'b', 'c', 'd'].map((name) => pod(`shop/${name}`));
const { engine, points } = asker([...PODS, policy('shop/x', 'podSelector: {matchLabels: {none: x}}')]);
const { world } = engine;
const at = (name: string) => points(`shop/${name}`)[0]!;
const setOf = (names: string) => bitsOf(world.size, [...names].map(at));

interface RuleSpec {
  readonly action: RuleAction;
  readonly peers: string;
  readonly traffic?: TrafficSet;
  readonly request?: string;
}

/** A layer with one policy at the pods named, which isolates them. */
function layerOf(name: Layer['name'], subjects: string, rules: readonly RuleSpec[]): Layer {
  const ref = { kind: 'Policy', namespace: '', name, origin: NO_ORIGIN };
  const compiled = rules.map(({ action, peers, traffic = ALL_TRAFFIC, request }, index) => {
    const box: Box = { peers: exactly(setOf(peers)), traffic: exactTraffic(traffic) };
    const boxes = [request === undefined ? box : { ...box, request: methodOnly(request) }];
    return { action, boxes, path: `spec.ingress[${index}]`, origin: NO_ORIGIN };
  });
  const one = { ref, subject: exactly(setOf(subjects)), isolates: true, rules: compiled };
  return { name, ingress: [{ name: 'tier', levels: [[one]], onEnd: 'deny' }], egress: [] };
}

function methodOnly(method: string) {
  return {
    text: method,
    matches: (request: AskedRequest) =>
      request.method === undefined
        ? ('perhaps' as const)
        : request.method === method
          ? ('yes' as const)
          : ('no' as const),
  };
}

const TCP = (port: number) => trafficPoint('TCP', port);

describe('several layers', () => {
  const layers = [
    layerOf('pod', 'a', [{ action: 'allow', peers: 'bc' }]),
    layerOf('mesh', 'a', [{ action: 'allow', peers: 'cd', traffic: portTraffic('TCP', 80) }]),
  ];
  const reach = reachOf(world, layers);

  test.each<[string, string, number, Verdict]>([
    ['b', 'a', 80, 'denied'],
    ['c', 'a', 80, 'allowed'],
    ['c', 'a', 81, 'denied'],
    ['d', 'a', 80, 'denied'],
    ['a', 'b', 80, 'allowed'],
  ])('%s to %s on %i: all must let it', (from, to, port, verdict) => {
    expect(verdictBetween(reach, at(from), at(to), TCP(port))).toBe(verdict);
  });

  test('all pairs say the same', () => {
    const sent = [...allPairs(reach)].find(({ from }) => from === at('c'))!;
    const grant = sent.to.find(({ peers }) => (peers[at('a') >>> 5]! & (1 << (at('a') & 31))) !== 0)!.grant;
    expect(grant.allowed).toEqual(portTraffic('TCP', 80));
  });

  test('each layer has its own word, in the order of the way in', () => {
    const said = explainEach(reach, { direction: 'ingress', subject: at('a'), peer: at('b'), traffic: TCP(80) });
    expect(said.map(({ layer, trace }) => [layer, trace.verdict])).toEqual([
      ['pod', 'allowed'],
      ['mesh', 'denied'],
    ]);
  });
});

describe('rewrites', () => {
  const tunnel = (from: string, to: string, unsure = ''): Rewrite => ({
    from: { must: setOf(from), may: setOf(from + unsure), doubts: [] },
    to: exactly(setOf(to)),
    traffic: protocolTraffic('TCP'),
    as: TCP(15008),
    name: 'HBONE, TCP 15008',
    reason: 'mesh-membership',
  });
  const layerWith = (port: number, rewrite: Rewrite) => ({
    ...layerOf('pod', 'a', [{ action: 'allow', peers: 'bcd', traffic: portTraffic('TCP', port) }]),
    rewrites: [rewrite],
  });
  const ask = (layer: Layer, from: string, port: number) => {
    const reach = reachOf(world, [layer]);
    const [said] = explainEach(reach, { direction: 'ingress', subject: at('a'), peer: at(from), traffic: TCP(port) });
    const verdict = verdictBetween(reach, at(from), at('a'), TCP(port));
    expect(said!.trace.verdict).toBe(verdict);
    return { ...said!.trace, verdict };
  };

  test.each<[string, string, number, Verdict]>([
    ['inside the tunnel every port passes', 'b', 8080, 'allowed'],
    ['outside it its own port is asked', 'c', 8080, 'denied'],
  ])('the tunnel is open: %s', (_, from, port, verdict) => {
    expect(ask(layerWith(15008, tunnel('b', 'a')), from, port).verdict).toBe(verdict);
  });

  test('a policy that opens the port itself does not open the tunnel', () => {
    const layer = layerWith(8080, tunnel('b', 'a'));
    expect(ask(layer, 'b', 8080)).toMatchObject({ verdict: 'denied', seenAs: 'HBONE, TCP 15008' });
    expect(ask(layer, 'c', 8080).verdict).toBe('allowed');
  });

  test('where membership is not certain and it matters, nothing is', () => {
    const layer = layerWith(8080, tunnel('b', 'a', 'c'));
    expect(ask(layer, 'c', 8080)).toMatchObject({ verdict: 'unknown', reasons: ['mesh-membership'] });
    expect(ask(layer, 'c', 9090).verdict).toBe('denied');
  });

  test('other protocols are not in the tunnel', () => {
    const layer = layerOf('pod', 'a', [{ action: 'allow', peers: 'b', traffic: protocolTraffic('UDP') }]);
    const reach = reachOf(world, [{ ...layer, rewrites: [tunnel('b', 'a')] }]);
    expect(verdictBetween(reach, at('b'), at('a'), trafficPoint('UDP', 53))).toBe('allowed');
  });
});

describe('requests', () => {
  const asked = (method: string | undefined): AskedRequest => ({
    kind: 'http',
    ...(method !== undefined && { method }),
    headers: new Map(),
  });
  const ask = (rules: readonly RuleSpec[], request?: AskedRequest) => {
    const reach = reachOf(world, [settleRequests(layerOf('mesh', 'a', rules), request)]);
    const said = explainEach(reach, { direction: 'ingress', subject: at('a'), peer: at('b'), traffic: TCP(80) });
    const { conditions, exceptions } = said.find(({ layer }) => layer === 'mesh')!.trace;
    return { verdict: verdictBetween(reach, at('b'), at('a'), TCP(80)), conditions, exceptions };
  };
  const GET: RuleSpec = { action: 'allow', peers: 'b', request: 'GET' };
  const NO_DELETE: RuleSpec = { action: 'deny', peers: 'b', request: 'DELETE' };
  const ANY: RuleSpec = { action: 'allow', peers: 'b' };

  test.each<[string, readonly RuleSpec[], string | undefined, Verdict]>([
    ['an allow of the request', [GET], 'GET', 'allowed'],
    ['an allow of another', [GET], 'PUT', 'denied'],
    ['a deny of the request', [NO_DELETE, ANY], 'DELETE', 'denied'],
    ['a deny of another', [NO_DELETE, ANY], 'GET', 'allowed'],
    ['a request that says too little', [GET], undefined, 'unknown'],
  ])('%s', (_, rules, method, verdict) => {
    expect(ask(rules, asked(method)).verdict).toBe(verdict);
  });

  test.each<[string, readonly RuleSpec[], string[], string[]]>([
    ['allowed for some', [GET], ['GET'], []],
    ['allowed for some or others', [GET, { ...GET, request: 'PUT' }], ['GET', 'PUT'], []],
    [
      '… with a refusal after them',
      [GET, { ...GET, request: 'PUT' }, { action: 'deny', peers: 'b' }],
      ['GET', 'PUT'],
      [],
    ],
    ['a rule that lets all pass makes the condition void', [GET, ANY], [], []],
    ['refused for some', [NO_DELETE, ANY], [], ['DELETE']],
    ['a refusal that comes too late', [ANY, NO_DELETE], [], []],
  ])('without a request: %s', (_, rules, conditions, exceptions) => {
    expect(ask(rules)).toEqual({ verdict: 'allowed', conditions, exceptions });
  });

  test('a pass that looks into the request may happen', () => {
    expect(ask([{ ...GET, action: 'pass' }]).verdict).toBe('unknown');
  });

  test('a layer that looks into no request stays as it is', () => {
    const layer = layerOf('mesh', 'a', [ANY]);
    expect(settleRequests(layer, undefined)).toBe(layer);
  });
});
