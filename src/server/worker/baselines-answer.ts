import { CONTROLS } from '#analysis/controls/controls.ts';
import { nearest } from '#analysis/nearest.ts';
import { baselinesOf } from '#analysis/scan/baselines.ts';
import { escapeControl } from '#base/escape.ts';
import type { BaselinesAnswer } from '#model/baselines.ts';
import { type Material, once } from './material.ts';
import { type Question, Refused, type Reply } from './question.ts';
import { told } from './reply.ts';
import { judged } from './scan-answer.ts';

type BaselinesAsked = Extract<Question, { readonly kind: 'baselines' }>;

/** Frameworks by scopes, and one of them in full where it is asked for. */
export function baselinesAnswer(
  material: Material,
  { framework, scope, today }: BaselinesAsked,
  onProgress: (what: string) => void,
): Reply {
  const { answer, assessed } = judged(material, today, onProgress);
  const baselines = once(material, `baselines:${today}`, () =>
    baselinesOf({
      controls: CONTROLS,
      entries: answer.controls,
      assessments: assessed.assessments,
      findings: answer.findings,
    }),
  );
  const known = baselines.scopes.map(({ id }) => id);
  if (!known.includes(scope)) throw new Refused('asked', `no scope \`${escapeControl(scope)}\``, nearest(scope, known));
  const out: BaselinesAnswer = {
    schema: 'ringfence.dev/baselines/v1',
    engine: answer.engine,
    taken: answer.taken,
    frameworks: answer.frameworks.map(({ entries, ...rest }) => ({ ...rest, entries: entries.length })),
    scopes: baselines.scopes,
    cells: baselines.cells,
    entries: framework === undefined ? [] : baselines.entriesOf(framework, scope),
  };
  return told(out);
}
