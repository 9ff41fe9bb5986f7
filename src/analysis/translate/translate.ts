import type { PolicyName, RefusedEntry, TranslateAnswer, TranslatedEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { TRANSLATION_REFUSALS, type TranslationTarget } from '#model/translation.ts';
import type { AnalysisOptions } from '../analysis.ts';
import { detectProfile } from '../detect.ts';
import { DIALECT_TITLES, DIALECTS, type Dialect, movingTo } from './dialects.ts';
import { canProve, type Engines, enginesFor } from './engines.ts';
import { distinctNames } from './names.ts';
import { notesFor } from './notes.ts';
import type { Objection } from './plain.ts';
import type { Unit } from './prove.ts';
import { type Failure, settle } from './settle.ts';
import { grouped } from './together.ts';
import { sayAll } from './ways.ts';

export interface TranslateOptions {
  readonly to: TranslationTarget;
  /** Only policies of these namespaces; empty: all, and those of the cluster. */
  readonly namespaces?: readonly string[];
  readonly analysis?: AnalysisOptions;
}

export type TranslateResult =
  | { readonly kind: 'answer'; readonly answer: TranslateAnswer }
  | { readonly kind: 'problem'; readonly message: string };

/** The policies of a snapshot in another form, each proven to mean the same, or refused with the field that it is for. */
export function translateOf(snapshot: Snapshot, options: TranslateOptions): TranslateResult {
  const { to, namespaces = [], analysis = {} } = options;
  const { engine: chosen } = analysis;
  if (chosen !== undefined && !canProve(chosen, to))
    return { kind: 'problem', message: `engine profile \`${chosen}\` does not enforce what \`--to ${to}\` makes` };
  const detected = detectProfile(snapshot);
  const { movable, kept } = movingTo(to, snapshot);
  const wanted = (policy: Resource) => namespaces.length === 0 || namespaces.includes(policy.namespace);
  const parts: Done[] = [];
  for (const dialect of DIALECTS.filter((each) => movable[each].some(wanted))) {
    const engines = enginesFor(dialect, to, { chosen, detected });
    const moving = new Set(movable[dialect].filter(wanted));
    const part = { dialect, to, engines, moving, movable: movable[dialect], analysis };
    parts.push(translatePart(snapshot, part, acceptedUnder(engines, parts)));
  }
  const answer: TranslateAnswer = {
    schema: 'ringfence.dev/translate/v1',
    to,
    engines: parts.map(({ part: { dialect, engines } }) => ({ of: DIALECT_TITLES[dialect], ...engines })),
    translated: parts.flatMap(({ translated }) => translated),
    refused: parts.flatMap(({ refused }) => refused),
    kept: kept.filter(({ policy }) => wanted(policy)).map(({ policy, why }) => ({ ...nameOf(policy), why })),
    diagnostics: [...snapshot.diagnostics, ...(chosen === undefined ? detected.diagnostics : NONE)],
  };
  return { kind: 'answer', answer };
}

const NONE: readonly Diagnostic[] = [];

interface Part {
  readonly dialect: Dialect;
  readonly to: TranslationTarget;
  readonly engines: Engines;
  readonly moving: ReadonlySet<Resource>;
  readonly movable: readonly Resource[];
  readonly analysis: AnalysisOptions;
}

interface Done {
  readonly part: Part;
  readonly accepted: readonly Unit[];
  readonly translated: readonly TranslatedEntry[];
  readonly refused: readonly RefusedEntry[];
}

/** What was translated from other APIs for the same engine counts from then on: somebody deploys all of it. */
function acceptedUnder({ result }: Engines, parts: readonly Done[]): Unit[] {
  const same = parts.filter(({ part: { engines } }) => engines.result.profile === result.profile);
  return same.flatMap(({ accepted }) => accepted);
}

function translatePart(snapshot: Snapshot, part: Part, before: readonly Unit[]): Done {
  const { dialect, to, engines, moving, movable, analysis } = part;
  const { source, result } = { source: engines.source.profile, result: engines.result.profile };
  const way = { dialect, to, asCilium: source.startsWith('cilium') };
  const all = distinctNames(sayAll(snapshot, moving, way), snapshot);
  const { units, refused } = grouped(all, way, source === result);
  const settled = settle({ snapshot, movable, source, result, options: analysis }, units, before);
  return {
    part,
    accepted: settled.accepted.map(({ unit }) => unit),
    translated: settled.accepted.map(({ unit, proof }) => ({
      from: unit.sources.map(nameOf),
      documents: unit.documents,
      notes: [...unit.notes, ...notesFor(unit, way)],
      proof,
    })),
    refused: [
      ...refused.flatMap((each) => each.objections.map((objection) => refusalOf(each.source, objection))),
      ...settled.refused.flatMap(({ unit, failure }) => unit.sources.map((each) => failureOf(each, failure))),
    ],
  };
}

function refusalOf(source: Resource, { reason, path, why, origin }: Objection): RefusedEntry {
  return { ...nameOf(source), origin, path, reason, why: `${why}: ${TRANSLATION_REFUSALS[reason]}` };
}

function failureOf(source: Resource, failure: Failure): RefusedEntry {
  const entry = { ...nameOf(source), path: 'spec' };
  if (failure.kind === 'unreadable')
    return { ...entry, reason: 'not-taken', why: `${failure.message}: ${TRANSLATION_REFUSALS['not-taken']}` };
  return {
    ...entry,
    reason: 'changes-verdicts',
    why: TRANSLATION_REFUSALS['changes-verdicts'],
    witness: failure.witness,
  };
}

/** Kinds whose name several APIs use have their group behind it. */
function nameOf({ apiVersion, kind, namespace, name, origin }: Resource): PolicyName {
  const group = apiVersion.split('/')[0] ?? '';
  const isCalico = kind === 'NetworkPolicy' && CALICO_GROUPS.has(group);
  return { kind: isCalico ? `${kind}.projectcalico.org` : kind, namespace, name, origin };
}

const CALICO_GROUPS: ReadonlySet<string> = new Set(['projectcalico.org', 'crd.projectcalico.org']);
