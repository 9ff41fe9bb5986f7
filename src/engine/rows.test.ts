import { describe, expect, test } from 'vitest';
import { intersects, members } from '#base/bits.ts';
import { equalIntervals } from '#base/intervals.ts';
import { ALL_TRAFFIC, linesOf, type TrafficSet } from '#model/traffic.ts';
import { type Asker, asker, pod, policy } from './ask.test-support.ts';
import { programAt } from './reach.ts';
import { grantIn, trafficNumbers } from './rows.ts';

const PODS = [pod('shop/web'), pod('shop/api'), pod('shop/db')];
const onWeb = (spec: string, name = 'x') => policy(`shop/${name}`, `podSelector: {matchLabels: {app: web}}, ${spec}`);
const from = (app: string, port: number) =>
  `{from: [{podSelector: {matchLabels: {app: ${app}}}}], ports: [{port: ${port}}]}`;

/** The ingress row of `shop/web`: peers with what is allowed and, behind a question mark, what is only possible. */
function row({ engine, points }: Asker): string[] {
  const { world, reach } = engine;
  const name = (point: number) => world.points[point]!.labels.get('app') ?? `outside${world.points[point]!.facet}`;
  return reach.ingress.rows[points('shop/web')[0]!]!.map(({ grant, peers }) => {
    const open = grant.possible === grant.allowed ? '' : ` ?${words(grant.possible)}`;
    return `${[...members(peers)].map(name).sort().join('+')}: ${words(grant.allowed)}${open}`;
  }).sort();
}

function words(traffic: TrafficSet): string {
  if (equalIntervals(traffic, ALL_TRAFFIC)) return 'all';
  const lines = linesOf(traffic);
  const named = lines.filter(({ protocol }) => Number.isNaN(Number(protocol)));
  const texts = named.map(({ protocol, ranges, whole }) =>
    whole ? protocol : `${protocol} ${ranges.map((range) => [...new Set(range)].join('-')).join()}`,
  );
  return [...texts, ...(lines.length > named.length ? ['others'] : [])].join(' ') || 'nothing';
}

const npm = { profile: 'azure-npm-linux' } as const;

describe('rows', () => {
  test.each<[why: string, policies: string[], want: string[]]>([
    ['nothing selects: everybody, all', [], ['api+db+outside4+outside6+web: all']],
    ['isolated: nobody', [onWeb('ingress: []')], []],
    ['one peer, one port', [onWeb(`ingress: [${from('api', 80)}]`)], ['api: TCP 80']],
    [
      'ports of one peer are one entry',
      [onWeb(`ingress: [${from('api', 80)}, ${from('api', 90)}]`)],
      ['api: TCP 80,90'],
    ],
    [
      'peers that get the same are one entry',
      [onWeb(`ingress: [${from('api', 80)}]`), onWeb(`ingress: [${from('db', 80)}]`, 'w')],
      ['api+db: TCP 80'],
    ],
    [
      'peers that overlap are taken apart',
      [onWeb(`ingress: [${from('api', 80)}, {ports: [{port: 443}]}]`)],
      ['api: TCP 80,443', 'db+outside4+outside6+web: TCP 443'],
    ],
    ['a rule without ports is everything', [onWeb('ingress: [{from: [{podSelector: {}}]}]')], ['api+db+web: all']],
  ])('%s', (_why, policies, want) => {
    expect(row(asker([...PODS, ...policies], npm))).toEqual(want);
  });

  test('what is only possible is told beside what is allowed', () => {
    const rule = '{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 80}]}';
    const ask = asker([...PODS, onWeb(`ingress: [${rule}]`)]);
    expect(row(ask)).toEqual([
      'api: TCP 80 ?TCP 80 ICMP ICMPv6 others',
      'db+outside4+outside6+web: nothing ?ICMP ICMPv6 others',
    ]);
  });

  test('entries of one row are disjoint, and a peer in none has nothing', () => {
    const { engine, points } = asker(
      [...PODS, onWeb(`ingress: [${from('api', 80)}, ${from('api', 90)}, {ports: [{port: 90}]}]`)],
      npm,
    );
    const own = engine.reach.ingress.rows[points('shop/web')[0]!]!;
    for (const a of own) for (const b of own) expect(a === b || !intersects(a.peers, b.peers)).toBe(true);
    const closed = asker([...PODS, onWeb('')], npm);
    expect(
      grantIn(closed.engine.reach.ingress.rows[closed.points('shop/web')[0]!]!, 0, closed.engine.reach.grants),
    ).toBe(closed.engine.reach.grants.none);
  });

  test('subjects with the same policies share a row, and those that nothing selects the open one', () => {
    const { engine, points } = asker(
      [...PODS, policy('shop/x', 'podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}')],
      npm,
    );
    const { rows, table } = engine.reach.ingress.parts[0]!;
    const [web, api, db] = ['web', 'api', 'db'].map((name) => rows[points(`shop/${name}`)[0]!]);
    expect(web).toBe(api);
    expect(db).toBe(table.open);
    expect(db).not.toBe(web);
  });

  test('subjects whose named ports differ do not', () => {
    const documents = [
      pod('shop/web', { ports: ['http:80'] }),
      pod('shop/api', { ports: ['http:81'] }),
      pod('shop/db', { labels: 'app: other', ports: ['http:80'] }),
    ];
    const { engine, points } = asker([...documents, policy('shop/x', 'ingress: [{ports: [{port: http}]}]')], npm);
    const [web, api, db] = ['web', 'api', 'db'].map((name) => engine.reach.ingress.rows[points(`shop/${name}`)[0]!]);
    expect(web).not.toBe(api);
    expect(web).toBe(db);
  });

  test('a program asks about the traffic of its own rules only', () => {
    const { engine, points } = asker(
      [
        ...PODS,
        onWeb(`ingress: [${from('api', 80)}]`),
        policy('shop/z', 'podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 5432}]}]'),
      ],
      npm,
    );
    const numbers = (name: string) => trafficNumbers(programAt(engine.reach.ingress.parts[0]!, points(name)[0]!));
    expect([numbers('shop/web').size, numbers('shop/db').size, numbers('shop/api').size]).toEqual([1, 1, 0]);
    expect(numbers('shop/web')).not.toEqual(numbers('shop/db'));
  });
});
