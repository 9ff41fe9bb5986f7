import type { CalicoSettings } from '#model/calico.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** A setting, and the FelixConfiguration that makes it. */
export interface Told<T> {
  readonly value: T;
  readonly by: CalicoSettings;
}

/** What Felix of a node is told: its own FelixConfiguration (`node.<name>`) before that of all (`default`). */
export function settingOf<Key extends keyof CalicoSettings>(
  { calicoSettings }: Snapshot,
  node: string,
  key: Key,
): Told<NonNullable<CalicoSettings[Key]>> | undefined {
  for (const wanted of [`node.${node}`, 'default']) {
    const by = calicoSettings.find(({ name }) => name === wanted);
    const value = by?.[key];
    if (by !== undefined && value !== undefined && value !== null) return { value, by };
  }
  return undefined;
}

/** Names of the nodes that have a FelixConfiguration of their own. */
export function nodesWithSettings({ calicoSettings }: Snapshot): string[] {
  return calicoSettings.flatMap(({ name }) => (name.startsWith('node.') ? [name.slice('node.'.length)] : []));
}

/** Whether the data path is eBPF, as FelixConfiguration or the operator's Installation has it. */
export function runsBpf({ calicoSettings, calicoControllers }: Snapshot): boolean {
  return calicoSettings.some(({ bpf }) => bpf === true) || calicoControllers.some(({ bpf }) => bpf);
}
