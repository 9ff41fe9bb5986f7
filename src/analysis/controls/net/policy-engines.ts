import type { Evidence } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { listAt, numberAt, plainAt, textAt } from '#model/plain.ts';
import type { ControlContext } from '../context.ts';
import { titleOf } from '../context.ts';

/** An agent that enforces policy, by its DaemonSet. */
export interface EngineAgent {
  readonly title: string;
  readonly object: ClusterObject;
  /** Of a live cluster: how many of how many are ready. Absent: the manifest has no status. */
  readonly ready?: { readonly now: number; readonly wanted: number };
  /** The tag of its image: `v3.29.1`. */
  readonly version?: string;
}

const TITLES: Readonly<Record<string, string>> = {
  cilium: 'Cilium',
  'calico-node': 'Calico',
  'azure-npm': 'Azure Network Policy Manager',
  'azure-npm-win': 'Azure Network Policy Manager for Windows',
  'antrea-agent': 'Antrea',
  'kube-router': 'kube-router',
  'ovnkube-node': 'OVN-Kubernetes',
  'kube-network-policies': 'kube-network-policies',
};

export function enginesIn({ objects }: ControlContext): readonly EngineAgent[] {
  return objects.of('apps', 'DaemonSet').flatMap((object): EngineAgent[] => {
    const title = Object.hasOwn(TITLES, object.name) ? TITLES[object.name] : undefined;
    if (title === undefined) return [];
    const wanted = numberAt(object.value, 'status', 'desiredNumberScheduled');
    const version = versionOf(object);
    return [
      {
        title,
        object,
        ...(wanted !== undefined && { ready: { now: numberAt(object.value, 'status', 'numberReady') ?? 0, wanted } }),
        ...(version !== undefined && { version }),
      },
    ];
  });
}

function versionOf(object: ClusterObject): string | undefined {
  const image = listAt(object.value, 'spec', 'template', 'spec', 'containers').map((container) =>
    textAt(container, 'image'),
  )[0];
  return image === undefined ? undefined : /:([^:/@]+)(?:@|$)/.exec(image)?.[1];
}

export function evidenceOfAgent({ object }: EngineAgent): Evidence {
  const path = ['status', 'numberReady'];
  const value = plainAt(object.value, ...path);
  return {
    object: titleOf(object),
    ...(value !== undefined && { field: path.join('.'), value }),
    origin: object.originAt(path),
  };
}
