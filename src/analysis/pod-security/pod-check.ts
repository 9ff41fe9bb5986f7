import type { PodParts } from './pod-parts.ts';
import type { Breach } from './violation.ts';

/** A minor version of Kubernetes 1, or the newest known. */
export type PodSecurityVersion = number | 'latest';

/** One check of a level, as it was from one version of Kubernetes on. */
export interface PodCheck {
  readonly id: string;
  /** Checks of baseline that it is the stricter form of. */
  readonly replaces?: readonly string[];
  /** Oldest first. */
  readonly versions: readonly VersionedCheck[];
}

export interface VersionedCheck {
  /** Minor version of Kubernetes 1. */
  readonly from: number;
  readonly run: (pod: PodParts) => readonly Breach[];
}
