import { networkPolicyMentions } from '#engine/compile/network-policy.ts';
import { editPolicy, isEditable, type PolicyEdit } from '#engine/edit.ts';
import { buildEngine, type Engine, type EngineOptions } from '#engine/engine.ts';
import { unitsOf } from '#engine/units.ts';
import { coversLabel, type World } from '#engine/world.ts';
import type { NetworkPolicy } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type Analysis, analysisOver } from '../analysis.ts';
import { saysTheSame } from './same-content.ts';

/**
 * The analysis of a snapshot that is another one after an edit. Where nothing but NetworkPolicies says something else, the
 * engine that is there is edited, and most of its rows are shared; else it is built anew. What connections the two tell is
 * the same; places in files are those of the edited snapshot, except inside of compiled policies.
 */
export function editedAnalysis(base: Analysis, snapshot: Snapshot): Analysis {
  return analysisOver(snapshot, base.options, (options) => editedEngine(base.engine, snapshot, options));
}

function editedEngine(engine: Engine, snapshot: Snapshot, options: EngineOptions): Engine {
  const isSame = saysTheSame(options, engine.options) && othersAreSame(engine.snapshot, snapshot);
  const edits = isSame ? policyEdits(engine.snapshot, snapshot) : undefined;
  const edited = edits === undefined ? undefined : withPolicies(engine, edits);
  return edited === undefined ? buildEngine(snapshot, options) : placed(edited, snapshot);
}

/** Lists that decide nothing about connections, or are compared by themselves. */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  'networkPolicies',
  'objects',
  'documents',
  'others',
  'files',
  'diagnostics',
] satisfies (keyof Snapshot)[]);

function othersAreSame(before: Snapshot, after: Snapshot): boolean {
  const now = new Map<string, unknown>(Object.entries(after));
  return Object.entries(before).every(([list, value]) => NOT_COMPARED.has(list) || saysTheSame(value, now.get(list)));
}

/** Undefined where an edit may change which namespaces and labels there are to tell apart. */
function policyEdits(before: Snapshot, after: Snapshot): readonly PolicyEdit[] | undefined {
  const old = byName(before.networkPolicies);
  const now = byName(after.networkPolicies);
  const edits: PolicyEdit[] = [];
  for (const [name, add] of now) {
    const remove = old.get(name);
    if (remove === undefined) edits.push({ add });
    else if (!saysTheSame(remove, add)) edits.push({ remove, add });
  }
  for (const [name, remove] of old) if (!now.has(name)) edits.push({ remove });
  const namespaces = (policies: readonly NetworkPolicy[]) =>
    [...new Set(policies.map((each) => each.namespace))].sort();
  const isSame = saysTheSame(namespaces(before.networkPolicies), namespaces(after.networkPolicies));
  return isSame ? edits : undefined;
}

function byName(policies: readonly NetworkPolicy[]): ReadonlyMap<string, NetworkPolicy> {
  return new Map(policies.map((policy) => [`${policy.namespace}/${policy.name}`, policy]));
}

function withPolicies(engine: Engine, edits: readonly PolicyEdit[]): Engine | undefined {
  let at = engine;
  for (const edit of edits) {
    if (!isEditable(at, edit) || splitsPods(at.world, edit)) return undefined;
    at = editPolicy(at, edit).engine;
  }
  return at;
}

/** A world built anew would not tell pods apart by a label that only this policy asks for. */
function splitsPods(world: World, { remove }: PolicyEdit): boolean {
  if (remove === undefined) return false;
  const unasked: World = { ...world, mentionedKeys: new Set() };
  return [...networkPolicyMentions([remove]).labelKeys].some((key) => !coversLabel(unasked, key));
}

/** The same engine with the places of the edited snapshot: objects that say the same may stand on other lines. */
function placed(engine: Engine, snapshot: Snapshot): Engine {
  const world: World = { ...engine.world, ...unitsOf(snapshot), nodes: snapshot.nodes };
  return {
    ...engine,
    snapshot,
    world,
    compiling: { ...engine.compiling, world },
    reach: { ...engine.reach, world },
  };
}
