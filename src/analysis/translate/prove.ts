import type { TranslationProof, TranslationWitness } from '#model/answers.ts';
import type { PlainObject } from '#model/plain.ts';
import type { ProfileId } from '#model/profile.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import { type AnalysisOptions, analyseSnapshot } from '../analysis.ts';
import { type Compared, compareAnalyses } from './compare.ts';
import { listsWhere, type PolicyLists, replaced } from './lists.ts';
import { isAgent, type MadeUpWorld, madeUpWorld, snapshotWith } from './made-up-world.ts';
import { vocabularyOf } from './vocabulary.ts';

/** Policies that move together, and what they become. */
export interface Unit {
  readonly sources: readonly Resource[];
  readonly documents: readonly PlainObject[];
  readonly notes: readonly string[];
  /** The namespace that it is for; empty for the cluster. */
  readonly namespace: string;
}

export interface Proving {
  readonly snapshot: Snapshot;
  /** Every policy of the API that is moved. Where the engines differ, those that do not move count on neither side. */
  readonly movable: readonly Resource[];
  readonly source: ProfileId;
  readonly result: ProfileId;
  readonly options: AnalysisOptions;
}

export type Proof =
  | { readonly kind: 'proven'; readonly proofs: ReadonlyMap<string, TranslationProof> }
  | { readonly kind: 'changes'; readonly witness: TranslationWitness }
  | { readonly kind: 'unreadable'; readonly message: string };

/**
 * Whether the results of these units, beside those that are proven already, change no verdict in place of their sources.
 * Proofs are by namespace. What was proven for another namespace still holds there: each has a made-up world of its own.
 */
export function prove(proving: Proving, units: readonly Unit[], before: readonly Unit[] = []): Proof {
  const all = [...before, ...units];
  const made = readBack(all);
  if (typeof made === 'string') return { kind: 'unreadable', message: made };
  const sides = sidesOf(proving, all, made);
  const input = compareWorlds(proving, sides.base, sides.head);
  if (input.witness !== undefined) return changes(input, 'input');
  const proofs = new Map<string, TranslationProof>();
  for (const namespace of new Set(units.map((unit) => unit.namespace))) {
    const { compared, world } = inMadeUp(proving, sides, namespace);
    if (compared.witness !== undefined) return changes(compared, 'made-up');
    const { source, result } = proving;
    proofs.set(namespace, { source, result, input: input.pairs, madeUp: { ...compared.pairs, ...sizeOf(world) } });
  }
  return { kind: 'proven', proofs };
}

/** The same of one unit as if there were no other policy and no pod: in a small world, so that many can be asked. */
export function proveAlone(proving: Proving, unit: Unit): Proof {
  const { snapshot } = proving;
  const own = new Set(unit.sources);
  const lists = listsWhere(snapshot, (resource) => own.has(resource));
  const bare = { ...snapshot, ...lists, calicoTiers: snapshot.calicoTiers, pods: [], nodes: [] };
  const workloads = snapshot.workloads.filter(isAgent);
  return prove({ ...proving, snapshot: { ...bare, workloads }, movable: unit.sources }, [unit]);
}

/** The text of a document, as it is printed for the user and read for the proof. */
export function documentText(document: PlainObject): string {
  return [...yamlText(document)].join('');
}

function changes({ witness }: Compared, world: TranslationWitness['world']): Proof {
  return { kind: 'changes', witness: { world, ...witness! } };
}

/** The policies as the parser of every input reads them, or what it has against them. */
function readBack(units: readonly Unit[]): Snapshot | string {
  const documents = units.flatMap((unit) => unit.documents);
  const text = documents.map((document) => `---\n${documentText(document)}`).join('');
  const made = snapshotOf([{ file: 'translation.yaml', text }]);
  const wrong = made.diagnostics.find(({ severity }) => severity === 'error');
  return wrong === undefined ? made : `${wrong.code}: ${wrong.message}`;
}

interface Sides {
  readonly base: Snapshot;
  readonly head: Snapshot;
}

/** Under one engine what does not move stays on both sides; under two it stands on neither, being nothing to one of them. */
function sidesOf({ snapshot, movable, source, result }: Proving, units: readonly Unit[], made: Snapshot): Sides {
  const moving = new Set(units.flatMap(({ sources }) => sources));
  if (source === result) return { base: snapshot, head: replaced(snapshot, moving, made) };
  const staying = new Set(movable.filter((resource) => !moving.has(resource)));
  return { base: replaced(snapshot, staying), head: replaced(snapshot, new Set([...movable, ...moving]), made) };
}

function compareWorlds({ source, result, options }: Proving, base: Snapshot, head: Snapshot): Compared {
  return compareAnalyses(
    analyseSnapshot(base, { ...options, engine: source }),
    analyseSnapshot(head, { ...options, engine: result }),
  );
}

function inMadeUp(proving: Proving, { base, head }: Sides, namespace: string) {
  const { snapshot } = proving;
  const [before, after] = [near(base, namespace), near(head, namespace)];
  const world = madeUpWorld(vocabularyOf(before), snapshot.namespaces, namespace);
  // Ranges of pods are those of the made-up pods, whatever the real cluster has.
  const compared = compareWorlds(
    { ...proving, options: {} },
    snapshotWith(world, snapshot, before),
    snapshotWith(world, snapshot, after),
  );
  return { compared, world };
}

/** Policies that can bear on pods of a namespace: its own, and those of the cluster. All, where the cluster is meant. */
function near(lists: PolicyLists, namespace: string): PolicyLists {
  return listsWhere(lists, (resource) => {
    return namespace === '' || resource.namespace === '' || resource.namespace === namespace;
  });
}

function sizeOf({ namespaces, pods, combinations, tried }: MadeUpWorld) {
  return { namespaces: namespaces.length, pods: pods.length, combinations, tried };
}
