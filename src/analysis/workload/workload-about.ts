import { escapeControl } from '#base/escape.ts';
import { listAt, numberAt, textAt } from '#model/plain.ts';
import type { WorkloadAbout } from '#model/workload.ts';
import type { PodOwner } from '../controls/pod-owners.ts';
import { labelsOf } from '../needs/book.ts';

/** Who a workload is, as its manifest says. */
export function aboutWorkload(owner: PodOwner): WorkloadAbout {
  const { object, spec, containers } = owner;
  const { kind, namespace, name, value, origin } = object;
  const replicas = numberAt(value, 'spec', 'replicas');
  const owners = listAt(value, 'metadata', 'ownerReferences').map(
    (each) => `${textAt(each, 'kind') ?? ''} ${textAt(each, 'name') ?? ''}`,
  );
  const images = containers.flatMap(({ value: container }) => textAt(container, 'image') ?? []);
  return {
    kind,
    namespace,
    name,
    labels: [...labelsOf(owner)].map(([key, own]) => ({ key: escapeControl(key), value: escapeControl(own) })),
    ...(replicas !== undefined && { replicas }),
    serviceAccount: escapeControl(textAt(spec, 'serviceAccountName') ?? 'default'),
    images: [...new Set(images)].map(escapeControl),
    owners: owners.map(escapeControl),
    origin,
  };
}
