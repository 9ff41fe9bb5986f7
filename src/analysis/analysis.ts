import { type AddressRange, wholeFamily } from '#base/address.ts';
import { mentionsOf } from '#engine/compile/layer.ts';
import { buildEngine, type Engine, type EngineOptions } from '#engine/engine.ts';
import { reachOf } from '#engine/reach.ts';
import type { Assumption, EngineEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { PROFILES, type Profile, type ProfileId } from '#model/profile.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { checkSnapshot } from './check.ts';
import { type Detected, detectProfile } from './detect.ts';
import { withExposureWorld } from './exposure/exposure-world.ts';

export interface AnalysisOptions {
  /** The engine profile; detected where absent. */
  readonly engine?: ProfileId;
  /** Where pods without an address may be. */
  readonly podRanges?: readonly AddressRange[];
  /** Whether policies that are only staged count as enforced. */
  readonly staged?: boolean;
  /** The request that is asked about; without one, verdicts are about connections. */
  readonly request?: AskedRequest;
  /** Whether ways in will be asked about too: the engine then has what `waysInto` needs, which makes none of its own. */
  readonly waysIn?: boolean;
  /** What a question needs the engine to tell apart besides what policies mention. */
  readonly world?: Omit<EngineOptions, 'profile' | 'podRanges' | 'staged' | 'request'>;
}

/** A snapshot with an engine to ask: what every question of this room starts from. */
export interface Analysis {
  readonly snapshot: Snapshot;
  readonly options: AnalysisOptions;
  readonly profile: Profile;
  readonly entry: EngineEntry;
  readonly engine: Engine;
  readonly assumptions: readonly Assumption[];
  /** Of reading, and of what the snapshot as a whole shows. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Chooses the profile, compiles and computes reachability. Pure; see `source` for how a snapshot comes about. */
export function analyseSnapshot(snapshot: Snapshot, options: AnalysisOptions = {}): Analysis {
  return analysisOver(snapshot, options, (own) => buildEngine(snapshot, own));
}

/** The same with an engine that comes about in another way, and answers as one that was built from the snapshot would. */
export function analysisOver(
  snapshot: Snapshot,
  options: AnalysisOptions,
  engineFor: (options: EngineOptions) => Engine,
): Analysis {
  const detected = detectProfile(snapshot);
  const chosen = options.engine;
  const profile = withVersion(PROFILES[chosen ?? detected.profile], detected);
  const why = chosen === undefined ? detected.why : 'chosen with --engine';
  const engine = engineFor(engineOptions(snapshot, profile, options));
  const diagnostics = [...snapshot.diagnostics, ...(chosen === undefined ? detected.diagnostics : [])];
  return {
    snapshot,
    options,
    profile,
    entry: { profile: profile.id, why },
    engine,
    assumptions: assumptionsOf(engine, options),
    diagnostics: [...diagnostics, ...checkSnapshot(snapshot, engine)],
  };
}

/** A profile that leaves the version open has the one that the input shows. */
function withVersion(profile: Profile, { ciliumMinor }: Detected): Profile {
  if (profile.cilium === undefined || profile.cilium.minor !== undefined || ciliumMinor === undefined) return profile;
  return { ...profile, cilium: { ...profile.cilium, minor: ciliumMinor } };
}

/** The same snapshot and profile with a world that tells more apart. */
export function withWorld(analysis: Analysis, world: AnalysisOptions['world']): Analysis {
  const { snapshot, profile, options } = analysis;
  const wanted = { ...options, ...(world !== undefined && { world }) };
  const engine = buildEngine(snapshot, engineOptions(snapshot, profile, wanted));
  return { ...analysis, engine };
}

/** The same, asked about one request. */
export function withRequest(analysis: Analysis, request: AskedRequest): Analysis {
  const options = { ...analysis.options, request };
  return withWorld({ ...analysis, options }, options.world);
}

/** The same, with nothing but the engine at the pod having a say. */
export function onlyPodPolicy(analysis: Analysis): Analysis {
  const { engine } = analysis;
  const layers = engine.reach.layers.filter(({ name }) => name === 'pod');
  return { ...analysis, engine: { ...engine, reach: reachOf(engine.world, layers) } };
}

function engineOptions(snapshot: Snapshot, profile: Profile, options: AnalysisOptions): EngineOptions {
  const { world, podRanges, staged, request, waysIn } = options;
  return {
    ...(waysIn === true ? withExposureWorld(snapshot, world) : world),
    profile,
    podRanges: podRanges ?? [],
    ...(staged !== undefined && { staged }),
    ...(request !== undefined && { request }),
  };
}

function assumptionsOf({ world, snapshot }: Engine, options: AnalysisOptions): Assumption[] {
  const out: Assumption[] = [];
  const unaddressed = world.units.some((unit) => unit.addresses.length === 0 && !unit.shape.hostNetwork);
  if (world.podRangesAssumed && unaddressed && tellsAddressesApart(snapshot, options)) {
    out.push({
      code: 'RF4002',
      text: 'pods without an address are taken to have private addresses; --pod-cidr says otherwise',
    });
  }
  const undefinedNamespaces = [...world.namespaces].filter(([, { labels }]) => labels === undefined).length;
  if (undefinedNamespaces > 0 && snapshot.namespaces.length > 0) {
    out.push({
      code: 'RF3004',
      text: `${undefinedNamespaces} namespaces are referred to and not defined; only their names are known`,
    });
  }
  return out;
}

/** Whether a policy or the question names some addresses and not others. What ways in are cut by meets no policy. */
function tellsAddressesApart(snapshot: Snapshot, { world }: AnalysisOptions): boolean {
  const ranges = [...mentionsOf(snapshot).ranges, ...(world?.cuts ?? [])];
  return ranges.some(({ family, lo, hi }) => {
    const whole = wholeFamily(family);
    return lo !== whole.lo || hi !== whole.hi;
  });
}
