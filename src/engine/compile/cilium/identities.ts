import {
  addAll,
  addBit,
  addRange,
  type Bits,
  copyBits,
  difference,
  emptyBits,
  intersection,
  isEmpty,
  union,
} from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { CiliumSelector } from '#model/cilium.ts';
import type { LabelRequirement, Labels } from '#model/resource.ts';
import { type Doubt, exactly, type PointSpan } from '../../form.ts';
import { keyOf } from '../../select.ts';
import type { World } from '../../world.ts';

/** Answers selectors over the labels of identities. */
export interface Identities {
  /** Pods that Cilium manages. */
  pods(selector: CiliumSelector): PointSpan;
  /** Whether an identity with these labels only, as `reserved:host`, is selected. */
  reserved(selector: CiliumSelector, labels: ReadonlySet<string>): boolean;
}

export const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';
const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';

export interface IdentityRules {
  readonly keeps: (key: string) => boolean;
  /** Undefined where the name of the cluster is not known. */
  readonly cluster: string | undefined;
}

/**
 * The identity of a pod: those of its own labels that count, its namespace with the namespace's labels, its service
 * account, its cluster. Host-network pods have the identity of their node and no labels here.
 */
export function identitiesOf(world: World, { keeps, cluster }: IdentityRules): Identities {
  const { values, unknown } = indexLabels(world, keeps);
  const nameless = pointsOfNameless(world);
  const answers = new Map<string, PointSpan>();
  return { pods: (selector) => remembered(answers, keyOf(selector), () => select(selector)), reserved };

  function select({ requirements }: CiliumSelector): PointSpan {
    let must = world.pods;
    let may = world.pods;
    const doubts: Doubt[] = [];
    for (const requirement of requirements) {
      const fits = meeting(requirement);
      const open = unknownFor(bareKey(requirement.key));
      must = intersection(must, open === undefined ? fits : difference(fits, open.points));
      may = intersection(may, open === undefined ? fits : union(fits, open.points));
      if (open !== undefined) doubts.push(open);
    }
    return isEmpty(difference(may, must)) ? exactly(must) : { must, may, doubts };
  }

  function meeting({ key, operator, values: wanted }: LabelRequirement): Bits {
    const bare = bareKey(key);
    if (bare === CLUSTER_KEY && isOfPods(key)) return ofCluster(operator, wanted);
    const byValue = isOfPods(key) ? values.get(bare) : undefined;
    const listed = emptyBits(world.size);
    const some = operator === 'In' || operator === 'NotIn';
    for (const value of some ? wanted : (byValue?.keys() ?? [])) {
      const points = byValue?.get(value);
      if (points !== undefined) addAll(listed, points);
    }
    return operator === 'In' || operator === 'Exists' ? listed : difference(world.pods, listed);
  }

  function ofCluster(operator: LabelRequirement['operator'], wanted: readonly string[]): Bits {
    const positive = operator === 'In' || operator === 'Exists';
    const some = operator === 'In' || operator === 'NotIn';
    const has = keeps(CLUSTER_KEY) && (!some || (cluster !== undefined && wanted.includes(cluster)));
    return has === positive ? world.pods : world.nothing;
  }

  function unknownFor(key: string): (Doubt & { readonly points: Bits }) | undefined {
    if (key === CLUSTER_KEY)
      return cluster === undefined ? { reason: 'identity-unknown', points: world.pods } : undefined;
    const own = unknown.get(key);
    if (own !== undefined) return { reason: 'label-generated', points: own };
    const named = key === `${NAMESPACE_LABELS}kubernetes.io/metadata.name`;
    if (nameless === undefined || named || !key.startsWith(NAMESPACE_LABELS) || !keeps(key)) return undefined;
    return { reason: 'labels-unknown', points: nameless };
  }
}

interface LabelIndex {
  readonly values: ReadonlyMap<string, ReadonlyMap<string, Bits>>;
  /** Points for which a key's value is not known. */
  readonly unknown: ReadonlyMap<string, Bits>;
}

function indexLabels(world: World, keeps: IdentityRules['keeps']): LabelIndex {
  const values = new Map<string, Map<string, Bits>>();
  const unknown = new Map<string, Bits>();
  const ofNamespace = new Map([...world.namespaces].map(([name, { labels }]) => [name, namespaceLabels(name, labels)]));
  const none = () => emptyBits(world.size);
  for (const [point, { kind, hostNetwork, unknownKeys, labels, namespace, serviceAccount }] of world.points.entries()) {
    if (kind !== 'pod' || hostNetwork) continue;
    for (const key of unknownKeys) if (keeps(key)) addBit(remembered(unknown, key, none), point);
    for (const [key, value] of [
      ...labels,
      ...(ofNamespace.get(namespace) ?? []),
      [ACCOUNT_KEY, serviceAccount] as const,
    ]) {
      if (!keeps(key)) continue;
      const byValue = remembered(values, key, () => new Map<string, Bits>());
      addBit(remembered(byValue, value, none), point);
    }
  }
  return { values, unknown };
}

/** What selectors ask of `reserved:` identities, which have no other labels. */
function reserved({ requirements }: CiliumSelector, labels: ReadonlySet<string>): boolean {
  return requirements.every(({ key, operator, values }) => {
    const has = labels.has(key) || (!key.includes(':') && labels.has(`reserved:${key}`));
    switch (operator) {
      case 'In':
        return has && values.includes('');
      case 'Exists':
        return has;
      case 'NotIn':
        return !has || !values.includes('');
      case 'DoesNotExist':
        return !has;
    }
  });
}

/** Label keys of pods that a selector names, for the world to tell pods apart by. */
export function keysOf({ requirements }: CiliumSelector): string[] {
  return requirements.filter(({ key }) => isOfPods(key)).map(({ key }) => bareKey(key));
}

/** Sources of labels of pods: `k8s`, and `any`, which is meant where none is written. */
function isOfPods(key: string): boolean {
  const source = sourceOf(key);
  return source === '' || source === 'any' || source === 'k8s';
}

export function sourceOf(key: string): string {
  const colon = key.indexOf(':');
  return colon < 0 ? '' : key.slice(0, colon);
}

export function bareKey(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}

function namespaceLabels(name: string, labels: Labels | undefined): [string, string][] {
  const inherited = [...(labels ?? [])].map(([key, value]): [string, string] => [`${NAMESPACE_LABELS}${key}`, value]);
  const named: [string, string] = [`${NAMESPACE_LABELS}kubernetes.io/metadata.name`, name];
  return [...inherited.filter(([key]) => key !== named[0]), named, [NAMESPACE_KEY, name]];
}

function pointsOfNameless(world: World): Bits | undefined {
  const bits = emptyBits(world.size);
  for (const { labels, first, end } of world.namespaces.values()) if (labels === undefined) addRange(bits, first, end);
  const pods = intersection(bits, world.pods);
  return isEmpty(pods) ? undefined : copyBits(pods);
}
