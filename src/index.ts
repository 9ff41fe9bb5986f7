export type { Diagnostic, Severity } from '#model/diagnostic.ts';
export type { Origin } from '#model/origin.ts';
export { PROFILE_IDS, PROFILES, type Profile, type ProfileId } from '#model/profile.ts';
export type { Verdict } from '#model/verdict.ts';
