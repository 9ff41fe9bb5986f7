import type { Profile } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type Compiling, compilingOf } from './compile/context.ts';
import { compileLayers, mentionsOf } from './compile/layer.ts';
import { type Reach, reachOf } from './reach.ts';
import { settleRequests } from './requests.ts';
import { buildWorld, type World, type WorldOptions } from './world.ts';

export interface EngineOptions extends WorldOptions {
  readonly profile: Profile;
  /** Whether policies that are only staged count as enforced. */
  readonly staged?: boolean;
  /** The request that is asked about; without one, verdicts are about connections. */
  readonly request?: AskedRequest;
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
  return engineOver(buildWorld(snapshot, mentionsOf(snapshot), options), snapshot, options);
}

/** The same over a world that is there: it must tell apart all that the snapshot's policies mention. */
export function engineOver(world: World, snapshot: Snapshot, options: EngineOptions): Engine {
  const compiling = compilingOf(world, options.profile, options);
  const layers = compileLayers(compiling, snapshot).map((layer) => settleRequests(layer, options.request));
  const reach = reachOf(world, layers);
  return { snapshot, options, world, compiling, reach };
}
