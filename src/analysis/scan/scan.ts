import type { Assessment, ControlState, FrameworkId, Judged } from '#model/control.ts';
import type { ControlEntry, OpenEntry, ScanAnswer } from '#model/scan.ts';
import { plain } from '../controls/assessment.ts';
import type { ControlContext } from '../controls/context.ts';
import type { Control } from '../controls/control.ts';
import { withDoubts } from '../controls/doubts.ts';
import { findingsOf } from './findings.ts';
import { frameworkViews } from './framework-views.ts';
import { withoutContradictions } from './supersede.ts';

export interface ScanOptions {
  readonly controls: readonly Control[];
  /** Only these are told as views; all unless given. */
  readonly frameworks?: readonly FrameworkId[];
  readonly version: string;
  /** What was read, for the reader. */
  readonly input?: readonly string[];
  /** RFC 3339, UTC. */
  readonly taken: string;
  /** Told before each control, and after the last. */
  readonly onControl?: (id: string | undefined) => void;
}

/** The assessments of all controls, by id, with what went wrong in ours. */
export interface Assessed {
  readonly assessments: ReadonlyMap<string, Assessment>;
  readonly internalErrors: ScanAnswer['internalErrors'];
}

export function assessAll(
  context: ControlContext,
  { controls, onControl }: Pick<ScanOptions, 'controls' | 'onControl'>,
): Assessed {
  const steps = assessing(context, controls);
  for (;;) {
    const step = steps.next();
    onControl?.(step.done === true ? undefined : step.value);
    if (step.done === true) return step.value;
  }
}

/** The same step by step: the id of each control before it is judged, for whoever may have to stop in between. */
export function* assessing(context: ControlContext, controls: readonly Control[]): Generator<string, Assessed> {
  const assessments = new Map<string, Assessment>();
  const internalErrors: { control: string; message: string }[] = [];
  for (const control of controls) {
    const { data, assess } = control;
    yield data.id;
    try {
      assessments.set(data.id, withDoubts(context, control, assess(context)));
    } catch (error) {
      // Our bug: it is told, and hides no other control.
      const message = error instanceof Error ? error.message : String(error);
      internalErrors.push({ control: data.id, message });
      assessments.set(data.id, plain('UNKNOWN', 'it failed by a mistake of ours, see internal errors'));
    }
  }
  return { assessments: withoutContradictions(assessments), internalErrors };
}

/** Which controls hold, where they do not, and what to close first. */
export function scanOf(context: ControlContext, options: ScanOptions): ScanAnswer {
  return scanOver(context, options, assessAll(context, options));
}

/** The same of assessments that are there already. */
export function scanOver(
  context: ControlContext,
  options: ScanOptions,
  { assessments, internalErrors }: Assessed,
): ScanAnswer {
  const { analysis } = context;
  const controls = options.controls.map((control) => entryOf(context, control, assessments.get(control.data.id)!));
  return {
    schema: 'ringfence.dev/scan/v1',
    engine: analysis.entry,
    taken: options.taken,
    version: options.version,
    input: options.input ?? [],
    controls,
    findings: findingsOf(context, options.controls, assessments),
    open: options.controls.flatMap(({ data }) => openIn(data.id, assessments.get(data.id)!)),
    frameworks: frameworkViews(
      options.controls.map((control, index) => ({
        control,
        entry: controls[index]!,
        places: assessments.get(control.data.id)!.places,
      })),
      options.frameworks,
    ),
    coverage: coverageOf(context),
    internalErrors,
    assumptions: analysis.assumptions,
    diagnostics: analysis.diagnostics,
  };
}

function entryOf(
  { settings }: ControlContext,
  { data }: Control,
  { state, why, places, evidence }: Assessment,
): ControlEntry {
  const counts: Partial<Record<Judged['state'], number>> = {};
  for (const place of places) counts[place.state] = (counts[place.state] ?? 0) + 1;
  const answer = settings.answers.get(data.id);
  return {
    id: data.id,
    title: data.title,
    severity: data.severity,
    state,
    why,
    rationale: data.rationale,
    remedy: data.remedy,
    frameworks: data.mappings,
    counts,
    evidence,
    ...(data.question !== undefined && isAsked(state, answer !== undefined) && { question: data.question }),
    ...(answer !== undefined && { answer }),
  };
}

function isAsked(state: ControlState, isAnswered: boolean): boolean {
  return state === 'MANUAL' || isAnswered;
}

function openIn(control: string, { places }: Assessment): OpenEntry[] {
  return places.flatMap(({ state, where, message, evidence }) =>
    state === 'UNKNOWN' || state === 'MANUAL' ? [{ control, state, where, message, evidence }] : [],
  );
}

function coverageOf({ snapshot }: ControlContext): ScanAnswer['coverage'] {
  return {
    resources: snapshot.objects.length + snapshot.azure.resources.size,
    unsupported: [...snapshot.others]
      .map(([kind, count]) => ({ kind, count }))
      .sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind)),
  };
}
