import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSubset, members } from '#base/bits.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { LabelRequirement, LabelSelector, SelectorOperator } from '#model/resource.ts';
import { asker, clusterPolicy, namespace, node, pod, policy, workload } from './ask.test-support.ts';
import type { PointSpan } from './form.ts';
import { keyOf, matchesLabels } from './select.ts';

function selector(
  ...requirements: readonly (readonly [key: string, operator: SelectorOperator, ...values: string[]])[]
): LabelSelector {
  const list: LabelRequirement[] = requirements.map(([key, operator, ...values]) => ({ key, operator, values }));
  return { requirements: list, origin: NO_ORIGIN };
}

const labels = (text: string) =>
  new Map(text === '' ? [] : text.split(',').map((pair) => pair.split('=') as [string, string]));

describe('matchesLabels', () => {
  test.each<[why: string, selector: LabelSelector, labels: string, want: boolean]>([
    ['nothing asked, no labels', selector(), '', true],
    ['nothing asked', selector(), 'a=1', true],
    ['In, key absent', selector(['a', 'In', '1']), '', false],
    ['In, value listed', selector(['a', 'In', '0', '1']), 'a=1', true],
    ['In, value not listed', selector(['a', 'In', '0', '2']), 'a=1', false],
    ['In, the empty value is not absence', selector(['a', 'In', '']), '', false],
    ['In, the empty value', selector(['a', 'In', '']), 'a=', true],
    ['NotIn, key absent', selector(['a', 'NotIn', '1']), '', true],
    ['NotIn, value listed', selector(['a', 'NotIn', '0', '1']), 'a=1', false],
    ['NotIn, value not listed', selector(['a', 'NotIn', '0']), 'a=1', true],
    ['NotIn, the empty value', selector(['a', 'NotIn', '']), 'a=', false],
    ['Exists, key absent', selector(['a', 'Exists']), 'b=1', false],
    ['Exists, key present', selector(['a', 'Exists']), 'a=1', true],
    ['Exists, the empty value', selector(['a', 'Exists']), 'a=', true],
    ['DoesNotExist, key absent', selector(['a', 'DoesNotExist']), '', true],
    ['DoesNotExist, key present', selector(['a', 'DoesNotExist']), 'a=1', false],
    ['DoesNotExist, the empty value', selector(['a', 'DoesNotExist']), 'a=', false],
    ['all must hold', selector(['a', 'Exists'], ['b', 'Exists']), 'a=1', false],
    ['values are exact', selector(['a', 'In', 'Web']), 'a=web', false],
    ['a key that objects inherit is a key like any other', selector(['__proto__', 'Exists']), '', false],
    ['… toString too', selector(['toString', 'DoesNotExist']), '', true],
  ])('%s: %s', (_why, asked, text, want) => {
    expect(matchesLabels(asked, labels(text))).toBe(want);
  });
});

describe('keyOf', () => {
  test('is the same for selectors that ask for the same in another order', () => {
    expect(keyOf(selector(['a', 'In', '1', '2'], ['b', 'Exists']))).toBe(
      keyOf(selector(['b', 'Exists'], ['a', 'In', '2', '1'])),
    );
  });

  test.each<[LabelSelector, LabelSelector]>([
    [selector(['a', 'In', '1']), selector(['a', 'NotIn', '1'])],
    [selector(['a', 'In', '1,2']), selector(['a', 'In', '1', '2'])],
    [selector(['a', 'In', '1']), selector(['a', 'In', '1'], ['b', 'Exists'])],
    [selector(['a', 'Exists']), selector(['a', 'DoesNotExist'])],
  ])('is another for selectors that ask for something else', (a, b) => {
    expect(keyOf(a)).not.toBe(keyOf(b));
  });
});

const CLUSTER = [
  namespace('n1', 'team: a'),
  namespace('n2', 'team: b, tier: x'),
  node('k1', [], 'zone: a'),
  node('k2', [], 'zone: b'),
  node('k3'),
  pod('n1/a', { labels: 'app: a' }),
  pod('n1/b', { labels: 'app: b, tier: ""' }),
  pod('n1/c', { labels: 'other: x' }),
  pod('n2/a', { labels: 'app: a, tier: x' }),
  pod('n2/d', { labels: '' }),
  pod('lost/a', { labels: 'app: a' }),
  // Nodes are told apart by labels that a policy mentions.
  clusterPolicy('p', 'egress: [{action: Deny, to: [{nodes: {matchLabels: {zone: a}}}]}]'),
];

describe('the index', () => {
  const { engine } = asker(CLUSTER);
  const { world, compiling } = engine;

  /** Names of pods in `must`, and in `may` behind a question mark. */
  function named(span: PointSpan): string {
    expect(isSubset(span.must, span.may)).toBe(true);
    const nameOf = (point: number) => {
      const { namespace: of, units } = world.points[point]!;
      return `${of}/${world.units[units[0]!]!.pod}`;
    };
    const must = new Set([...members(span.must)].map(nameOf));
    return [...members(span.may)]
      .map(nameOf)
      .map((name) => (must.has(name) ? name : `${name}?`))
      .sort()
      .join(' ');
  }

  test.each<[why: string, query: Parameters<typeof compiling.selection.pods>[0], want: string]>([
    ['a namespace', { namespace: 'n1' }, 'n1/a n1/b n1/c'],
    ['a namespace that is not there', { namespace: 'n9' }, ''],
    ['an empty selector is no restriction', { namespace: 'n2', podSelector: selector() }, 'n2/a n2/d'],
    ['In', { namespace: 'n1', podSelector: selector(['app', 'In', 'a', 'x']) }, 'n1/a'],
    [
      'NotIn takes pods without the key',
      { namespace: 'n1', podSelector: selector(['app', 'NotIn', 'a']) },
      'n1/b n1/c',
    ],
    ['Exists', { namespace: 'n1', podSelector: selector(['app', 'Exists']) }, 'n1/a n1/b'],
    ['DoesNotExist', { namespace: 'n1', podSelector: selector(['app', 'DoesNotExist']) }, 'n1/c'],
    ['a key that no pod has: Exists', { namespace: 'n1', podSelector: selector(['none', 'Exists']) }, ''],
    [
      'a key that no pod has: NotIn',
      { namespace: 'n1', podSelector: selector(['none', 'NotIn', 'a']) },
      'n1/a n1/b n1/c',
    ],
    ['the empty value', { namespace: 'n1', podSelector: selector(['tier', 'In', '']) }, 'n1/b'],
    [
      'several requirements',
      { namespace: 'n1', podSelector: selector(['app', 'Exists'], ['app', 'NotIn', 'a']) },
      'n1/b',
    ],
    ['namespaces by label', { namespaceSelector: selector(['team', 'In', 'b']) }, 'lost/a? n2/a n2/d'],
    [
      'namespaces that lack a label',
      { namespaceSelector: selector(['tier', 'DoesNotExist']) },
      'lost/a? n1/a n1/b n1/c',
    ],
    ['all namespaces', { namespaceSelector: selector() }, 'lost/a n1/a n1/b n1/c n2/a n2/d'],
    [
      'by the name label, known of every namespace',
      { namespaceSelector: selector(['kubernetes.io/metadata.name', 'In', 'lost']) },
      'lost/a',
    ],
    [
      '… excluded by it, for certain',
      { namespaceSelector: selector(['kubernetes.io/metadata.name', 'NotIn', 'lost'], ['team', 'Exists']) },
      'n1/a n1/b n1/c n2/a n2/d',
    ],
    [
      '… included by it, the rest open',
      { namespaceSelector: selector(['kubernetes.io/metadata.name', 'In', 'lost'], ['team', 'Exists']) },
      'lost/a?',
    ],
    [
      'namespaces and labels',
      { namespaceSelector: selector(['team', 'In', 'b']), podSelector: selector(['app', 'In', 'a']) },
      'lost/a? n2/a',
    ],
    [
      'a namespace selector wins over the namespace',
      { namespace: 'n1', namespaceSelector: selector(['team', 'In', 'b']), podSelector: selector(['app', 'In', 'a']) },
      'lost/a? n2/a',
    ],
  ])('%s', (_why, query, want) => {
    expect(named(compiling.selection.pods(query))).toBe(want);
  });

  test.each<[why: string, selector: LabelSelector, want: string]>([
    ['In', selector(['zone', 'In', 'a']), 'k1'],
    ['NotIn', selector(['zone', 'NotIn', 'a']), 'k2 k3'],
    ['Exists', selector(['zone', 'Exists']), 'k1 k2'],
    ['all', selector(), 'k1 k2 k3'],
  ])('nodes: %s', (_why, asked, want) => {
    const found = [...members(compiling.selection.nodes(asked))].map((point) =>
      [...world.points[point]!.nodeNames].join(),
    );
    expect(found.join(' ')).toBe(want);
  });

  test('says what each pod by itself says', () => {
    const requirement = fc
      .tuple(
        fc.constantFrom('app', 'tier', 'none'),
        fc.constantFrom<SelectorOperator>('In', 'NotIn', 'Exists', 'DoesNotExist'),
        fc.uniqueArray(fc.constantFrom('a', 'b', '', 'x'), { minLength: 1, maxLength: 3 }),
      )
      .map(([key, operator, values]) => ({
        key,
        operator,
        values: operator === 'In' || operator === 'NotIn' ? values : [],
      }));
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 3 }), (requirements) => {
        const asked = { requirements, origin: NO_ORIGIN };
        const { must, may } = compiling.selection.pods({ namespaceSelector: selector(), podSelector: asked });
        expect(may).toBe(must);
        const own = [...members(world.pods)].filter((point) => matchesLabels(asked, world.points[point]!.labels));
        expect([...members(must)]).toEqual(own);
      }),
    );
  });
});

describe('labels that a controller sets', () => {
  const WITH_HASH = 'podSelector: {matchExpressions: [{key: pod-template-hash, operator: Exists}]}';

  test.each<[why: string, spec: string, verdict: string]>([
    ['Exists', WITH_HASH, 'unknown'],
    ['a value', 'podSelector: {matchLabels: {pod-template-hash: abc}}', 'unknown'],
    ['DoesNotExist', 'podSelector: {matchExpressions: [{key: pod-template-hash, operator: DoesNotExist}]}', 'unknown'],
    ['beside a label that does not fit', 'podSelector: {matchLabels: {pod-template-hash: abc, app: x}}', 'allowed'],
    ['a label of another controller is not there', 'podSelector: {matchLabels: {job-name: abc}}', 'allowed'],
  ])('of a template: %s', (_why, spec, verdict) => {
    const ask = asker([workload('shop/web'), policy('shop/x', spec)]);
    expect(ask.verdict('203.0.113.7', 'shop/web')).toBe(verdict);
    if (verdict === 'unknown')
      expect(ask.trace('ingress', '203.0.113.7', 'shop/web').reasons).toEqual(['label-generated']);
  });

  test('of a pod are known', () => {
    const labelled = pod('shop/web', { labels: 'app: web, pod-template-hash: abc' });
    expect(asker([labelled, policy('shop/x', WITH_HASH)]).verdict('203.0.113.7', 'shop/web')).toBe('denied');
  });

  test('in the template itself are known', () => {
    const documents = [
      workload('shop/web', { labels: 'app: web, pod-template-hash: abc' }),
      policy('shop/x', WITH_HASH),
    ];
    expect(asker(documents).verdict('203.0.113.7', 'shop/web')).toBe('denied');
  });
});
