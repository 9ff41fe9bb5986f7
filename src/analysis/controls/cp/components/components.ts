import type { Judged } from '#model/control.ts';
import { type CisCheck, type Component, nameOfCheck } from '../../../../data/frameworks/cis-check.ts';
import { CIS_CHECKS } from '../../../../data/frameworks/cis-checks.ts';
import { CLUSTER } from '../../assessment.ts';
import { type ControlContext, onceKey } from '../../context.ts';
import type { ReadsValues } from '../../doubts.ts';
import { withheldMaps } from '../../withheld.ts';
import type { ComponentView } from './component-view.ts';
import { configurationViews } from './configuration-views.ts';
import { type ComponentCheck, type FileCheck, judgeComponent, judgeFile } from './judge.ts';
import { kubeadmKubelets, kubeadmViews } from './kubeadm-views.ts';
import { collectedKubelets, type NodeInfo, nodeInfos } from './node-info.ts';
import { podViews, withheldComponents } from './pod-views.ts';

/** What the input has of components and of files of nodes. */
export interface Seen {
  readonly views: readonly ComponentView[];
  readonly infos: readonly NodeInfo[];
}

const SEEN = onceKey<Seen>('components');

export function seenComponents(context: ControlContext): Seen {
  return context.once(SEEN, () => {
    const infos = nodeInfos(context);
    const running = [...podViews(context.podOwners), ...configurationViews(context), ...collectedKubelets(infos)];
    // What kubeadm was told is not asked where what it made is there.
    const planned = kubeadmViews(context).filter(
      ({ component }) => !running.some((view) => view.component === component),
    );
    return { views: withoutRepeats([...running, ...kubeadmKubelets(context), ...planned]), infos };
  });
}

/** Of kube-proxy, its configuration decides unless flags are all that there is: the pod names the file. */
function withoutRepeats(views: readonly ComponentView[]): readonly ComponentView[] {
  const configured = new Set(views.filter(({ endpoint }) => endpoint === undefined).map(({ component }) => component));
  return views.filter(
    ({ component, endpoint, whole }) => endpoint === undefined || whole || !configured.has(component),
  );
}

/** The checks of a control, as its places; a place of the cluster for each component of which nothing is known. */
export function placesOfChecks(context: ControlContext, checks: readonly CisCheck[]): readonly Judged[] {
  const seen = seenComponents(context);
  const places: Judged[] = [];
  const unseen = new Map<string, CisCheck[]>();
  for (const check of checks) {
    const judged = judgedOf(check, seen);
    places.push(...judged);
    if (judged.length > 0) continue;
    const subject = check.test.kind === 'file' ? FILES[check.test.on] : check.test.component;
    unseen.set(subject, [...(unseen.get(subject) ?? []), check]);
  }
  return [...places, ...[...unseen].map(([subject, missing]) => unseenPlace(subject, missing))];
}

function judgedOf(check: CisCheck, { views, infos }: Seen): readonly Judged[] {
  if (isFileCheck(check)) {
    const nodes = infos.filter(({ role }) => role === 'control-plane' || check.test.on === 'node');
    return nodes.map((info) => judgeFile(check, info));
  }
  if (!isComponentCheck(check)) return [];
  return views.filter(({ component }) => component === check.test.component).flatMap((view) => judgedBy(check, view));
}

function judgedBy(check: ComponentCheck, view: ComponentView): readonly Judged[] {
  const judged = judgeComponent(check, view);
  return view.partial === true && judged.state === 'UNKNOWN' ? [] : [judged];
}

/** Whether the input has anything of what the checks are about. */
export function hasEvidenceFor(context: ControlContext, checks: readonly CisCheck[]): boolean {
  const { views, infos } = seenComponents(context);
  return checks.some(({ test }) =>
    test.kind === 'file'
      ? infos.some(({ role }) => role === 'control-plane' || test.on === 'node')
      : views.some(({ component }) => component === test.component),
  );
}

/** The checks of a control that is about more than components, where the input has any of those. */
export function seenChecksOf(context: ControlContext, control: string): readonly Judged[] {
  const checks = checksOf(control);
  return hasEvidenceFor(context, checks) ? placesOfChecks(context, checks) : [];
}

/** Of a control with checks: components whose flags were not kept are open by themselves, one by one. */
export function componentValues(control: string): ReadsValues {
  const asked = new Set(checksOf(control).flatMap(({ test }) => (test.kind === 'component' ? [test.component] : [])));
  return {
    of: (context) => [
      ...withheldComponents(context).filter(({ component }) => asked.has(component)),
      ...withheldMaps(context).filter(({ object }) => object.name === 'kubeadm-config'),
    ],
    doubts: () => false,
    adds: true,
  };
}

/** Every check that is a part of a control. */
export function checksOf(control: string): readonly CisCheck[] {
  return CIS_CHECKS.filter((check) => check.control === control);
}

const FILES = { 'control-plane': 'files of the control plane', node: 'files of nodes' } as const;

/** What would show each, for messages. */
export const SHOWN_BY: Readonly<Record<Component | (typeof FILES)[keyof typeof FILES], string>> = {
  'kube-apiserver': 'its pod or the manifest in `/etc/kubernetes/manifests`',
  'kube-controller-manager': 'its pod or the manifest in `/etc/kubernetes/manifests`',
  'kube-scheduler': 'its pod or the manifest in `/etc/kubernetes/manifests`',
  etcd: 'its pod or the manifest in `/etc/kubernetes/manifests`',
  kubelet: 'what `kubectl get --raw /api/v1/nodes/NODE/proxy/configz` prints',
  'kube-proxy': 'its DaemonSet with the ConfigMap `kube-proxy`',
  'files of the control plane': 'what k8s-node-collector writes of its nodes',
  'files of nodes': 'what k8s-node-collector writes of nodes',
};

function unseenPlace(subject: string, checks: readonly CisCheck[]): Judged {
  const ids = checks.map(nameOfCheck).join(', ');
  const shownBy = Object.entries(SHOWN_BY).find(([name]) => name === subject)?.[1] ?? '';
  return {
    where: CLUSTER,
    state: 'UNKNOWN',
    message: `nothing of ${subject} is in the input: ${shownBy} would show it (${ids})`,
    evidence: [{ object: 'the input', why: `has nothing of ${subject}` }],
    detail: subject,
  };
}

function isFileCheck(check: CisCheck): check is FileCheck {
  return check.test.kind === 'file';
}

function isComponentCheck(check: CisCheck): check is ComponentCheck {
  return check.test.kind === 'component';
}
