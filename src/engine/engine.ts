import type { Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type Compiling, compilingOf } from './compile/context.ts';
import { compilePodLayer, mentionsOf } from './compile/layer.ts';
import { type Reach, reachOf } from './reach.ts';
import { buildWorld, type World, type WorldOptions } from './world.ts';

export interface EngineOptions extends WorldOptions {
  readonly profile: Profile;
}

/** One snapshot under one profile, ready to answer. Immutable: an edit makes another (see `edit.ts`). */
export interface Engine {
  readonly snapshot: Snapshot;
  readonly options: EngineOptions;
  readonly world: World;
  readonly compiling: Compiling;
  readonly reach: Reach;
}

/**
 * Compiles a snapshot and computes every row.
 *
 * @example
 * const engine = buildEngine(snapshot, { profile: PROFILES.upstream });
 * verdictBetween(engine.reach, from, to, trafficPoint('TCP', 5432)); // 'allowed' | 'denied' | 'unknown'
 */
export function buildEngine(snapshot: Snapshot, options: EngineOptions): Engine {
  const world = buildWorld(snapshot, mentionsOf(snapshot), options);
  const compiling = compilingOf(world, options.profile);
  const reach = reachOf(world, compilePodLayer(compiling, snapshot));
  return { snapshot, options, world, compiling, reach };
}
