import { describe, expect, test } from 'vitest';
import { members } from '#base/bits.ts';
import { asker, clusterOf, namespace, node, pod, policy, workload } from './ask.test-support.ts';
import { unitsOf } from './units.ts';
import { buildWorld, coversLabel, externalPoint, podsOfNamespace, type World } from './world.ts';

/** Each owner with what stands for it: pods by name, `template` for a template. */
function owners(...documents: readonly string[]): string[] {
  const { owners: list, units } = unitsOf(clusterOf(...documents));
  return list.map(({ id }, owner) => {
    const own = units.filter((unit) => unit.owner === owner).map((unit) => unit.pod ?? 'template');
    return `${id}: ${own.join(' ')}`.trim();
  });
}

describe('pods and their controllers', () => {
  const DEPLOYMENT = workload('shop/web');
  const REPLICA_SET = workload('shop/web-1', { kind: 'ReplicaSet', owner: 'Deployment/web' });
  const CRON_JOB = `
apiVersion: batch/v1
kind: CronJob
metadata: {name: night, namespace: shop}
spec: {schedule: '0 0 * * *', jobTemplate: {spec: {template: {metadata: {labels: {app: night}}, spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}}`;
  const JOB = `
apiVersion: batch/v1
kind: Job
metadata: {name: night-1, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: night, controller: true, uid: x}]}
spec: {template: {metadata: {labels: {app: night}}, spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}`;

  test.each<[why: string, documents: string[], want: string[]]>([
    ['a pod by itself', [pod('shop/a')], ['shop/Pod/a: a']],
    ['a workload without pods', [DEPLOYMENT], ['shop/Deployment/web: template']],
    [
      'a ReplicaSet of a Deployment never stands for itself',
      [DEPLOYMENT, REPLICA_SET],
      ['shop/Deployment/web: template'],
    ],
    [
      'pods through the ReplicaSet',
      [DEPLOYMENT, REPLICA_SET, pod('shop/a', { owner: 'ReplicaSet/web-1' })],
      ['shop/Deployment/web: a'],
    ],
    [
      '… in any order',
      [pod('shop/a', { owner: 'ReplicaSet/web-1' }), REPLICA_SET, DEPLOYMENT],
      ['shop/Deployment/web: a'],
    ],
    [
      'the Deployment is not in the input',
      [REPLICA_SET, pod('shop/a', { owner: 'ReplicaSet/web-1' })],
      ['shop/ReplicaSet/web-1: a'],
    ],
    [
      'the ReplicaSet is not in the input',
      [DEPLOYMENT, pod('shop/a', { owner: 'ReplicaSet/web-1' })],
      ['shop/Deployment/web: template', 'shop/Pod/a: a'],
    ],
    [
      'a controller of that name in another namespace',
      [workload('other/web-1', { kind: 'ReplicaSet' }), pod('shop/a', { owner: 'ReplicaSet/web-1' })],
      ['other/ReplicaSet/web-1: template', 'shop/Pod/a: a'],
    ],
    [
      'a controller of that name and another kind',
      [workload('shop/web-1', { kind: 'StatefulSet' }), pod('shop/a', { owner: 'ReplicaSet/web-1' })],
      ['shop/StatefulSet/web-1: template', 'shop/Pod/a: a'],
    ],
    ['a Job of a CronJob', [CRON_JOB, JOB, pod('shop/a', { owner: 'Job/night-1' })], ['shop/CronJob/night: a']],
    [
      'finished pods take no part',
      [pod('shop/a', { phase: 'Succeeded' }), pod('shop/b', { phase: 'Failed' }), pod('shop/c', { phase: 'Pending' })],
      ['shop/Pod/c: c'],
    ],
    [
      'a workload whose pods are all finished is its template',
      [DEPLOYMENT, REPLICA_SET, pod('shop/a', { owner: 'ReplicaSet/web-1', phase: 'Failed' })],
      ['shop/Deployment/web: template'],
    ],
    [
      'controllers in a circle',
      [
        workload('shop/a', { kind: 'ReplicaSet', owner: 'ReplicaSet/b' }),
        workload('shop/b', { kind: 'ReplicaSet', owner: 'ReplicaSet/a' }),
        pod('shop/p', { owner: 'ReplicaSet/a' }),
      ],
      ['shop/ReplicaSet/a: p', 'shop/ReplicaSet/b: template'],
    ],
    [
      'three in a circle',
      ['ab', 'bc', 'ca'].map(([name, owner]) =>
        workload(`shop/${name}`, { kind: 'ReplicaSet', owner: `ReplicaSet/${owner}` }),
      ),
      ['shop/ReplicaSet/a: template', 'shop/ReplicaSet/b: template', 'shop/ReplicaSet/c: template'],
    ],
  ])('%s', (_why, documents, want) => {
    expect(owners(...documents).sort()).toEqual([...want].sort());
  });
});

/** The pod points of a world: `namespace/labels family-mask atom` with names of pods. */
function pods(world: World): string[] {
  const names = (units: readonly number[]) =>
    units.map((unit) => world.units[unit]!.pod ?? world.owners[world.units[unit]!.owner]!.name);
  return world.points
    .filter(({ kind }) => kind === 'pod')
    .map(
      ({ units, families, facet, atom }) =>
        `${names(units).join('+')} ${families}${families === 3 ? '' : ` v${facet}`} ${atom ?? 'anywhere'}`,
    );
}

describe('points', () => {
  const TWO = [
    pod('shop/a', { labels: 'app: a, x: "1"', ips: ['10.1.0.1'] }),
    pod('shop/b', { labels: 'app: a, x: "1"', ips: ['10.1.0.2'] }),
  ];

  test.each<[why: string, documents: string[], want: string[]]>([
    ['pods that nothing tells apart are one', TWO, ['a+b 1 v4 0']],
    [
      'a label tells apart',
      [TWO[0]!, pod('shop/b', { labels: 'app: b', ips: ['10.1.0.2'] })],
      ['a 1 v4 0', 'b 1 v4 0'],
    ],
    ['a namespace too', [TWO[0]!, pod('other/b', { labels: 'app: a, x: "1"' })], ['b 3 anywhere', 'a 1 v4 0']],
    [
      'a block that divides them',
      [...TWO, policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.1.0.2/32}}]}]')],
      ['a 1 v4 0', 'b 1 v4 1'],
    ],
    [
      'a block that holds both',
      [...TWO, policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/24}}]}]')],
      ['a+b 1 v4 1'],
    ],
    [
      'a named port tells apart',
      [
        pod('shop/a', { labels: 'app: a', ports: ['http:80'] }),
        pod('shop/b', { labels: 'app: a', ports: ['http:81'] }),
      ],
      ['a 3 anywhere', 'b 3 anywhere'],
    ],
    [
      'the node’s network tells apart',
      [pod('shop/a', { labels: 'app: a' }), pod('shop/b', { labels: 'app: a', hostNetwork: true })],
      ['a 3 anywhere', 'b 3 anywhere'],
    ],
    [
      'labels that a controller sets do not',
      [
        pod('shop/a', { labels: 'app: a, pod-template-hash: "1"' }),
        pod('shop/b', { labels: 'app: a, pod-template-hash: "2"' }),
      ],
      ['a+b 3 anywhere'],
    ],
    [
      '… unless a selector names them',
      [
        pod('shop/a', { labels: 'app: a, pod-template-hash: "1"' }),
        pod('shop/b', { labels: 'app: a, pod-template-hash: "2"' }),
        policy('shop/x', 'podSelector: {matchLabels: {pod-template-hash: "1"}}'),
      ],
      ['a 3 anywhere', 'b 3 anywhere'],
    ],
    ['both families in one where no block cuts', [pod('shop/a', { ips: ['10.1.0.1', 'fd00::1'] })], ['a 3 0']],
    [
      'a facet for each family where one does',
      [
        pod('shop/a', { ips: ['10.1.0.1', 'fd00::1'] }),
        policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'),
      ],
      ['a 1 v4 1', 'a 2 v6 0'],
    ],
    [
      'of unknown address: one facet',
      [pod('shop/a'), policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]')],
      ['a 3 anywhere'],
    ],
    [
      '… and two where pods are seen to speak IPv6',
      [
        pod('shop/a'),
        pod('shop/b', { ips: ['fd00::1'] }),
        policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]'),
      ],
      ['a 1 v4 anywhere', 'a 2 v6 anywhere', 'b 2 v6 0'],
    ],
  ])('%s', (_why, documents, want) => {
    expect(pods(asker(documents).engine.world)).toEqual(want);
  });

  test('owners in focus have a point for each pod', () => {
    const { world } = asker(TWO, { focus: new Set(['shop/Pod/a', 'shop/Pod/b']) }).engine;
    expect(pods(world)).toEqual(['a 1 v4 0', 'b 1 v4 0']);
  });

  test('points know on which nodes their pods are, and whether of all', () => {
    const placed = [pod('shop/a', { labels: 'app: a', node: 'n1' }), pod('shop/b', { labels: 'app: a', node: 'n2' })];
    const point = (documents: readonly string[]) => asker(documents).engine.world.points[0]!;
    expect([point(placed).placed, [...point(placed).nodeNames]]).toEqual([true, ['n1', 'n2']]);
    expect(point([...placed, pod('shop/c', { labels: 'app: a' })]).placed).toBe(false);
  });

  test('namespaces are stretches of points, those that are only referred to included', () => {
    const { world } = asker([namespace('empty', 'a: b'), pod('b/x'), pod('a/x'), pod('a/z'), policy('c/x')]).engine;
    const facts = [...world.namespaces].map(([name, { labels, first, end }]) => [
      name,
      labels === undefined ? 'no labels' : [...labels.keys()].join(),
      first,
      end,
    ]);
    expect(facts).toEqual([
      ['a', 'no labels', 0, 2],
      ['b', 'no labels', 2, 3],
      ['c', 'no labels', 3, 3],
      ['empty', 'a,kubernetes.io/metadata.name', 3, 3],
    ]);
    expect([...members(podsOfNamespace(world, 'a'))]).toEqual([0, 1]);
    expect([...members(podsOfNamespace(world, 'none'))]).toEqual([]);
  });

  test('every namespace has the name label, as the API server sets it', () => {
    const snapshot = clusterOf(namespace('shop'));
    const bare = { ...snapshot, namespaces: snapshot.namespaces.map((each) => ({ ...each, labels: new Map() })) };
    const { namespaces } = buildWorld(bare, { labelKeys: new Set(), nodeLabelKeys: new Set(), ranges: [] });
    expect(namespaces.get('shop')!.labels!.get('kubernetes.io/metadata.name')).toBe('shop');
  });

  test('the name label of a namespace cannot be written over', () => {
    const { world } = asker([namespace('shop', 'kubernetes.io/metadata.name: liar')]).engine;
    expect(world.namespaces.get('shop')!.labels!.get('kubernetes.io/metadata.name')).toBe('shop');
  });

  test('sets of points by kind', () => {
    const { world } = asker([pod('shop/a'), pod('shop/b', { hostNetwork: true }), node('n1', ['10.9.0.1'])]).engine;
    const kinds = (bits: Uint32Array) => [...members(bits)].map((point) => world.points[point]!.kind).join(' ');
    expect([kinds(world.pods), kinds(world.hosts), kinds(world.externals)]).toEqual([
      'pod',
      'pod node',
      'external external',
    ]);
    expect([...members(world.everything)]).toHaveLength(world.size);
  });

  test('a host-network pod has the addresses of its node', () => {
    const documents = [node('n1', ['10.9.0.1']), pod('shop/a', { hostNetwork: true, node: 'n1' })];
    const block = policy('shop/x', 'ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/16}}]}]');
    expect(pods(asker([...documents, block]).engine.world)).toEqual(['a 1 v4 1']);
    expect(pods(asker([documents[1]!, block]).engine.world)).toEqual(['a 3 anywhere']);
  });

  test('cuts of a question make points of their own', () => {
    const { world } = asker([pod('shop/a', { ips: ['10.1.0.1'] })], { cuts: [{ family: 4, lo: 5n, hi: 9n }] }).engine;
    expect(world.atoms[4].starts).toEqual([0n, 5n, 10n]);
    const points = [4n, 5n, 9n, 10n].map(
      (value) => externalPoint(world, { family: 4, value }) - world.firstExternal[4],
    );
    expect(points).toEqual([0, 1, 1, 2]);
  });

  test('domains of a question are points, of both families where pods speak both', () => {
    const one = asker([pod('shop/a')], { domains: ['a.example'] }).engine.world;
    const two = asker([pod('shop/a', { ips: ['fd00::1'] })], { domains: ['a.example'] }).engine.world;
    const facets = (world: World) => world.domains.get('a.example')!.map((point) => world.points[point]!.facet);
    expect([facets(one), facets(two)]).toEqual([[4], [4, 6]]);
  });

  test('pods that could appear are points without units, in namespaces that may be new', () => {
    const potentials = [
      { namespace: 'shop', labels: new Map([['app', 'web']]), namedPorts: [] },
      { namespace: 'new', namespaceLabels: new Map([['team', 'a']]), labels: new Map(), namedPorts: [] },
    ];
    const { engine } = asker(
      [pod('shop/a'), policy('shop/x', 'ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]')],
      { potentials },
    );
    const { world } = engine;
    const found = world.potentials.map((point) => world.points[point]!);
    expect(found.map(({ namespace: of, units }) => `${of} ${units.length}`)).toEqual(['new 0', 'shop 0']);
    expect(world.namespaces.get('new')!.labels!.get('team')).toBe('a');
    const [fresh, own] = world.potentials;
    const target = world.pointsOfOwner[0]![0]!;
    const may = (from: number) =>
      engine.reach.ingress.rows[target]!.some(
        ({ peers, grant }) => ((peers[from >>> 5]! >>> (from & 31)) & 1) === 1 && grant.allowed.length > 0,
      );
    expect([may(fresh!), may(own!)]).toEqual([true, false]);
  });

  test('a selector may ask for what every pod of a point agrees on', () => {
    const world = buildWorld(clusterOf(pod('shop/a')), {
      labelKeys: new Set(['job-name']),
      nodeLabelKeys: new Set(),
      ranges: [],
    });
    expect(['app', 'job-name', 'pod-template-hash'].map((key) => coversLabel(world, key))).toEqual([true, true, false]);
  });
});
