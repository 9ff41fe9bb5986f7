import { addAll, addBit, type Bits, bitsOf, emptyBits, members, union } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { MeshConfig } from '#model/istio.ts';
import { exactly, type PointSpan } from '../../form.ts';
import { orPerhaps } from '../../spans.ts';
import { podsOfNamespace, type World } from '../../world.ts';

/** Who reads a policy: Envoy in sidecars, gateways and waypoints, or ztunnel. They differ in details. */
export type Reading = 'envoy' | 'ztunnel';

/** Identities that the values of one field mean. */
export interface IdentityMatch {
  /** Points whose identity it is, as far as their connections show one. */
  readonly points: PointSpan;
  matches(identity: WorkloadIdentity): 'yes' | 'no' | 'perhaps';
}

export interface WorkloadIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export type IdentityField = 'principals' | 'namespaces' | 'serviceAccounts';

export interface Asked {
  readonly field: IdentityField;
  readonly values: readonly string[];
  readonly reading: Reading;
  /** Where a service account without a namespace is. */
  readonly namespace: string;
}

export interface Identities {
  /** Pods of one service account. */
  pointsOf(namespace: string, serviceAccount: string): Bits;
  match(asked: Asked): IdentityMatch;
}

export function identitiesOf(world: World, config: MeshConfig): Identities {
  const index = indexAccounts(world);
  const known = new Map<string, IdentityMatch>();
  const potentials = bitsOf(world.size, world.potentials);
  const pointsOf = (namespace: string, account: string) => bitsOf(world.size, index.get(namespace)?.get(account) ?? []);
  return {
    pointsOf,
    match: (asked) => {
      const key = JSON.stringify([
        asked.field,
        asked.values,
        asked.reading,
        asked.field === 'serviceAccounts' ? asked.namespace : '',
      ]);
      return remembered(known, key, () => {
        const tests = asked.values.map((value) => testOf(value, asked, config));
        return {
          points: pointsOfTests(tests),
          matches: (identity) => anyOf(tests.map((test) => test.matches(identity))),
        };
      });
    },
  };

  function pointsOfTests(tests: readonly IdentityTest[]): PointSpan {
    let span = exactly(world.nothing);
    for (const test of tests) {
      const found = pointsOfTest(test);
      span = {
        ...span,
        must: union(span.must, found.must),
        may: union(span.may, found.may),
        doubts: [...span.doubts, ...found.doubts],
      };
    }
    return span.doubts.length === 0 ? exactly(span.must) : span;
  }

  /** Exact ones come from the index, patterns from all accounts. */
  function pointsOfTest(test: IdentityTest): PointSpan {
    const { only } = test;
    if (only !== undefined) {
      const account = only.serviceAccount;
      const found = account === undefined ? podsOfNamespace(world, only.namespace) : pointsOf(only.namespace, account);
      return orPerhaps(inDoubtIf(found, test), unseen(only), 'identity-unknown');
    }
    const found = emptyBits(world.size);
    for (const [namespace, accounts] of index) {
      for (const [serviceAccount, points] of accounts) {
        if (test.matches({ namespace, serviceAccount }) !== 'no') for (const point of points) addBit(found, point);
      }
    }
    return orPerhaps(inDoubtIf(found, test), potentials, 'identity-unknown');
  }

  /** Pods that could appear have some service account of their namespace. */
  function unseen({ namespace, serviceAccount }: Partial<WorkloadIdentity> & { readonly namespace: string }): Bits {
    const bits = emptyBits(world.size);
    if (serviceAccount === undefined || world.potentials.length === 0) return bits;
    addAll(bits, podsOfNamespace(world, namespace));
    return bits.map((word, index) => word & potentials[index]!);
  }

  function inDoubtIf(points: Bits, { certain }: IdentityTest): PointSpan {
    return certain
      ? exactly(points)
      : { must: world.nothing, may: points, doubts: [{ reason: 'identity-unknown', points }] };
  }
}

/** Service accounts by namespace. */
function indexAccounts(world: World): ReadonlyMap<string, ReadonlyMap<string, readonly number[]>> {
  const index = new Map<string, Map<string, number[]>>();
  for (const point of members(world.pods)) {
    const { namespace, serviceAccount, units } = world.points[point]!;
    if (units.length === 0) continue;
    const accounts = remembered(index, namespace, () => new Map<string, number[]>());
    remembered(accounts, serviceAccount, () => []).push(point);
  }
  return index;
}

interface IdentityTest {
  /** The one namespace, or the one service account, that it means. */
  readonly only?: { readonly namespace: string; readonly serviceAccount?: string };
  readonly certain: boolean;
  matches(identity: WorkloadIdentity): 'yes' | 'no' | 'perhaps';
}

function testOf(value: string, { field, reading, namespace }: Asked, config: MeshConfig): IdentityTest {
  switch (field) {
    case 'serviceAccounts': {
      const [first = '', second] = value.split('/');
      const only =
        second === undefined ? { namespace, serviceAccount: first } : { namespace: first, serviceAccount: second };
      return exactTest(only, true);
    }
    case 'namespaces': {
      if (!value.includes('*')) return exactTest({ namespace: value }, true);
      // Envoy gets a regular expression in which every star means anything; ztunnel knows a star at one end.
      const fits = reading === 'envoy' ? globOf(value) : wildcardOf(value);
      return { certain: true, matches: (identity) => (fits(identity.namespace) ? 'yes' : 'no') };
    }
    case 'principals':
      return principalTest(value, reading, config);
  }
}

function exactTest(only: NonNullable<IdentityTest['only']>, certain: boolean): IdentityTest {
  const fits = ({ namespace, serviceAccount }: WorkloadIdentity) =>
    namespace === only.namespace && (only.serviceAccount === undefined || serviceAccount === only.serviceAccount);
  return { only, certain, matches: (identity) => (fits(identity) ? (certain ? 'yes' : 'perhaps') : 'no') };
}

/**
 * `trust/ns/NS/sa/SA`. Envoy's policies are rewritten for the aliases of the trust domain, and `cluster.local` stands for
 * whatever it is (pilot/pkg/security/trustdomain); ztunnel compares as written. A trust domain that is not the usual one
 * may be the right one where the mesh configuration is not in the input.
 */
function principalTest(value: string, reading: Reading, config: MeshConfig): IdentityTest {
  const parts = value.split('/');
  const full = parts.length === 5 && parts[1] === 'ns' && parts[3] === 'sa';
  const domain = parts[0] ?? '';
  const known = [config.trustDomain, ...(reading === 'envoy' ? [...config.trustDomainAliases, 'cluster.local'] : [])];
  const foreign = full && !domain.includes('*') && !known.includes(domain);
  const certain = !foreign || config.given;
  const text = full && (known.includes(domain) || !certain) ? [config.trustDomain, ...parts.slice(1)].join('/') : value;
  if (full && !text.includes('*')) {
    if (foreign && certain) return { certain: true, matches: () => 'no', only: { namespace: '', serviceAccount: '' } };
    return exactTest({ namespace: parts[2]!, serviceAccount: parts[4]! }, certain);
  }
  const fits = wildcardOf(text);
  const name = ({ namespace, serviceAccount }: WorkloadIdentity) =>
    `${config.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  return { certain, matches: (identity) => (fits(name(identity)) ? (certain ? 'yes' : 'perhaps') : 'no') };
}

/** Istio's text match: `*` is present and not empty, `*end`, `start*`, or the text itself. */
export function wildcardOf(pattern: string): (text: string) => boolean {
  if (pattern === '*') return (text) => text !== '';
  if (pattern.startsWith('*')) return (text) => text.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return (text) => text.startsWith(pattern.slice(0, -1));
  return (text) => text === pattern;
}

/** Every star stands for any text. Linear: each part is found as early as it can be. */
function globOf(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  const last = parts.at(-1) ?? '';
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    let at = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

export function anyOf(answers: readonly ('yes' | 'no' | 'perhaps')[]): 'yes' | 'no' | 'perhaps' {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('perhaps') ? 'perhaps' : 'no';
}
