import { escapeControl } from '#base/escape.ts';
import type { ChangedConnection, DiffAnswer, Exposure } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { InvariantsResult } from '#parse/invariants.ts';
import type { Analysis } from '../analysis.ts';
import { narrowableDiff } from '../diff/diff.ts';
import { namesIn } from '../invariants/names.ts';
import { preparedForNames } from '../path/names.ts';
import type { EditedText } from './edits.ts';

/** One input, analysed, with the invariants that it states. */
export interface ComparedSide {
  readonly analysis: Analysis;
  readonly invariants: InvariantsResult;
}

/** What opens and what closes, all of it or what is kept, and whether the invariants of the head hold on both sides. */
export function comparedConnections(
  base: ComparedSide,
  head: ComparedSide,
  keeps?: (change: ChangedConnection) => boolean,
): DiffAnswer {
  const { invariants } = head.invariants;
  const names = namesIn(invariants);
  const sides = [preparedForNames(base.analysis, names), preparedForNames(head.analysis, names)] as const;
  const whole = narrowableDiff(...sides, { invariants });
  const diff = keeps === undefined ? whole.diff : whole.narrowed(keeps);
  return { ...diff, diagnostics: [...diff.diagnostics, ...newOnly(diff, head.invariants.diagnostics)] };
}

function newOnly({ diagnostics }: DiffAnswer, more: DiffAnswer['diagnostics']): DiffAnswer['diagnostics'] {
  const known = new Set(diagnostics.map(({ code, message }) => `${code} ${message}`));
  return more.filter(({ code, message }) => !known.has(`${code} ${message}`));
}

export interface ComparedExposures {
  readonly come: readonly Exposure[];
  readonly go: readonly Exposure[];
}

/** Ways in from outside. One that says something else than before goes, and comes as it is now. */
export function comparedExposures(before: readonly Exposure[], after: readonly Exposure[]): ComparedExposures {
  const known = new Set(before.map(contentOf));
  const still = new Set(after.map(contentOf));
  return {
    come: after.filter((each) => !known.has(contentOf(each))),
    go: before.filter((each) => !still.has(contentOf(each))),
  };
}

/** Where it stands does not count: lines move. */
function contentOf(exposure: Exposure): string {
  return JSON.stringify(exposure, (key, value: unknown) => (key === 'origin' ? undefined : value));
}

/** Of the edited files alone. */
export function diagnosticsIn(edits: readonly EditedText[], all: readonly Diagnostic[]): readonly Diagnostic[] {
  const names = new Set(edits.map(({ file }) => escapeControl(file)));
  return all.filter(({ origin }) => origin !== undefined && names.has(origin.file));
}
