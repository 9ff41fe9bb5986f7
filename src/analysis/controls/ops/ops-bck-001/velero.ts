import type { ClusterObject } from '#model/object.ts';
import { flagAt, plainAt, textAt, textsAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';

/** A schedule of Velero: what it takes, and how it went. */
export interface BackupSchedule {
  readonly object: ClusterObject;
  readonly isPaused: boolean;
  /** Whether it takes policies and other objects of the network along. */
  readonly hasNetwork: boolean;
  /** RFC 3339, of the last one; live clusters only. */
  readonly last?: string;
  readonly takes: (namespace: string) => boolean;
}

const GROUP = 'velero.io';

export function schedulesOf({ objects }: ControlContext): readonly BackupSchedule[] {
  return objects.of(GROUP, 'Schedule').map((object): BackupSchedule => {
    const { value } = object;
    const included = textsAt(value, 'spec', 'template', 'includedNamespaces');
    const excluded = textsAt(value, 'spec', 'template', 'excludedNamespaces');
    const last = textAt(value, 'status', 'lastBackup');
    return {
      object,
      isPaused: flagAt(value, 'spec', 'paused') === true,
      hasNetwork: takesNetwork(object),
      ...(last !== undefined && { last }),
      takes: (namespace) => (included.length === 0 || named(included, namespace)) && !named(excluded, namespace),
    };
  });
}

/** Entries may be patterns: `*`, `shop-*`. */
function named(list: readonly string[], namespace: string): boolean {
  return list.some((entry) => {
    if (!entry.includes('*')) return entry === namespace;
    const parts = entry.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(namespace);
  });
}

/** `networkpolicies`, `networkpolicies.networking.k8s.io`. A selector of labels leaves out what does not carry it. */
function takesNetwork({ value }: ClusterObject): boolean {
  const spec = ['spec', 'template'];
  const included = textsAt(value, ...spec, 'includedResources');
  const excluded = textsAt(value, ...spec, 'excludedResources');
  const names = (list: readonly string[]) => list.some((entry) => /^(?:\*|networkpolicies(?:\..*)?)$/.test(entry));
  const hasSelector = plainAt(value, ...spec, 'labelSelector') !== undefined;
  return (
    (included.length === 0 || names(included)) && !names(excluded.filter((entry) => entry !== '*')) && !hasSelector
  );
}

/** Places to keep backups in that the cluster cannot reach. */
export function brokenLocations({ objects }: ControlContext): readonly ClusterObject[] {
  return objects
    .of(GROUP, 'BackupStorageLocation')
    .filter(({ value }) => textAt(value, 'status', 'phase') === 'Unavailable');
}

/** A restore that was completed: somebody tried. */
export function restoreOf({ objects }: ControlContext): ClusterObject | undefined {
  return objects.of(GROUP, 'Restore').find(({ value }) => textAt(value, 'status', 'phase') === 'Completed');
}
