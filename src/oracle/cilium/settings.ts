import type { Question } from '../party.ts';

/** What `cilium-config` sets; else what the installation fixes. */
export function settingOf({ snapshot, profile }: Question, key: string): string | undefined {
  const config = snapshot.configMaps.find(({ name }) => name === 'cilium-config');
  return config?.data.get(key) ?? profile.cilium?.settings[key];
}

export function isOn(question: Question, key: string): boolean {
  return settingOf(question, key) === 'true';
}

export function isOff(question: Question, key: string): boolean {
  return settingOf(question, key) === 'false';
}

/** Entries of a list that is written with commas or spaces. */
export function listOf(question: Question, key: string): string[] {
  return (settingOf(question, key) ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
}

/** Whether the version is this one or a newer one; where it is not known it may be either, for all of the world. */
export function isSince(question: Question, minor: number): boolean {
  const { cilium } = question.profile;
  if (cilium?.minor !== undefined) return cilium.minor >= minor;
  return question.world.choose(`Cilium is of version 1.${minor} or newer`, [false, true]);
}
