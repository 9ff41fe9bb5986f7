import { formatAddress } from '#base/address.ts';
import type { CiliumEntity, CiliumSelector } from '#model/cilium.ts';
import type { LabelRequirement } from '#model/resource.ts';
import { isNetworkedPod, isPerhaps, type PodParty, type Question, type Side } from '../party.ts';
import { selects } from '../selector.ts';
import { addressOf, namespaceLabels, nodeLabels, onSameNode } from '../where.ts';
import { isOn, settingOf } from './settings.ts';

export const POD_NAMESPACE = 'io.kubernetes.pod.namespace';
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';
const CLUSTER = 'io.cilium.k8s.policy.cluster';

/** What one end is to Cilium, as the other end sees it. */
export type Reserved = 'host' | 'remote-node' | 'world' | 'kube-apiserver';

/** The reserved identities of one end; a pod has none. */
export function reservedOf(question: Question, side: Side): ReadonlySet<Reserved> {
  const party = question.connection[side];
  if (isNetworkedPod(party)) return new Set();
  const place: Reserved = party.kind === 'address' ? 'world' : onSameNode(question) ? 'host' : 'remote-node';
  return new Set(isApiServer(question, side) ? [place, 'kube-apiserver'] : [place]);
}

/** The API server is where the Service `kubernetes` leads; without its EndpointSlices any node or outside address. */
function isApiServer(question: Question, side: Side): boolean {
  const slices = question.snapshot.endpointSlices.filter(
    ({ service, namespace }) => service === 'kubernetes' && namespace === 'default',
  );
  if (slices.length === 0) return isPerhaps(question, `${side} is the API server`);
  const text = formatAddress(addressOf(question, side));
  return slices.some(({ endpoints }) => endpoints.some(({ address }) => address === text));
}

export function isEntity(question: Question, side: Side, entity: CiliumEntity): boolean {
  const has = (reserved: Reserved) => reservedOf(question, side).has(reserved);
  switch (entity) {
    case 'all':
      return true;
    case 'world':
      return has('world');
    case 'world-ipv4':
    case 'world-ipv6':
      return has('world') && addressOf(question, side).family === (entity === 'world-ipv4' ? 4 : 6);
    case 'cluster':
      return !has('world') || has('kube-apiserver');
    case 'host':
    case 'remote-node':
    case 'kube-apiserver':
      return has(entity);
    case 'ingress':
    case 'init':
    case 'health':
    case 'unmanaged':
    case 'none':
      return false;
  }
}

/**
 * Labels of every source: a selector's key names one, or any. What only forbids labels is met by nodes and outside
 * addresses, which have none, in some versions and settings (cilium/cilium#46949).
 */
export function isSelected(question: Question, side: Side, selector: CiliumSelector): boolean {
  const { requirements } = selector;
  if (!requirements.every((requirement) => requirementHolds(question, side, requirement))) return false;
  if (isNetworkedPod(question.connection[side]) || requirements.length === 0) return true;
  const isReserved = requirements.some(({ key }) => keyOf(key).source === 'reserved');
  return isReserved || isPerhaps(question, 'what has no labels is met by selectors that only forbid labels');
}

function requirementHolds(question: Question, side: Side, requirement: LabelRequirement): boolean {
  const { source, key } = keyOf(requirement.key);
  const value = labelOf(question, side, { source, key });
  return selects({ requirements: [{ ...requirement, key }], origin: NO_PLACE }, () => value);
}

const NO_PLACE = { file: '', line: 0, column: 0 };

interface LabelKey {
  readonly source: string;
  readonly key: string;
}

/** `k8s:app`, or `app` of any source. */
export function keyOf(text: string): LabelKey {
  const colon = text.indexOf(':');
  return colon < 0 ? { source: 'any', key: text } : { source: text.slice(0, colon), key: text.slice(colon + 1) };
}

function labelOf(question: Question, side: Side, { source, key }: LabelKey): string | undefined {
  const party = question.connection[side];
  const reserved: readonly string[] = [...reservedOf(question, side)];
  if ((source === 'reserved' || source === 'any') && reserved.includes(key)) return '';
  if ((source === 'k8s' || source === 'any') && isNetworkedPod(party)) return podLabel(question, party, key);
  const isNode = reserved.includes('host') || reserved.includes('remote-node');
  if ((source === 'node' || source === 'any') && isNode && isOn(question, 'enable-node-selector-labels')) {
    return nodeLabels(question, side)(key);
  }
  return undefined;
}

/** Only labels that Cilium counts to the identity of a pod. */
export function podLabel(question: Question, pod: PodParty, key: string): string | undefined {
  if (key === POD_NAMESPACE) return pod.namespace;
  if (key === ACCOUNT) return pod.shape.serviceAccount;
  if (key === CLUSTER) return settingOf(question, 'cluster-name') ?? 'default';
  if (key.startsWith(NAMESPACE_LABELS)) {
    return namespaceLabels(question, pod.namespace)(key.slice(NAMESPACE_LABELS.length));
  }
  const value = pod.shape.labels.get(key);
  return value !== undefined && isCounted(question, key) ? value : undefined;
}

/** Keys that begin with these are in no identity. */
const NOT_COUNTED = [
  'io.kubernetes',
  'kubernetes.io',
  'k8s.io',
  'topology.kubernetes.io',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/controller-uid',
  'pod-template-generation',
  'pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'annotation',
  'etcd_node',
];

/** With a list of labels of its own a cluster may count others. */
function isCounted(question: Question, key: string): boolean {
  if ((settingOf(question, 'labels') ?? '') !== '') return isPerhaps(question, `identities have the label ${key}`);
  if (key.startsWith('app.kubernetes.io')) return true;
  return !NOT_COUNTED.some((prefix) => key.startsWith(prefix)) && !key.includes('beta.kubernetes.io');
}
