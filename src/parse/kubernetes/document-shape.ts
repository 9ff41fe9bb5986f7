import type { DocumentShape } from '#model/object.ts';
import type { MapNode } from '../text/node.ts';

/** Which of the documents that controls look at it is: by the fields that its own format requires at the top. */
export function shapeOf({ entries }: MapNode): DocumentShape | undefined {
  const keys = new Set(entries.map(({ key }) => key));
  const has = (...wanted: readonly string[]) => wanted.every((key) => keys.has(key));
  if (has('kubeletconfig')) return 'kubelet-configz';
  if (has('SchemaVersion', 'ArtifactName')) return 'trivy-report';
  if (has('bomFormat', 'specVersion')) return 'cyclonedx';
  if (has('version', 'runs') && entries.find(({ key }) => key === 'runs')?.value.kind === 'seq') return 'sarif';
  // YAML 1.1 reads the key `on` as a boolean.
  if (has('jobs') && (keys.has('on') || keys.has('true'))) return 'github-workflow';
  return (keys.has('trigger') || keys.has('pr') || keys.has('pool') || keys.has('extends')) && hasSteps(keys)
    ? 'azure-pipeline'
    : undefined;
}

function hasSteps(keys: ReadonlySet<string>): boolean {
  return ['stages', 'jobs', 'steps', 'extends'].some((key) => keys.has(key));
}
