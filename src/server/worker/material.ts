import { type Analysis, analyseSnapshot } from '#analysis/analysis.ts';
import type { ControlContext } from '#analysis/controls/context.ts';
import { contextFor } from '#analysis/controls/make-context.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { readInvariants } from '#parse/invariants.ts';
import { SnapshotBuilder } from '#parse/snapshot.ts';
import { readCloud, withCloud } from '#parse/with-cloud.ts';
import { sourceOf } from '#source/made-source.ts';
import type { FindingDecision } from '#store/store.ts';
import type { Plan } from '../plan.ts';
import type { Texts } from './texts.ts';

/** One revision, analysed. What is costly is made when it is asked for, once: see `once`. */
export interface Material {
  readonly plan: Plan;
  readonly texts: Texts;
  readonly revision: number;
  /** RFC 3339, UTC. */
  readonly taken: string;
  readonly snapshot: Snapshot;
  readonly analysis: Analysis;
  readonly invariants: ReturnType<typeof readInvariants>;
  /** Findings that were accepted in the console, and not in what was read. */
  readonly decisions: readonly FindingDecision[];
  readonly made: Map<string, unknown>;
}

export interface MaterialParts {
  readonly plan: Plan;
  readonly texts: Texts;
  readonly revision: number;
  readonly taken: string;
  readonly decisions?: readonly FindingDecision[];
  readonly onProgress?: (what: string) => void;
}

/** Parses and analyses. Throws for our own bugs only: bad input is diagnostics. */
export function materialOf(parts: MaterialParts): Material {
  const { plan, texts, revision, taken, decisions = [], onProgress = () => undefined } = parts;
  const snapshot = snapshotFrom(plan, texts, onProgress);
  const own = plan.invariants.length > 0 ? texts.invariants : texts.files;
  const invariants = readInvariants(own.map(sourceOf));
  onProgress('computing');
  const analysis = analyseSnapshot(snapshot, {
    podRanges: plan.podRanges,
    staged: plan.staged,
    ...(plan.engine !== undefined && { engine: plan.engine }),
  });
  return { plan, texts, revision, taken, snapshot, analysis, invariants, decisions, made: new Map() };
}

/** The value of a name, made on first asking and kept with the revision. */
export function once<T>({ made }: Material, name: string, make: () => T): T {
  if (!made.has(name)) {
    // Questions that differ in a namespace are without number: the oldest answers go.
    for (const oldest of made.keys()) if (made.size >= MOST_MADE) made.delete(oldest);
    made.set(name, make());
  }
  // What is kept under a name was made by the one place that uses the name.
  return made.get(name) as T;
}

const MOST_MADE = 64;

export function controlContextOf({ plan, analysis }: Material, today: string): ControlContext {
  const kind = plan.live === undefined ? 'manifests' : 'live';
  return contextFor({ analysis, settings: plan.controls, today, kind });
}

function snapshotFrom(plan: Plan, texts: Texts, onProgress: (what: string) => void): Snapshot {
  const builder = new SnapshotBuilder({ objects: true });
  builder.report(texts.problems.files);
  for (const [index, file] of texts.files.entries()) {
    onProgress(`parsing: ${index} of ${texts.files.length} files`);
    builder.add(sourceOf(file));
  }
  const snapshot = builder.snapshot();
  if (plan.azure.length + texts.azure.length === 0) return snapshot;
  const { named, problems } = texts;
  const azure = texts.azure.map(sourceOf);
  return withCloud(snapshot, readCloud({ azure, named, problems: problems.azure, cluster: plan.azureCluster }));
}

/** How many objects were read, those of Azure too. */
export function resourcesOf({ files }: Snapshot): number {
  let resources = 0;
  for (const count of files.values()) resources += count;
  return resources;
}

/**
 * Errors that the last good reading did not have: a file that is being edited is broken for a while, and what is left
 * without it must not be taken for the environment.
 */
export function newErrors(before: readonly Diagnostic[], after: readonly Diagnostic[]): readonly Diagnostic[] {
  const known = new Map<string, number>();
  for (const each of before) if (each.severity === 'error') known.set(keyOf(each), (known.get(keyOf(each)) ?? 0) + 1);
  return after.filter((each) => {
    if (each.severity !== 'error') return false;
    const left = known.get(keyOf(each)) ?? 0;
    known.set(keyOf(each), left - 1);
    return left <= 0;
  });
}

/** Without the line: an error that moves with the text around it is the same. */
function keyOf({ code, origin }: Diagnostic): string {
  return `${code} ${origin?.file ?? ''}`;
}
