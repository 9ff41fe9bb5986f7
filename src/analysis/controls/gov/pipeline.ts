import type { FieldPath, ShapedDocument } from '#model/object.ts';
import type { PlainObject, PlainValue } from '#model/plain.ts';
import { isPlainList, isPlainObject, listAt, plainAt, textAt, textsAt } from '#model/plain.ts';

/** A pipeline of GitHub or of Azure DevOps, as far as its own document says what it does. */
export interface Pipeline {
  readonly document: ShapedDocument;
  readonly jobs: readonly PipelineJob[];
  readonly triggers: ReadonlySet<'push' | 'pull-request' | 'schedule'>;
  /** Where it takes parts from other documents. */
  readonly elsewhere: readonly FieldPath[];
}

export interface PipelineJob {
  readonly id: string;
  /** Stages run one after the other; jobs of one stage beside each other, but for `needs`. */
  readonly stage: number;
  readonly needs: readonly string[];
  readonly steps: readonly PipelineStep[];
}

export interface PipelineStep {
  readonly path: FieldPath;
  /** What it runs, with its inputs, as text. */
  readonly text: string;
  /** Whether what follows goes on when it fails. */
  readonly isSoft: boolean;
}

export function pipelineOf(document: ShapedDocument): Pipeline | undefined {
  if (document.shape === 'github-workflow') return workflowOf(document);
  return document.shape === 'azure-pipeline' ? azurePipelineOf(document) : undefined;
}

// ---------------------------------------------------------------- GitHub

function workflowOf(document: ShapedDocument): Pipeline {
  const jobs = isPlainObject(document.value['jobs']) ? Object.entries(document.value['jobs']) : [];
  return {
    document,
    triggers: workflowTriggers(document.value['on'] ?? document.value['true']),
    elsewhere: jobs.flatMap(([id, job]) => (textAt(job, 'uses') === undefined ? [] : [['jobs', id, 'uses']])),
    jobs: jobs.map(([id, job]) => ({
      id,
      stage: 0,
      needs: typeof plainAt(job, 'needs') === 'string' ? [textAt(job, 'needs')!] : textsAt(job, 'needs'),
      steps: stepsIn(job, ['jobs', id], plainAt(job, 'continue-on-error') === true),
    })),
  };
}

function workflowTriggers(on: PlainValue | undefined): Pipeline['triggers'] {
  const names =
    typeof on === 'string' ? [on] : on !== undefined && isPlainList(on) ? on : isPlainObject(on) ? Object.keys(on) : [];
  return new Set([
    ...(names.includes('push') || names.includes('workflow_dispatch') ? (['push'] as const) : []),
    ...(names.some((name) => /^(?:pull_request(?:_target)?|merge_group)$/.test(String(name)))
      ? (['pull-request'] as const)
      : []),
    ...(names.includes('schedule') ? (['schedule'] as const) : []),
  ]);
}

// ---------------------------------------------------------------- Azure DevOps

function azurePipelineOf(document: ShapedDocument): Pipeline {
  const { value } = document;
  const stages = listAt(value, 'stages');
  const jobs =
    stages.length > 0
      ? stages.flatMap((stage, index) => azureJobs(stage, ['stages', index], index))
      : azureJobs(value, [], 0);
  return {
    document,
    jobs,
    triggers: new Set([
      ...(value['trigger'] === 'none' ? [] : (['push'] as const)),
      ...(value['pr'] === undefined || value['pr'] === 'none' ? [] : (['pull-request'] as const)),
      ...(value['schedules'] === undefined ? [] : (['schedule'] as const)),
    ]),
    elsewhere: templatesIn(value, []),
  };
}

function azureJobs(holder: PlainValue, path: FieldPath, stage: number): readonly PipelineJob[] {
  const jobs = listAt(holder, 'jobs');
  if (jobs.length === 0) {
    const steps = stepsIn(holder, path, false);
    return steps.length === 0 ? [] : [{ id: '', stage, needs: [], steps }];
  }
  return jobs.map((job, index) => {
    const depends = plainAt(job, 'dependsOn');
    return {
      id: textAt(job, 'job') ?? textAt(job, 'deployment') ?? '',
      stage,
      needs: typeof depends === 'string' ? [depends] : textsAt(job, 'dependsOn'),
      steps: stepsIn(job, [...path, 'jobs', index], plainAt(job, 'continueOnError') === true),
    };
  });
}

function templatesIn(value: PlainValue, path: FieldPath): readonly FieldPath[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isPlainList(value)) return value.flatMap((item, index) => templatesIn(item, [...path, index]));
  return Object.entries(value).flatMap(([key, entry]) =>
    key === 'template' && typeof entry === 'string' && /\.ya?ml(?:@|$)/.test(entry)
      ? [[...path, key]]
      : templatesIn(entry, [...path, key]),
  );
}

// ---------------------------------------------------------------- steps

/** Steps stand in lists of that name, wherever a strategy of deployment puts them. */
function stepsIn(value: PlainValue, path: FieldPath, isSoft: boolean): readonly PipelineStep[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isPlainList(value)) return value.flatMap((item, index) => stepsIn(item, [...path, index], isSoft));
  return Object.entries(value).flatMap(([key, entry]) => {
    if (key !== 'steps' || !isPlainList(entry)) return key === 'jobs' ? [] : stepsIn(entry, [...path, key], isSoft);
    return entry.flatMap((step, index) => (isPlainObject(step) ? [stepOf(step, [...path, key, index], isSoft)] : []));
  });
}

const SCRIPTS = ['run', 'uses', 'script', 'bash', 'pwsh', 'powershell', 'task'] as const;

function stepOf(step: PlainObject, path: FieldPath, isSoft: boolean): PipelineStep {
  const words = SCRIPTS.flatMap((key) => textAt(step, key) ?? []);
  const inputs = ['with', 'inputs'].flatMap((key) => {
    const value = step[key];
    return isPlainObject(value) ? Object.entries(value).map(([name, entry]) => `${name}: ${String(entry)}`) : [];
  });
  return {
    path,
    text: [...words, ...inputs].join('\n'),
    isSoft: isSoft || step['continue-on-error'] === true || step['continueOnError'] === true,
  };
}
