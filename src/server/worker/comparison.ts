import { CHANGE_FORM } from '#analysis/filter-forms.ts';
import { comparedConnections } from '#analysis/preview/compare.ts';
import { changedFindings } from '#analysis/scan/changed-findings.ts';
import type { DiffAnswer } from '#model/answers.ts';
import { openBundle } from '#source/bundle.ts';
import { movableOf } from '#source/made-source.ts';
import { keptBy } from './lists.ts';
import { type Material, materialOf } from './material.ts';
import type { Question, Reply, Side } from './question.ts';
import { answered } from './reply.ts';
import { wholeScan } from './scan-answer.ts';
import type { Texts } from './texts.ts';

/** What opened and what closed between two snapshots, or one and what is analysed now. */
export function diffAnswer(
  material: Material,
  { base, head, filter, today }: Extract<Question, { readonly kind: 'diff' }>,
  onProgress: (what: string) => void,
): Reply {
  const sides = { base: sideOf(material, base), head: sideOf(material, head) };
  return answered(comparedWithFindings(sides, { filter, today, onProgress }));
}

export interface Comparing {
  /** Of the changed connections that are told. */
  readonly filter?: string | undefined;
  /** Both sides are judged as of then. */
  readonly today: string;
  readonly onProgress: (what: string) => void;
}

export function comparedWithFindings(
  { base, head }: { readonly base: Material; readonly head: Material },
  { filter, today, onProgress }: Comparing,
): DiffAnswer {
  const keeps = filter === undefined ? undefined : keptBy(filter, CHANGE_FORM);
  const findings = changedFindings(wholeScan(base, today, onProgress), wholeScan(head, today, onProgress));
  const { diagnostics, ...diff } = comparedConnections(base, head, keeps);
  return { ...diff, findings, diagnostics };
}

/** A snapshot is judged as the current plan says, by the invariants that are there now. */
export function sideOf(material: Material, side: Side): Material {
  if (side.kind === 'current') return material;
  const { plan, texts, revision, taken, decisions } = material;
  const opened = openBundle({ file: `snapshot ${side.id}`, text: side.text });
  const own: Texts = {
    files: opened.files.map(movableOf),
    azure: opened.azure.map(movableOf),
    named: [],
    invariants: texts.invariants,
    problems: { files: opened.diagnostics, azure: [], invariants: [] },
  };
  return materialOf({ plan: { ...plan, azure: [] }, texts: own, revision, taken, decisions });
}
