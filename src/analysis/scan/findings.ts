import type { Assessment, Judged } from '#model/control.ts';
import type { Finding, FixEntry } from '#model/scan.ts';
import type { ControlContext } from '../controls/context.ts';
import type { Control } from '../controls/control.ts';
import { patchTexts } from '../fixes/patch-texts.ts';
import { acceptanceOf } from './acceptance.ts';
import { endpointsInNamespace } from './affected.ts';
import { blastRadiusOf } from './blast-radius.ts';
import { priorityOf } from './priority.ts';
import { type Failing, isOne, type Told, together, toldTogether } from './together.ts';

/** What fails and what warns, those to close first before the others. */
export function findingsOf(
  context: ControlContext,
  controls: readonly Control[],
  assessments: ReadonlyMap<string, Assessment>,
): readonly Finding[] {
  const findings = controls.flatMap((control) => {
    const places = assessments.get(control.data.id)?.places ?? [];
    const failing = places.flatMap((judged): Told[] => {
      const { state } = judged;
      return state === 'FAIL' || state === 'WARN' ? [toldOf(context, control, { ...judged, state })] : [];
    });
    return toldTogether(failing).map((told) => findingOf(context, control, told));
  });
  return findings.sort(
    (a, b) => b.priority - a.priority || compare(a.control, b.control) || compare(a.fingerprint, b.fingerprint),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toldOf(context: ControlContext, control: Control, judged: Failing): Told {
  const suppressed = acceptanceOf(context, control.data.id, judged.where);
  return { judged, fix: fixOf(context, control, judged), suppressed };
}

function findingOf(context: ControlContext, { data }: Control, told: Told | readonly Told[]): Finding {
  const { judged, fix, suppressed } = isOne(told) ? told : together(context, told);
  const { where, state, message, evidence } = judged;
  const severity = judged.severity ?? data.severity;
  const radius = blastRadiusOf(context, judged.endpoints ?? endpointsInNamespace(context, where));
  return {
    control: data.id,
    title: data.title,
    state,
    severity,
    priority: priorityOf(severity, state, radius),
    fingerprint: fingerprintOf(data.id, judged),
    where,
    message,
    evidence,
    ...(radius !== undefined && { blastRadius: radius }),
    ...(fix !== undefined && { fix }),
    suppressed,
  };
}

/** The control, the place and what tells it apart there: nothing that moves with the lines of a file. */
export function fingerprintOf(control: string, { where, detail }: Pick<Judged, 'where' | 'detail'>): string {
  return [control, where.id, ...(detail === undefined ? [] : [detail])].join(' ');
}

function fixOf(context: ControlContext, { data, fix }: Control, judged: Judged): FixEntry | undefined {
  const found = fix?.(context, judged);
  if (found === undefined)
    return { automatic: false, summary: 'a person has to do it', patches: [], steps: [data.remedy] };
  const { automatic, summary, changes, steps } = found;
  return { automatic, summary, patches: changes.flatMap((change) => patchTexts(context, change)), steps };
}
