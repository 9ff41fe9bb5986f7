import type { Engine } from '#engine/engine.ts';
import type { SmallestChange } from '#model/answers.ts';
import type { Branch } from './branches.ts';

export function smallestChanges(_engine: Engine, _branch: Branch): SmallestChange[] {
  return [];
}
