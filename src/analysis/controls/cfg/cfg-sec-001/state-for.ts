import type { Judged, Mapping } from '#model/control.ts';

/** Entries that are about how secrets are kept where the cluster stores them. */
const STORED: ReadonlySet<string> = new Set(['cis-kubernetes 1.2.27', 'cis-kubernetes 1.2.28', 'cis-aks 5.3.1']);
/** Entries that are about how secrets come to pods. */
const GIVEN: ReadonlySet<string> = new Set(['cis-kubernetes 5.4.1', 'cis-aks 4.5.1']);

export function stateForSecrets({ state, detail, where }: Judged, entry: Mapping): Judged['state'] | undefined {
  const name = `${entry.framework} ${entry.id}`;
  const isStore = where.kind === 'cluster' || where.kind.startsWith('Microsoft.');
  if (STORED.has(name)) return isStore ? state : undefined;
  if (GIVEN.has(name)) return isStore || where.kind === 'Secret' || where.kind === 'ConfigMap' ? undefined : state;
  return detail === 'variables' ? undefined : state;
}
