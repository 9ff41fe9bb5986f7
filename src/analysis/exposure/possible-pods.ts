import { keyOf, matchesLabels } from '#engine/select.ts';
import { NAMESPACE_NAME_LABEL, type PotentialPod } from '#engine/world.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Profile } from '#model/profile.ts';
import type { ClusterPodsPeer, LabelRequirement, LabelSelector, Labels, Namespace, PodPeer } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Covered, NamespaceCover } from './narrower.ts';
import { conditionsText, conditionText, counterWitnessesOf, onlyNameOf, witnessOf } from './witness.ts';

/** A pod that could appear, standing for all that the description covers. */
export interface PossiblePod {
  readonly pod: PotentialPod;
  /**
   * `any-new`: no labels, in a namespace that is new and has none. `any-in`: no labels, in a namespace of the input.
   * `rule`: what a rule asks for. `left-out`: what a rule's negative condition leaves out.
   */
  readonly kind: 'any-new' | 'any-in' | 'rule' | 'left-out';
  /** `pods with app=web in namespaces with team=a` */
  readonly text: string;
  /** What the text says, so that wider descriptions are told from narrower ones. */
  readonly covers: Covered;
  /** The namespace of the input that it is in, where it is in one. */
  readonly namespace?: string;
}

/** Whom the rules of a snapshot could mean that is not there: the selectors of all rules, each with a pod that satisfies it. */
export function possiblePodsOf(snapshot: Snapshot, profile: Profile): PossiblePod[] {
  const namespaces = namespacesOf(snapshot);
  const names = freshNames(new Set(namespaces.keys()));
  const policies = profile.enforces.includes('NetworkPolicy') ? snapshot.networkPolicies : [];
  const governed = new Set(policies.map(({ namespace }) => namespace));
  const context: Context = { present: presentIn(snapshot), namespaces, governed, fresh: () => names.next().value };
  const out: PossiblePod[] = [anyNew(context)];
  for (const namespace of [...governed].sort()) out.push(anyIn(context, namespace));
  const seen = new Set<string>();
  for (const asked of askedBy(snapshot, profile)) {
    const key = `${asked.namespace ?? `~${keyOf(asked.namespaceSelector)}`} ${asked.podSelector === undefined ? '' : keyOf(asked.podSelector)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    out.push(...ruleWitnesses(context, asked));
  }
  return once(out);
}

/** Two selectors may ask for the same in the end. */
function once(pods: readonly PossiblePod[]): PossiblePod[] {
  const seen = new Map<string, PossiblePod>();
  for (const pod of pods) {
    const key = `${pod.namespace ?? ''}\n${pod.kind === 'left-out'}\n${pod.text}`;
    if (!seen.has(key)) seen.set(key, pod);
  }
  return [...seen.values()];
}

interface Context {
  readonly present: ReadonlyMap<string, readonly Labels[]>;
  /** Namespaces of the input, with labels where it defines them. */
  readonly namespaces: ReadonlyMap<string, Labels | undefined>;
  /** Namespaces whose pods are told of one by one: those with policies. */
  readonly governed: ReadonlySet<string>;
  /** A namespace name that nothing has. */
  readonly fresh: () => string;
}

/** Pods as a rule asks for them. Without `namespace`, in any that the selector matches. Cluster-wide rules may deny. */
type Asked = { readonly podSelector?: LabelSelector; readonly mayDeny: boolean } & (
  | { readonly namespace: string }
  | { readonly namespace?: undefined; readonly namespaceSelector: LabelSelector }
);

function* askedBy(snapshot: Snapshot, profile: Profile): Generator<Asked> {
  for (const policy of snapshot.networkPolicies) {
    if (!profile.enforces.includes(policy.kind)) continue;
    for (const peer of [...policy.ingress, ...policy.egress].flatMap((rule) => rule.peers)) {
      if (peer.kind === 'pods') yield askedByPeer(peer, { own: policy.namespace, mayDeny: false });
    }
  }
  for (const policy of snapshot.clusterPolicies) {
    if (!profile.enforces.includes(policy.kind)) continue;
    yield askedByPeer(policy.subject, { own: '', mayDeny: true });
    for (const peer of [...policy.ingress, ...policy.egress].flatMap((rule) => rule.peers)) {
      if (peer.kind === 'pods') yield askedByPeer(peer, { own: '', mayDeny: true });
    }
  }
}

function askedByPeer(
  { podSelector, namespaceSelector }: PodPeer | ClusterPodsPeer,
  { own, mayDeny }: { own: string; mayDeny: boolean },
): Asked {
  const pods = podSelector === undefined ? { mayDeny } : { podSelector, mayDeny };
  if (namespaceSelector === undefined) return { ...pods, namespace: own };
  const name = onlyNameOf(namespaceSelector);
  return name === undefined ? { ...pods, namespaceSelector } : { ...pods, namespace: name };
}

function ruleWitnesses(context: Context, asked: Asked): PossiblePod[] {
  const pods = asked.podSelector ?? ANY;
  const labels = witnessOf(pods);
  if (labels === undefined) return [];
  const spaces =
    asked.namespace === undefined ? spacesOf(context, asked.namespaceSelector) : [spaceNamed(context, asked.namespace)];
  const leftOut = counterWitnessesOf(pods).map(
    ({ labels: other, broken }): Witness => ({
      labels: other,
      pods: { ...ANY, requirements: [broken] },
      kind: 'left-out',
    }),
  );
  // What can be denied, or is left out, narrows what any pod of a namespace gets: it is asked about there as well.
  const less: Witness[] =
    asked.mayDeny && pods.requirements.length > 0 ? [...leftOut, { labels, pods, kind: 'left-out' }] : leftOut;
  const beside =
    less.length === 0 || asked.namespace !== undefined ? [] : governedSpaces(context, asked.namespaceSelector);
  return [
    ...spaces.flatMap((space) => [
      ...(isTaken(context, space, pods) ? [] : [possible(space, { labels, pods, kind: 'rule' })]),
      ...leftOut.map((witness) => possible(space, witness)),
    ]),
    ...beside.flatMap((space) => less.map((witness) => possible(space, witness))),
  ];
}

/** Namespaces with policies that a selector matches, or may match where their labels are not in the input. */
function governedSpaces(context: Context, selector: LabelSelector): Space[] {
  const { governed, namespaces } = context;
  return [...governed].flatMap((name) => {
    const labels = namespaces.get(name);
    return labels === undefined || matchesLabels(selector, labels) ? [spaceNamed(context, name)] : [];
  });
}

/** A namespace that a witness is in: one of the input, or one that could be made. */
interface Space {
  readonly name: string;
  /** Of a namespace that is not in the input. */
  readonly labels?: Labels;
  readonly existing: boolean;
  readonly text: string;
  readonly cover: NamespaceCover;
  readonly kind?: 'left-out';
}

function spaceNamed({ namespaces }: Context, name: string): Space {
  const existing = namespaces.has(name);
  return {
    name,
    existing,
    ...(!existing && { labels: new Map([[NAMESPACE_NAME_LABEL, name]]) }),
    text: `of namespace ${name}`,
    cover: coverOfName(namespaces, name),
  };
}

function coverOfName(namespaces: Context['namespaces'], name: string): NamespaceCover {
  const labels = namespaces.get(name);
  return labels === undefined ? { name } : { name, labels };
}

/** A new namespace that satisfies the selector; where only namespaces of certain names can, those of them that exist. */
function spacesOf(context: Context, selector: LabelSelector): Space[] {
  const labels = witnessOf(selector);
  if (labels === undefined) return [];
  const named = labels.get(NAMESPACE_NAME_LABEL);
  const text =
    selector.requirements.length === 0 ? 'of any namespace' : `in namespaces with ${conditionsText(selector)}`;
  const base = { text, cover: { selector } };
  const satisfying = named === undefined ? [] : existingMatches(context, selector);
  const fresh = named === undefined || !context.namespaces.has(named) ? [newSpace(context, labels, base)] : [];
  const leftOut = counterWitnessesOf(selector).flatMap(({ labels: other, broken }) =>
    other.has(NAMESPACE_NAME_LABEL) ? [] : [leftOutSpace(context, other, broken)],
  );
  return [...fresh, ...satisfying.map((name) => ({ ...base, name, existing: true })), ...leftOut];
}

function existingMatches({ namespaces }: Context, selector: LabelSelector): string[] {
  return [...namespaces]
    .filter(([, labels]) => labels !== undefined && matchesLabels(selector, labels))
    .map(([name]) => name);
}

function newSpace(context: Context, labels: Labels, base: Pick<Space, 'text' | 'cover'>): Space {
  const name = labels.get(NAMESPACE_NAME_LABEL) ?? context.fresh();
  return { ...base, name, existing: false, labels: new Map(labels).set(NAMESPACE_NAME_LABEL, name) };
}

function leftOutSpace(context: Context, labels: Labels, broken: LabelRequirement): Space {
  const base = {
    text: `in namespaces with ${conditionText(broken)}`,
    cover: { selector: { ...ANY, requirements: [broken] } },
  };
  return { ...newSpace(context, labels, base), kind: 'left-out' };
}

const ANY: LabelSelector = { requirements: [], origin: NO_ORIGIN };

interface Witness {
  readonly labels: Labels;
  readonly pods: LabelSelector;
  readonly kind: 'rule' | 'left-out';
}

function possible(space: Space, { labels, pods, kind }: Witness): PossiblePod {
  const who = pods.requirements.length === 0 ? 'any pod' : `pods with ${conditionsText(pods)}`;
  return {
    pod: {
      namespace: space.name,
      labels: new Map(labels),
      namedPorts: [],
      ...(space.labels !== undefined && { namespaceLabels: space.labels }),
    },
    kind: space.kind ?? kind,
    text: `${who} ${space.text}`,
    covers: { pods, namespace: space.cover },
    ...(space.existing && { namespace: space.name }),
  };
}

/** In a namespace of the input, exactly the labels that a pod there has already: the map tells of it. */
function isTaken({ present }: Context, space: Space, pods: LabelSelector): boolean {
  const [first] = pods.requirements;
  if (!space.existing || first === undefined) return false;
  // A condition that many values meet is told of even where a pod meets it: the next pod may have another.
  if (pods.requirements.some(({ operator, values }) => operator !== 'In' || values.length > 1)) return false;
  return (present.get(presentKey(space.name, first.key, first.values[0]!)) ?? []).some((labels) =>
    matchesLabels(pods, labels),
  );
}

/** The labels of all pods, by namespace and label. */
function presentIn(snapshot: Snapshot): Map<string, Labels[]> {
  const out = new Map<string, Labels[]>();
  const add = (key: string, labels: Labels): void => {
    const list = out.get(key);
    if (list === undefined) out.set(key, [labels]);
    else list.push(labels);
  };
  for (const { namespace, labels } of unitLabels(snapshot)) {
    for (const [key, value] of labels) add(presentKey(namespace, key, value), labels);
  }
  return out;
}

function presentKey(namespace: string, key: string, value: string): string {
  return `${namespace}\n${key}\n${value}`;
}

function* unitLabels(snapshot: Snapshot): Generator<{ readonly namespace: string; readonly labels: Labels }> {
  yield* snapshot.pods;
  for (const { namespace, template } of snapshot.workloads) yield { namespace, labels: template.labels };
}

function anyNew(context: Context): PossiblePod {
  const name = context.fresh();
  return {
    pod: {
      namespace: name,
      namespaceLabels: new Map([[NAMESPACE_NAME_LABEL, name]]),
      labels: new Map(),
      namedPorts: [],
    },
    kind: 'any-new',
    text: 'any pod of any namespace',
    covers: { pods: ANY, namespace: { selector: ANY } },
  };
}

function anyIn({ namespaces }: Context, namespace: string): PossiblePod {
  return {
    pod: { namespace, labels: new Map(), namedPorts: [] },
    kind: 'any-in',
    text: `any pod of namespace ${namespace}`,
    covers: { pods: ANY, namespace: coverOfName(namespaces, namespace) },
    namespace,
  };
}

function namespacesOf(snapshot: Snapshot): Map<string, Labels | undefined> {
  const out = new Map<string, Labels | undefined>();
  for (const { namespace } of [...snapshot.pods, ...snapshot.workloads, ...snapshot.networkPolicies])
    out.set(namespace, undefined);
  for (const namespace of snapshot.namespaces) out.set(namespace.name, nameLabelled(namespace));
  return out;
}

function nameLabelled({ name, labels }: Namespace): Labels {
  return new Map(labels).set(NAMESPACE_NAME_LABEL, name);
}

function* freshNames(taken: ReadonlySet<string>): Generator<string, never> {
  for (let number = 1; ; number++) if (!taken.has(`new-${number}`)) yield `new-${number}`;
}
