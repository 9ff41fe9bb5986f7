import { RE2JS } from 're2js';

/**
 * Which labels of a pod are part of its identity (pkg/labelsfilter/filter.go). Patterns count where they match from the
 * start of the key; a label is left out by the shortest pattern against it unless a pattern for it matches more. Any
 * pattern for labels in the setting leaves out all that none is for. `setting` has the entries of `labels`.
 */
export function labelFilterOf(setting: string): (key: string) => boolean {
  const own = setting
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(entryOf);
  const narrow = own.some(({ keep }) => keep);
  const entries = [...BUILT_IN, ...own];
  const answers = new Map<string, boolean>();
  return (key) => {
    const known = answers.get(key) ?? keeps(key);
    answers.set(key, known);
    return known;
  };

  function keeps(key: string): boolean {
    let against = 0;
    let wanted = 0;
    for (const { length, keep } of entries) {
      const matched = length(key);
      if (matched === 0) continue;
      if (keep) wanted = Math.max(wanted, matched);
      else if (against === 0 || matched < against) against = matched;
    }
    return (!narrow && against === 0) || wanted > against;
  }
}

interface Entry {
  readonly keep: boolean;
  /** How much of a key matches from its start; 0 where it does not. */
  readonly length: (key: string) => number;
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
const BETA = 'beta.kubernetes.io';
const BUILT_IN: readonly Entry[] = [
  ...IGNORED.map((prefix) => ({ keep: false, length: prefixLength(prefix) })),
  { keep: false, length: (key) => (key.includes(BETA) ? key.lastIndexOf(BETA) + BETA.length : 0) },
  ...KEPT.map((prefix) => ({ keep: true, length: prefixLength(prefix) })),
];

function prefixLength(prefix: string): Entry['length'] {
  return (key) => (key.startsWith(prefix) ? prefix.length : 0);
}

/** `source:pattern`, or `source:!pattern` for what is left out; labels of pods have the source `k8s`. */
function entryOf(text: string): Entry {
  const colon = text.indexOf(':');
  const source = text.slice(0, Math.max(colon, 0));
  const written = text.slice(colon + 1);
  const keep = !written.startsWith('!');
  const length = patternLength(keep ? written : written.slice(1));
  return { keep, length: source === '' || source === 'k8s' ? length : () => 0 };
}

/** The agent does not start with a pattern that is none: nobody runs with one. */
function patternLength(pattern: string): Entry['length'] {
  const compiled = compile(pattern);
  return (key) => {
    const matcher = compiled?.matcher(key);
    return matcher?.find() === true && matcher.start() === 0 ? matcher.end() : 0;
  };
}

function compile(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}
