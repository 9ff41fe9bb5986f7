import type { MtlsMode, PeerAuthentication } from '#model/istio.ts';
import { oldestOf } from '../age.ts';
import type { PodParty, Question } from '../party.ts';
import { selects } from '../selector.ts';

export type ServerMode = Exclude<MtlsMode, 'UNSET'>;

/** What a sidecar takes at one port of its pod: the mesh's word, the namespace's over it, the workload's over both. */
export function sidecarMode(question: Question, pod: PodParty, port: number): ServerMode {
  const own = workloadPolicy(question, pod);
  const mode = over(own?.mode, namespaceMode(question, pod.namespace));
  return over(own?.ports.get(port), mode);
}

/**
 * Whether ztunnel lets nobody without an identity to one port of the pod. It has no DISABLE: that is PERMISSIVE. Where the
 * workload leaves a strict parent in force, some port entry must say PERMISSIVE to open ports; DISABLE alone does not.
 */
export function ztunnelIsStrict(question: Question, pod: PodParty, port: number): boolean {
  const own = workloadPolicy(question, pod);
  const parent = namespaceMode(question, pod.namespace);
  const entry = own?.ports.get(port) ?? 'UNSET';
  const opens = [...(own?.ports.values() ?? [])].includes('PERMISSIVE');
  if (entry === 'DISABLE' && own?.mode === 'UNSET' && parent === 'STRICT' && !opens) return true;
  return over(entry, over(own?.mode, parent)) === 'STRICT';
}

/** What the namespace and the mesh say, without any workload's own word: all that clients look at for a Service. */
export function namespaceMode(question: Question, namespace: string): ServerMode {
  const { rootNamespace } = question.mesh;
  const mesh = over(wholePolicy(question, rootNamespace)?.mode, 'PERMISSIVE');
  return namespace === rootNamespace ? mesh : over(wholePolicy(question, namespace)?.mode, mesh);
}

function over(mode: MtlsMode | undefined, parent: ServerMode): ServerMode {
  return mode === undefined || mode === 'UNSET' ? parent : mode;
}

function wholePolicy({ snapshot, world }: Question, namespace: string): PeerAuthentication | undefined {
  const whole = snapshot.peerAuthentications.filter(
    (each) => each.namespace === namespace && each.selector === undefined,
  );
  return oldestOf(world, whole);
}

/** One with a selector in the root namespace is for nobody. */
function workloadPolicy({ snapshot, world, mesh }: Question, pod: PodParty): PeerAuthentication | undefined {
  if (pod.namespace === mesh.rootNamespace) return undefined;
  const own = snapshot.peerAuthentications.filter(
    ({ namespace, selector }) =>
      namespace === pod.namespace && selector !== undefined && selects(selector, (key) => pod.shape.labels.get(key)),
  );
  return oldestOf(world, own);
}
