/**
 * Which labels of a pod are part of its identity (pkg/labelsfilter/filter.go). Patterns are anchored at the start of the
 * key; the longest that fits decides. A positive entry in the setting `labels` leaves out all that it does not name.
 */
export function labelFilterOf(setting: string): (key: string) => boolean {
  const own = setting
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(entryOf);
  const narrow = own.some(({ keep }) => keep);
  const entries = [...BUILT_IN, ...own].sort((a, b) => b.prefix.length - a.prefix.length);
  return (key) => {
    if (key.includes('beta.kubernetes.io')) return false;
    return entries.find(({ prefix }) => key.startsWith(prefix))?.keep ?? !narrow;
  };
}

interface Entry {
  readonly prefix: string;
  readonly keep: boolean;
}

const IGNORED = [
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
const KEPT = [
  'app.kubernetes.io',
  'io.kubernetes.pod.namespace',
  'io.cilium.k8s.namespace.labels',
  'io.cilium.k8s.policy.cluster',
  'io.cilium.k8s.policy.serviceaccount',
];
const BUILT_IN: readonly Entry[] = [
  ...IGNORED.map((prefix) => ({ prefix, keep: false })),
  ...KEPT.map((prefix) => ({ prefix, keep: true })),
];

/** `!prefix` leaves out; a source before the prefix, and the escapes and anchors of a pattern, are dropped. */
function entryOf(text: string): Entry {
  const keep = !text.startsWith('!');
  const bare = (keep ? text : text.slice(1)).replace(/^(?:k8s|any|reserved):/, (source) =>
    source === 'reserved:' ? source : '',
  );
  const negated = bare.startsWith('!');
  const prefix = (negated ? bare.slice(1) : bare).replace(/^\^/, '').replace(/\.\*$/, '').replaceAll('\\.', '.');
  return { prefix, keep: keep && !negated };
}
