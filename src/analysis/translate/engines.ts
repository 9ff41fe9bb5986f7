import type { EngineEntry } from '#model/answers.ts';
import { type PolicyKindName, PROFILES, type ProfileId } from '#model/profile.ts';
import type { TranslationTarget } from '#model/translation.ts';
import type { Detected } from '../detect.ts';
import { DIALECT_KINDS, type Dialect, TARGET_KINDS } from './dialects.ts';

/** Under which engine the source is asked, and under which the result. */
export interface Engines {
  readonly source: EngineEntry;
  readonly result: EngineEntry;
}

export interface Choice {
  readonly chosen: ProfileId | undefined;
  readonly detected: Detected;
}

const OWN_OF_TARGET: Readonly<Record<TranslationTarget, ProfileId>> = {
  calico: 'calico',
  cilium: 'cilium',
  kubernetes: 'upstream',
  clusternetworkpolicy: 'upstream',
};
/** The cluster-wide kinds under an engine that leaves nothing open. */
const OWN_OF_SOURCE: Readonly<Record<Dialect, ProfileId>> = {
  kubernetes: 'upstream',
  cluster: 'kube-network-policies',
  calico: 'calico',
  cilium: 'cilium',
};

/** Whether a profile can prove a translation at all: it must enforce what comes out. */
export function canProve(profile: ProfileId, to: TranslationTarget): boolean {
  return enforces(profile, TARGET_KINDS[to]);
}

/** One engine for both where there is one; else each form has its own. */
export function enginesFor(dialect: Dialect, to: TranslationTarget, { chosen, detected }: Choice): Engines {
  const candidates: readonly EngineEntry[] = [
    ...(chosen === undefined ? [{ profile: detected.profile, why: detected.why }] : [byHand(chosen)]),
    { profile: OWN_OF_TARGET[to], why: 'the engine of the result' },
    { profile: OWN_OF_SOURCE[dialect], why: 'the engine of the source' },
  ];
  const takesSource = ({ profile }: EngineEntry) => enforces(profile, DIALECT_KINDS[dialect]);
  const takesResult = ({ profile }: EngineEntry) => enforces(profile, TARGET_KINDS[to]);
  const both = candidates.find((entry) => takesSource(entry) && takesResult(entry));
  if (both !== undefined) return { source: both, result: both };
  const settled = candidates.filter(({ profile }) => profile !== 'upstream');
  return { source: settled.find(takesSource)!, result: settled.find(takesResult) ?? candidates.find(takesResult)! };
}

function byHand(profile: ProfileId): EngineEntry {
  return { profile, why: 'chosen with --engine' };
}

function enforces(profile: ProfileId, kind: PolicyKindName): boolean {
  return PROFILES[profile].enforces.includes(kind);
}
