import type { PlainObject } from '#model/plain.ts';
import type { Resource } from '#model/resource.ts';
import type { Objection } from './plain.ts';

/** One policy said in the other form, or what stands against it. */
export interface Said {
  readonly source: Resource;
  readonly documents: readonly PlainObject[];
  readonly notes: readonly string[];
  readonly objections: readonly Objection[];
  /** Of the cluster-wide kinds. */
  readonly tier?: 'Admin' | 'Baseline';
  /** Whether its order beside other policies may decide. */
  readonly hangsOnOrder?: boolean;
}
