import type { Evidence } from '#model/control.ts';
import type { PodSecurityLevel, PodSecurityVersion } from '../../../pod-security/pod-security.ts';

/** Something that looks at pods of a namespace before they are let in. */
export interface Enforcement {
  /** `enforce`: pods are refused; `tell`: somebody is told; `some`: some fields are enforced, not a whole level. */
  readonly mode: 'enforce' | 'tell' | 'some';
  readonly level: PodSecurityLevel;
  readonly version: PodSecurityVersion;
  /** `the label of the namespace`, as part of a sentence. */
  readonly by: string;
  readonly evidence: Evidence;
}

/** The prefix of labels of namespaces that Pod Security Admission reads. */
export const LABEL = 'pod-security.kubernetes.io';

/** `Baseline`, as Azure writes it, too. */
export function levelNamed(text: string): PodSecurityLevel | undefined {
  const lower = text.toLowerCase();
  return lower === 'privileged' || lower === 'baseline' || lower === 'restricted' ? lower : undefined;
}
