import type { Evidence } from '#model/control.ts';
import { textAt } from '#model/plain.ts';
import { evidenceOf, managedClustersOf, settingAt } from './azure-facts.ts';
import type { ControlContext } from './context.ts';
import { onceKey } from './context.ts';
import { seenAt } from './evidence.ts';

/** A version of Kubernetes that something in the input has. */
export interface SeenVersion {
  /** `1.34.2`, `1.34`: without what a distribution adds. */
  readonly version: string;
  readonly minor: number;
  /** `the control plane`, `node aks-1`. */
  readonly what: string;
  readonly isNode: boolean;
  readonly evidence: Evidence;
}

const SEEN = onceKey<readonly SeenVersion[]>('kubernetes versions');

/** The versions of Kubernetes that the input shows: of clusters of AKS, of their nodes. */
export function kubernetesVersionsIn(context: ControlContext): readonly SeenVersion[] {
  return context.once(SEEN, () => [...planeVersions(context), ...nodeVersions(context)]);
}

/** The minor version that the cluster surely has: the lowest that is seen. */
export function clusterMinorOf(context: ControlContext): number | undefined {
  const minors = kubernetesVersionsIn(context).map(({ minor }) => minor);
  return minors.length === 0 ? undefined : minors.reduce((least, minor) => Math.min(least, minor));
}

function planeVersions(context: ControlContext): readonly SeenVersion[] {
  return managedClustersOf(context).flatMap(({ resource }) => {
    const current = settingAt(resource, 'properties', 'currentKubernetesVersion');
    const setting = current.state === 'value' ? current : settingAt(resource, 'properties', 'kubernetesVersion');
    if (setting.state !== 'value') return [];
    return seen(String(setting.value), {
      what: `cluster \`${resource.name}\``,
      isNode: false,
      evidence: evidenceOf(resource, setting),
    });
  });
}

const KUBELET = ['status', 'nodeInfo', 'kubeletVersion'];

function nodeVersions({ objects }: ControlContext): readonly SeenVersion[] {
  return objects.of('', 'Node').flatMap((node) =>
    seen(textAt(node.value, ...KUBELET) ?? '', {
      what: `node \`${node.name}\``,
      isNode: true,
      evidence: seenAt(node, KUBELET),
    }),
  );
}

function seen(text: string, rest: Omit<SeenVersion, 'version' | 'minor'>): readonly SeenVersion[] {
  const found = /^v?(1\.(\d{1,3})(?:\.\d{1,4})?)/.exec(text);
  return found === null ? [] : [{ version: found[1]!, minor: Number(found[2]), ...rest }];
}
