import { describe, expect, test } from 'vitest';
import { bitsOf, hasBit } from '#base/bits.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { AskedRequest } from '#model/request.ts';
import { ALL_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet, trafficPoint } from '#model/traffic.ts';
import type { RuleAction, Verdict } from '#model/verdict.ts';
import { allPairs } from './all-pairs.ts';
import { asker, pod, policy } from './ask.test-support.ts';
import { explainEach } from './explain.ts';
import { type Box, exactly, exactTraffic, type Layer, type Rewrite } from './form.ts';
import { verdictOf } from './grants.ts';
import { type Reach, reachOf, verdictBetween } from './reach.ts';
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

describe('points on the way', () => {
  interface Way {
    readonly points?: string;
    readonly unsure?: string;
    readonly onward?: number;
    readonly onwardDoubt?: boolean;
  }
  /** From `b` to `a` over `c`, or over the points that are named. */
  const over = ({ points = 'c', unsure = '', onward = TCP(15008), onwardDoubt = false }: Way = {}): Rewrite => ({
    from: { must: setOf('b'), may: setOf(`b${unsure}`), doubts: [] },
    to: exactly(setOf('a')),
    traffic: portTraffic('TCP', 80),
    as: TCP(15008),
    name: 'HBONE, TCP 15008',
    reason: 'mesh-membership',
    via: {
      points: [...points].map(at),
      ...(onward !== 0 && { onward }),
      ...(onwardDoubt && { onwardDoubt: 'mesh-transport' as const }),
      reason: 'waypoint-unknown',
    },
  });
  type Rules = Readonly<Record<string, readonly [peers: string, port: number]>>;
  /** Each subject takes, or sends, only this. */
  const layer = (ingress: Rules, egress: Rules, way: Way): Layer => {
    const policies = (rules: Rules) =>
      Object.entries(rules).flatMap(([subject, [peers, port]]) =>
        layerOf('pod', subject, [{ action: 'allow', peers, traffic: portTraffic('TCP', port) }]).ingress.flatMap(
          ({ levels }) => levels.flat(),
        ),
      );
    const stack = (rules: Rules) => [{ name: 'tier', levels: [policies(rules)], onEnd: 'deny' as const }];
    return { name: 'pod', ingress: stack(ingress), egress: stack(egress), rewrites: [over(way)] };
  };
  const told = (reach: Reach, from: string, port: number): Verdict => {
    const ends = { from: at(from), to: at('a') };
    const said = [
      ...explainEach(reach, { direction: 'egress', subject: ends.from, peer: ends.to, traffic: TCP(port) }),
      ...explainEach(reach, { direction: 'ingress', subject: ends.to, peer: ends.from, traffic: TCP(port) }),
    ].map(({ trace }) => trace.verdict);
    return said.includes('denied') ? 'denied' : said.includes('unknown') ? 'unknown' : 'allowed';
  };

  test.each<[string, Rules, Rules, Way, string, number, Verdict]>([
    ['nothing stands in the way', {}, {}, {}, 'b', 80, 'allowed'],
    ['the client may send to the point only', {}, { b: ['c', 15008] }, {}, 'b', 80, 'allowed'],
    ['… and nowhere else', {}, { b: ['c', 15008] }, {}, 'b', 81, 'denied'],
    ['the client may send to the destination only', {}, { b: ['a', 15008] }, {}, 'b', 80, 'denied'],
    ['the destination takes from the point only', { a: ['c', 15008] }, {}, {}, 'b', 80, 'allowed'],
    ['… and from nobody who goes straight', { a: ['c', 15008] }, {}, {}, 'd', 80, 'denied'],
    ['the destination takes from the client only', { a: ['b', 15008] }, {}, {}, 'b', 80, 'denied'],
    ['the destination takes no tunnel', { a: ['c', 80] }, {}, {}, 'b', 80, 'denied'],
    ['the point takes nothing from the client', { c: ['d', 15008] }, {}, {}, 'b', 80, 'denied'],
    ['the point sends nothing to the destination', {}, { c: ['d', 15008] }, {}, 'b', 80, 'denied'],
    ['the point sends on what was sent', { a: ['c', 80] }, {}, { onward: 0 }, 'b', 80, 'allowed'],
    ['… and no tunnel', { a: ['c', 15008] }, {}, { onward: 0 }, 'b', 80, 'denied'],
    ['perhaps a tunnel', { a: ['c', 15008] }, {}, { onwardDoubt: true }, 'b', 80, 'unknown'],
    ['perhaps a tunnel, and it matters not', { a: ['b', 80] }, {}, { onwardDoubt: true }, 'b', 80, 'denied'],
    ['no point is known', {}, { b: ['d', 1] }, { points: '' }, 'b', 80, 'unknown'],
    ['… which is nothing to other traffic', {}, {}, { points: '' }, 'b', 81, 'allowed'],
    ['all of several points', { a: ['cd', 15008] }, {}, { points: 'cd' }, 'b', 80, 'allowed'],
    ['one of several points', { a: ['c', 15008] }, {}, { points: 'cd' }, 'b', 80, 'unknown'],
    ['none of several points', { a: ['b', 15008] }, {}, { points: 'cd' }, 'b', 80, 'denied'],
    ['perhaps over a point, or straight', { a: ['c', 15008] }, {}, { unsure: 'd' }, 'd', 80, 'unknown'],
    ['perhaps over a point, and both pass', {}, {}, { unsure: 'd' }, 'd', 80, 'allowed'],
    ['perhaps over a point, and neither passes', { a: ['b', 80] }, {}, { unsure: 'd' }, 'd', 80, 'denied'],
  ])('%s', (_, ingress, egress, way, from, port, verdict) => {
    const reach = reachOf(world, [layer(ingress, egress, way)]);
    expect(verdictBetween(reach, at(from), at('a'), TCP(port))).toBe(verdict);
    expect(told(reach, from, port)).toBe(verdict);
    const sent = [...allPairs(reach)].find((each) => each.from === at(from))!;
    const grant = sent.to.find(({ peers }) => hasBit(peers, at('a')))?.grant ?? reach.grants.none;
    expect(verdictOf(grant, TCP(port))).toBe(verdict);
  });

  test('both ends of each leg have a word, in the order of the way', () => {
    const reach = reachOf(world, [layer({ a: ['c', 15008] }, {}, {})]);
    const asked = (direction: 'egress' | 'ingress', subject: string, peer: string) =>
      explainEach(reach, { direction, subject: at(subject), peer: at(peer), traffic: TCP(80) }).map(
        ({ asked: { direction: way, ...leg }, trace }) => [way, leg.subject, leg.peer, leg.traffic, trace.seenAs],
      );
    const seen = [TCP(15008), 'HBONE, TCP 15008'];
    expect(asked('egress', 'b', 'a')).toEqual([
      ['egress', at('b'), at('c'), ...seen],
      ['ingress', at('c'), at('b'), ...seen],
    ]);
    expect(asked('ingress', 'a', 'b')).toEqual([
      ['egress', at('c'), at('a'), ...seen],
      ['ingress', at('a'), at('c'), ...seen],
    ]);
  });

  test('an unknown way says why', () => {
    const reach = reachOf(world, [layer({}, {}, { points: '' })]);
    const [said] = explainEach(reach, { direction: 'egress', subject: at('b'), peer: at('a'), traffic: TCP(80) });
    expect(said!.trace.reasons).toEqual(['waypoint-unknown']);
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
