import type { Snapshot } from '#model/snapshot.ts';
import type { Meta, MetaRules } from './meta.ts';
import type { Reader } from './reader.ts';

/** The lists of a snapshot that hold objects of Kubernetes. */
export type ListName = Exclude<keyof Snapshot, 'azure' | 'objects' | 'documents' | 'others' | 'files' | 'diagnostics'>;

/** Resources while they are gathered: each list by the identity of the object they were read from. */
export type Gathered = { readonly [L in ListName]: Map<string, readonly Snapshot[L][number][]> };

/** One kind in some of its versions, and how it is read. */
export interface KindEntry {
  readonly kind: string;
  /** The group that identifies the kind, whatever group the object was written in. */
  readonly group: string;
  readonly apiVersions: readonly string[];
  readonly scope: MetaRules['scope'];
  readonly names: MetaRules['names'];
  readonly list: ListName;
  /** Of a kind of which most objects have no say: whether one of this name has. Absent: all. */
  readonly concerns?: (name: string) => boolean;
  /** The name by which an object is known, where it may be written in several ways. */
  readonly named?: (object: Reader, meta: Meta) => Meta;
  /** Reads the object; the answer puts it into its list. */
  readonly read: (object: Reader, meta: Meta) => (gathered: Gathered, identity: string) => void;
}

/** Whether an object of a kind has a say, by its name. */
export function concerns(entry: KindEntry, name: string): boolean {
  return entry.concerns?.(name) ?? true;
}

type Read<L extends ListName> = (object: Reader, meta: Meta) => Snapshot[L][number] | readonly Snapshot[L][number][];

interface KindRules<L extends ListName> {
  readonly in: L;
  readonly kind: string;
  readonly versions: readonly string[];
  readonly read: Read<L>;
  readonly scope?: 'cluster';
  readonly names?: 'label';
  readonly concerns?: (name: string) => boolean;
  readonly named?: (object: Reader, meta: Meta) => Meta;
}

/** The first version listed gives the group that identifies the kind. */
export function kind<L extends ListName>(rules: KindRules<L>): KindEntry {
  const first = rules.versions[0] ?? '';
  return {
    kind: rules.kind,
    group: groupOf(first),
    apiVersions: rules.versions,
    scope: rules.scope ?? 'namespaced',
    names: rules.names ?? 'subdomain',
    list: rules.in,
    ...(rules.named !== undefined && { named: rules.named }),
    ...(rules.concerns !== undefined && { concerns: rules.concerns }),
    read: (object, meta) => {
      const read = rules.read(object, meta);
      return (gathered, identity) => gathered[rules.in].set(identity, isList(read) ? read : [read]);
    },
  };
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
