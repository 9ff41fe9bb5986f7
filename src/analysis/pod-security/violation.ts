import type { FieldPath } from '#model/object.ts';
import type { PlainValue } from '#model/plain.ts';

/** A field with which a pod goes beyond a level. */
export interface PodSecurityViolation {
  /** As Kubernetes names its checks: `hostNamespaces`, `capabilities_restricted`. */
  readonly check: string;
  readonly level: 'baseline' | 'restricted';
  /** From the top of the pod: `['spec', 'containers', 0, 'securityContext', 'privileged']`; it may be absent. */
  readonly path: FieldPath;
  /** What stands there, or what the API server puts there; absent: nothing does. */
  readonly value?: PlainValue;
  /** `container web runs as privileged`, as part of a sentence. */
  readonly message: string;
}

/** One as a check tells it. */
export type Breach = Omit<PodSecurityViolation, 'check' | 'level'>;
