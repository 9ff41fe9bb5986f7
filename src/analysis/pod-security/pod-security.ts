import type { PlainObject } from '#model/plain.ts';
import { BASELINE_CHECKS } from './baseline-checks.ts';
import type { PodCheck, PodSecurityVersion, VersionedCheck } from './pod-check.ts';
import { podPartsOf } from './pod-parts.ts';
import { RESTRICTED_CHECKS } from './restricted-checks.ts';
import type { PodSecurityViolation } from './violation.ts';

export type { PodSecurityVersion } from './pod-check.ts';
export type { PodSecurityViolation } from './violation.ts';

export const POD_SECURITY_LEVELS = ['privileged', 'baseline', 'restricted'] as const;
/** A level of the Pod Security Standards, from no limits to the strictest. */
export type PodSecurityLevel = (typeof POD_SECURITY_LEVELS)[number];

/** The newest minor version of Kubernetes of which the checks are known: what `latest` means here. */
export const LATEST_POD_SECURITY_VERSION = 38;

export interface PodSecurityPolicy {
  readonly level: PodSecurityLevel;
  readonly version: PodSecurityVersion;
}

/**
 * Where a pod goes beyond a level, by the checks that Pod Security Admission has for the version, with the defaults that
 * the API server applies before it. Empty: it would be admitted. Versions newer than those known are judged as the newest.
 *
 * @example
 * evaluatePodSecurity({}, { hostPID: true }, { level: 'baseline', version: 'latest' })[0]?.check; // hostNamespaces
 */
export function evaluatePodSecurity(
  metadata: PlainObject,
  spec: PlainObject,
  { level, version }: PodSecurityPolicy,
): readonly PodSecurityViolation[] {
  if (level === 'privileged') return [];
  const minor = version === 'latest' ? LATEST_POD_SECURITY_VERSION : version;
  const pod = podPartsOf(metadata, spec);
  return checksOf(level, minor).flatMap(({ id, at, run }) =>
    run(pod).map((breach) => ({ check: id, level: at, ...breach })),
  );
}

/** The highest level that a pod keeps to. */
export function podSecurityLevelOf(
  metadata: PlainObject,
  spec: PlainObject,
  version: PodSecurityVersion,
): PodSecurityLevel {
  const keeps = (level: PodSecurityLevel) => evaluatePodSecurity(metadata, spec, { level, version }).length === 0;
  if (!keeps('baseline')) return 'privileged';
  return keeps('restricted') ? 'restricted' : 'baseline';
}

/** `v1.28` and `latest`, as labels of namespaces say it; undefined for anything else. */
export function parsePodSecurityVersion(text: string): PodSecurityVersion | undefined {
  if (text === 'latest') return 'latest';
  const minor = /^v1\.(0|[1-9]\d{0,4})$/.exec(text)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

interface Chosen {
  readonly id: string;
  readonly at: 'baseline' | 'restricted';
  readonly run: VersionedCheck['run'];
}

/** Restricted has all of baseline but for checks that it replaces with stricter ones. */
function checksOf(level: 'baseline' | 'restricted', minor: number): readonly Chosen[] {
  const baseline = chosen(BASELINE_CHECKS, 'baseline', minor);
  if (level === 'baseline') return baseline;
  const restricted = chosen(RESTRICTED_CHECKS, 'restricted', minor);
  const replaced = new Set(
    RESTRICTED_CHECKS.filter(({ id }) => restricted.some((one) => one.id === id)).flatMap(
      ({ replaces }) => replaces ?? [],
    ),
  );
  return [...baseline.filter(({ id }) => !replaced.has(id)), ...restricted];
}

function chosen(checks: readonly PodCheck[], at: Chosen['at'], minor: number): readonly Chosen[] {
  return checks.flatMap(({ id, versions }) => {
    const version = versions.findLast(({ from }) => from <= minor);
    return version === undefined ? [] : [{ id, at, run: version.run }];
  });
}
