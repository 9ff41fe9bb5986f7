import { describe, expect, test } from 'vitest';
import { clusterOf, namespace, node, pod, policy, workload } from '#engine/ask.test-support.ts';
import type { Connection, MapAnswer } from '#model/answers.ts';
import type { ProfileId } from '#model/profile.ts';
import { analyseSnapshot } from '../analysis.ts';
import { scopeOf } from '../scope.ts';
import { trafficText } from '../traffic-list.ts';
import { FOLD_ABOVE, type MapOptions, mapOf } from './map.ts';

interface Asked extends MapOptions {
  readonly engine?: ProfileId;
}

function answer(documents: readonly string[], { engine = 'azure-npm-linux', ...options }: Asked = {}): MapAnswer {
  return mapOf(analyseSnapshot(clusterOf(...documents), { engine }), options);
}

/** `from -> to: allowed ?unknown (reasons) ~mixed (why)` with short names, sorted: the order of connections means nothing. */
function lines(map: MapAnswer): string[] {
  return map.connections.map(line).sort();
}

function line({ from, to, allowed, unknown, mixed = [] }: Connection): string {
  const short = (id: string) => id.replace(/^shop\/\w+\//, '');
  const open = unknown.length === 0 ? '' : ` ?${trafficText(unknown)} (${unknown[0]!.reasons.join(' ')})`;
  const some = mixed.length === 0 ? '' : ` ~${trafficText(mixed)} (${mixed[0]!.why})`;
  return `${short(from)} -> ${short(to)}: ${trafficText(allowed)}${open}${some}`;
}

const WEB_DB = [namespace('shop'), workload('shop/web'), workload('shop/db')];
const ONLY_WEB = policy(
  'shop/db',
  'podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]',
);

describe('connections', () => {
  test('every ordered pair of distinct endpoints, and no pair of which nothing is known', () => {
    expect(lines(answer(WEB_DB))).toEqual([
      'db -> external:1: all',
      'db -> external:2: all',
      'db -> web: all',
      'external:1 -> db: all',
      'external:1 -> web: all',
      'external:2 -> db: all',
      'external:2 -> web: all',
      'web -> db: all',
      'web -> external:1: all',
      'web -> external:2: all',
    ]);
  });

  test('a pair that is absent is denied', () => {
    expect(lines(answer([...WEB_DB, ONLY_WEB]))).toEqual([
      'db -> external:1: all',
      'db -> external:2: all',
      'db -> web: all',
      'external:1 -> web: all',
      'external:2 -> web: all',
      'web -> db: TCP 5432',
      'web -> external:1: all',
      'web -> external:2: all',
    ]);
  });

  test('`all` means all that the answer is about', () => {
    const ports = policy(
      'shop/db',
      'podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{protocol: TCP}, {protocol: UDP}, {protocol: SCTP}]}]',
    );
    const toDb = (map: MapAnswer) => map.connections.find(({ from, to }) => from.endsWith('web') && to.endsWith('db'));
    expect(toDb(answer([...WEB_DB, ports]))?.allowed).toBe('all');
    expect(toDb(answer([...WEB_DB, ports], { scope: scopeOf(['all'])! }))?.allowed).toEqual([
      { protocol: 'TCP', ports: '1-65535' },
      { protocol: 'UDP', ports: '1-65535' },
      { protocol: 'SCTP', ports: '1-65535' },
    ]);
    expect(toDb(answer([...WEB_DB, ports], { scope: scopeOf(['icmp'])! }))).toBeUndefined();
  });

  test('unknown is told with its reasons, and not beside what is allowed', () => {
    const lost = [
      workload('shop/web'),
      workload('lost/api'),
      policy('shop/x', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}, {ports: [{port: 80}]}]'),
    ];
    const told = lines(answer(lost)).find((text) => text.startsWith('lost/Deployment/api -> web'));
    expect(told).toBe(
      'lost/Deployment/api -> web: TCP 80 ?TCP 1-79,81-65535; UDP 1-65535; SCTP 1-65535 (labels-unknown)',
    );
  });

  test('mixed by address family', () => {
    const dual = [
      pod('shop/web', { ips: ['10.1.0.1', 'fd00::1'] }),
      pod('shop/db', { ips: ['10.1.0.2', 'fd00::2'] }),
      policy(
        'shop/x',
        "podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 1}]}, {from: [{ipBlock: {cidr: '::/0'}}], ports: [{port: 1}, {port: 2}]}]",
      ),
    ];
    expect(lines(answer(dual)).find((text) => text.startsWith('web -> db'))).toBe(
      'web -> db: TCP 1 ~TCP 2 (differs by address family)',
    );
  });

  test('between a pod and its own node only: mixed where it is known which, unknown where not', () => {
    const nodes = [node('n1', ['10.9.0.1']), node('n2', ['10.9.0.2'])];
    const twins = (places: readonly string[]) =>
      places.map((place, index) =>
        pod(`shop/${'ab'[index]}`, {
          owner: 'ReplicaSet/set',
          labels: 'app: x',
          ...(place === '' ? {} : { node: place }),
        }),
      );
    const closed = [...nodes, workload('shop/set', { kind: 'ReplicaSet', labels: 'app: x' }), policy('shop/x')];
    const fromNode = (places: readonly string[]) =>
      lines(answer([...closed, ...twins(places)])).find((text) => text.startsWith('node:n1 -> set'));
    expect(fromNode(['n1', 'n2'])).toBe(
      'node:n1 -> set:  ~TCP 1-65535; UDP 1-65535; SCTP 1-65535 (only between a pod and its own node)',
    );
    expect(fromNode(['', ''])).toBe('node:n1 -> set:  ?TCP 1-65535; UDP 1-65535; SCTP 1-65535 (own-node)');
  });

  test('of what nodes and outside addresses send one another nothing is said', () => {
    const told = lines(answer([...WEB_DB, node('n1', ['10.9.0.1'])]));
    expect(told.filter((text) => /^(node|external)\S* -> (node|external)/.test(text))).toEqual([]);
    expect(told).toContain('node:n1 -> web: all');
  });

  test('parts of a workload are endpoints of their own', () => {
    const set = workload('shop/set', { kind: 'ReplicaSet', labels: 'app: x' });
    const members = ['1', '2'].map((v) => pod(`shop/p${v}`, { owner: 'ReplicaSet/set', labels: `app: x, v: "${v}"` }));
    const told = lines(answer([set, ...members, policy('shop/x', 'podSelector: {matchLabels: {v: "1"}}')]));
    expect(told).toContain('set#1 -> set#2: all');
    expect(told.some((text) => text.includes('-> set#1'))).toBe(false);
  });
});

describe('options', () => {
  const TWO = [...WEB_DB, workload('other/api'), workload('third/job')];

  test('namespaces keep connections with an end in one of them', () => {
    const told = answer(TWO, { namespaces: ['other'] }).connections;
    expect(told.length).toBeGreaterThan(0);
    expect(told.every(({ from, to }) => from.startsWith('other/') || to.startsWith('other/'))).toBe(true);
    expect(told.some(({ from }) => from.startsWith('third/'))).toBe(true);
  });

  test('the answer says what it is about', () => {
    const map = answer(WEB_DB);
    expect(map).toMatchObject({
      schema: 'ringfence.dev/map/v1',
      engine: { profile: 'azure-npm-linux' },
      protocols: ['TCP', 'UDP', 'SCTP'],
      folded: false,
      diagnostics: [],
    });
  });

  test('every end of a connection is an endpoint of the answer', () => {
    for (const fold of ['never', 'always'] as const) {
      const map = answer([...TWO, ONLY_WEB, node('n1')], { fold });
      const ids = new Set(map.endpoints.map(({ id }) => id));
      expect(map.connections.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    }
  });
});

describe('folded by namespace', () => {
  const TWO = [...WEB_DB, workload('other/api'), workload('other/job'), node('n1'), node('n2')];
  const told = (documents: readonly string[]) => lines(answer(documents, { fold: 'always' }));

  test('what every pair of members may send is allowed', () => {
    expect(told(TWO)).toContain('ns:other -> ns:shop: all');
    expect(told(TWO)).toContain('nodes -> ns:shop: all');
    expect(told(TWO)).toContain('ns:shop -> ns:shop: all');
  });

  test('what only some may is mixed, and says of how many', () => {
    const all = told([...TWO, ONLY_WEB]);
    const starts = (text: string) => all.some((each) => each.startsWith(text));
    expect(starts('ns:other -> ns:shop:  ~TCP 1-65535; UDP 1-65535; SCTP 1-65535 (some of 4 pairs')).toBe(true);
    expect(starts('ns:shop -> ns:shop: TCP 5432 ~TCP 1-5431,5433-65535; UDP 1-65535; SCTP 1-65535 (')).toBe(true);
  });

  test('what none may is absent; a node may be the own node of any', () => {
    expect(told([...TWO, policy('shop/x')]).filter((text) => text.includes('-> ns:shop'))).toEqual([
      'nodes -> ns:shop:  ?TCP 1-65535; UDP 1-65535; SCTP 1-65535 ()',
    ]);
  });

  test('namespaces say how many workloads they stand for', () => {
    const { endpoints, folded } = answer(TWO, { fold: 'always' });
    expect(folded).toBe(true);
    expect(endpoints.filter(({ kind }) => kind === 'namespace').map(({ id, members }) => `${id} ${members}`)).toEqual([
      'ns:shop 2',
      'ns:other 2',
    ]);
  });

  test('happens by itself above a number of endpoints', () => {
    // Outside addresses are two endpoints, one for each family.
    const many = Array.from({ length: FOLD_ABOVE - 1 }, (_, index) => workload(`shop/w${index}`));
    expect(answer(many).folded).toBe(true);
    expect(answer(many.slice(1)).folded).toBe(false);
    expect(answer(many, { fold: 'never' }).folded).toBe(false);
  });
});
