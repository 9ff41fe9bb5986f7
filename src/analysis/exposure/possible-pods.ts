import { keyOf, matchesLabels } from '#engine/select.ts';
import { NAMESPACE_NAME_LABEL, type PotentialPod } from '#engine/world.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Profile } from '#model/profile.ts';
import type { ClusterPodsPeer, LabelRequirement, LabelSelector, Labels, Namespace, PodPeer } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type GridCell, labelGrid } from './label-grid.ts';
import type { Covered, NamespaceCover } from './narrower.ts';
import { conditionsText, onlyNameOf, witnessOf } from './witness.ts';

/** A pod that could appear, standing for all that the description covers. */
export interface PossiblePod {
  readonly pod: PotentialPod;
  /**
   * `any-new`: no labels, in a namespace that is new and has none. `any-in`: no labels, in a namespace of the input.
   * `rule`: what a rule asks for. `other`: any other labels that could make a pod get less than one without.
   */
  readonly kind: 'any-new' | 'any-in' | 'rule' | 'other';
  /** `pods with app=web in namespaces with team=a` */
  readonly text: string;
  /** What the text says, so that wider descriptions are told from narrower ones. */
  readonly covers: Covered;
  /** The namespace of the input that it is in, where it is in one. */
  readonly namespace?: string;
}

export interface PossiblePods {
  /** The first is a pod without labels in a new namespace without labels. */
  readonly pods: readonly PossiblePod[];
  /** Whether they are all that the rules could tell apart to somebody's disadvantage, so that "any" may be said. */
  readonly exhaustive: boolean;
}

/** Combinations of labels that are tried, of pods and namespaces together. */
const MOST = 4096;

/** Whom the rules of a snapshot could mean that is not there: the selectors of all rules, each with a pod that satisfies it. */
export function possiblePodsOf(snapshot: Snapshot, profile: Profile): PossiblePods {
  const context = contextOf(snapshot);
  const asked = [...askedBy(snapshot, profile)];
  const others = otherPods(context, asked);
  const pods = [
    anyNew(context),
    ...[...context.namespaces.keys()].sort().map((namespace) => anyIn(context, namespace)),
  ];
  const seen = new Set<string>();
  for (const one of asked) {
    const key = `${one.namespace ?? `~${keyOf(one.namespaceSelector)}`} ${one.podSelector === undefined ? '' : keyOf(one.podSelector)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    pods.push(...ruleWitnesses(context, one));
  }
  return { pods: once([...pods, ...(others ?? [])]), exhaustive: others !== undefined };
}

function contextOf(snapshot: Snapshot): Context {
  const namespaces = namespacesOf(snapshot);
  const names = freshNames(new Set(namespaces.keys()));
  return { present: presentIn(snapshot), namespaces, fresh: () => names.next().value };
}

/**
 * NetworkPolicies only add: a label can cost a pod something there only where a condition is negative. Cluster-wide
 * rules can deny and pass on, so every label that they mention counts. Undefined where there are too many combinations.
 */
function otherPods(context: Context, asked: readonly Asked[]): PossiblePod[] | undefined {
  const ofPods = asked.flatMap((one) => costly(one, one.podSelector));
  const ofNamespaces = asked.flatMap((one) => (one.namespace === undefined ? costly(one, one.namespaceSelector) : []));
  const podCells = labelGrid(ofPods, MOST);
  const spaceCells = labelGrid(ofNamespaces, MOST);
  if (podCells === undefined || spaceCells === undefined) return undefined;
  const spaces = [
    ...spaceCells.flatMap((cell) => newSpaceOf(context, cell)),
    ...[...context.namespaces.keys()].map((name) => spaceNamed(context, name)),
  ];
  if (spaces.length * podCells.length > MOST) return podCells.length === 1 && spaceCells.length === 1 ? [] : undefined;
  return spaces.flatMap((space) =>
    podCells.map(({ labels, conditions }) =>
      possible(space, { labels, pods: { ...ANY, requirements: conditions }, kind: 'other' }),
    ),
  );
}

function costly({ mayDeny }: Asked, selector: LabelSelector | undefined): readonly LabelRequirement[] {
  const requirements = selector?.requirements ?? [];
  return mayDeny
    ? requirements
    : requirements.filter(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist');
}

/** A namespace with these labels that could be made: none of a name that is taken. */
function newSpaceOf(context: Context, { labels, conditions }: GridCell): Space[] {
  const name = labels.get(NAMESPACE_NAME_LABEL);
  if (name !== undefined && context.namespaces.has(name)) return [];
  const selector = { ...ANY, requirements: conditions };
  const text = conditions.length === 0 ? 'of any namespace' : `in namespaces with ${conditionsText(selector)}`;
  return [newSpace(context, labels, { text, cover: { selector } })];
}

/** Two selectors may ask for the same in the end. */
function once(pods: readonly PossiblePod[]): PossiblePod[] {
  const seen = new Map<string, PossiblePod>();
  for (const pod of pods) {
    const key = `${pod.namespace ?? ''}\n${pod.kind === 'other'}\n${pod.text}`;
    if (!seen.has(key)) seen.set(key, pod);
  }
  return [...seen.values()];
}

interface Context {
  readonly present: ReadonlyMap<string, readonly Labels[]>;
  /** Namespaces of the input, with labels where it defines them. */
  readonly namespaces: ReadonlyMap<string, Labels | undefined>;
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
  return spaces.flatMap((space) =>
    isTaken(context, space, pods) ? [] : [possible(space, { labels, pods, kind: 'rule' })],
  );
}

/** A namespace that a witness is in: one of the input, or one that could be made. */
interface Space {
  readonly name: string;
  /** Of a namespace that is not in the input. */
  readonly labels?: Labels;
  readonly existing: boolean;
  readonly text: string;
  readonly cover: NamespaceCover;
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
  return [...fresh, ...satisfying.map((name) => ({ ...base, name, existing: true }))];
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

const ANY: LabelSelector = { requirements: [], origin: NO_ORIGIN };

interface Witness {
  readonly labels: Labels;
  readonly pods: LabelSelector;
  readonly kind: 'rule' | 'other';
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
    kind,
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
