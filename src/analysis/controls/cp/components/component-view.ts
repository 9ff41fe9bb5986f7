import type { Evidence, Place } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import type { PlainValue } from '#model/plain.ts';
import type { Component, Condition } from '../../../../data/frameworks/cis-check.ts';

/** What the input says of how one component is set up, at one place. */
export interface ComponentView {
  readonly component: Component;
  readonly where: Place;
  /** Whether what is not here is not set: then the component takes what it takes by itself. */
  readonly whole: boolean;
  /** Why what is not here may be set elsewhere. */
  readonly elsewhere?: string;
  /** Whether the snapshot was taken without what it is told. */
  readonly isWithheld?: true;
  /** Whether another place has most of it: then what is not here is not asked. */
  readonly partial?: boolean;
  readonly find: (condition: Pick<Condition, 'flag' | 'field'>) => Found | undefined;
  /** Where it would be set. */
  readonly absent: Evidence;
  /** How a setting of it is changed; absent: not in a place that we can edit. */
  readonly edited?: { readonly object: ClusterObject; readonly pathOf: EditPath };
  /** Its endpoint, where it runs as a pod: `kube-system/Pod/etcd-a`. */
  readonly endpoint?: string;
}

export interface Found {
  /** Lists with commas. */
  readonly value: string;
  readonly evidence: Evidence;
}

/** Where a setting is written, or is to be written, and the value in the form of that place. */
export type EditPath = (
  condition: Pick<Condition, 'flag' | 'field'>,
  value: string,
) => { readonly op: 'set' | 'append'; readonly path: FieldPath; readonly value: PlainValue } | undefined;

/** Text of a setting, as flags have it; undefined for what no flag can be. */
export function settingText(value: PlainValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map(String).join(',');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, item]) => `${key}=${String(item)}`)
      .join(',');
  }
  return String(value);
}
