import type { Evidence, Place } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { plainAt } from '#model/plain.ts';
import { type ControlContext, onceKey } from '../context.ts';
import { pathText } from '../evidence.ts';
import { type Pipeline, pipelineOf } from './pipeline.ts';

const PIPELINES = onceKey<readonly Pipeline[]>('pipelines');

/** The pipelines of the input, each read once. */
export function pipelinesIn(context: ControlContext): readonly Pipeline[] {
  return context.once(PIPELINES, ({ snapshot }) =>
    snapshot.documents.flatMap((document) => pipelineOf(document) ?? []),
  );
}

/** Where the repository lies on a machine says nothing, and must not change a fingerprint. */
export function placeOfPipeline({ document: { origin } }: Pipeline): Place {
  const name = origin.file.slice(origin.file.lastIndexOf('/') + 1);
  const inside = /(?:^|\/)((?:\.github|\.azuredevops|\.azure-pipelines|\.pipelines|pipelines|ci|build)\/.+)$/.exec(
    origin.file,
  )?.[1];
  return { kind: 'pipeline', namespace: '', name, id: `pipeline/${inside ?? name}`, origin };
}

/** A step of a pipeline, by the first line of what it runs. */
export function seenIn(pipeline: Pipeline, path: FieldPath, why?: string): Evidence {
  const { document } = pipeline;
  const step = plainAt(document.value, ...path);
  const value = ['uses', 'task', 'run', 'script', 'bash', 'pwsh', 'powershell']
    .map((key) => plainAt(step, key))
    .find((each) => typeof each === 'string');
  const line = typeof value === 'string' ? value.trim().split('\n')[0] : undefined;
  return {
    object: `pipeline ${placeOfPipeline(pipeline).name}`,
    field: pathText(path),
    ...(line !== undefined && { value: line }),
    ...(why !== undefined && { why }),
    origin: document.originAt(path),
  };
}
