import type { EndpointEntry, TrafficList } from '#model/answers.ts';
import type { Assessment, Fix, Judged } from '#model/control.ts';
import type { ProofEntry } from '#model/scan.ts';
import type { ControlContext } from '../controls/context.ts';
import type { Control } from '../controls/control.ts';
import { diffOf } from '../diff/diff.ts';
import { acceptanceOf } from '../scan/acceptance.ts';
import { fingerprintOf } from '../scan/findings.ts';
import { assessAll } from '../scan/scan.ts';
import { trafficText } from '../traffic-list.ts';
import { applyChanges, type Material } from './apply.ts';

export interface Fixing {
  readonly controls: readonly Control[];
  readonly material: Material;
  /** The material read and analysed. */
  readonly contextOf: (material: Material) => ControlContext;
  readonly onControl?: (id: string) => void;
}

/** One finding with the fix that was tried on the model. */
export interface TriedFix {
  readonly control: string;
  readonly fingerprint: string;
  readonly judged: Judged;
  readonly fix: Fix;
  readonly proof: ProofEntry;
}

/** One whose fix was not made, and why. */
export interface UntriedFix extends Omit<TriedFix, 'proof'> {
  readonly why: string;
}

export interface FixRun {
  /** Made, one after the other, each proven with those before it. */
  readonly made: readonly TriedFix[];
  readonly left: readonly UntriedFix[];
  readonly before: Material;
  readonly after: Material;
}

/**
 * Makes every automatic fix, control by control, each on what those before it left: applied to the input, which is read and
 * judged again. What does not close its finding, or makes another control worse, is left out.
 */
export function fixAll({ controls, material, contextOf, onControl }: Fixing): FixRun {
  const made: TriedFix[] = [];
  const left: UntriedFix[] = [];
  let state = stateOf({ controls, contextOf }, material);
  for (const control of controls) {
    if (control.fix === undefined) continue;
    onControl?.(control.data.id);
    const offered = offeredFixes(state, control);
    left.push(...refusedOf(offered));
    const wanted = offered.filter(({ fix }) => fix.automatic && fix.changes.length > 0);
    const together = wanted.length > 1 ? tried({ controls, contextOf, state }, wanted) : undefined;
    if (together !== undefined && 'state' in together) {
      made.push(...together.made);
      state = together.state;
      continue;
    }
    // Not all of them together: then one by one, so that a bad one costs no other.
    for (const each of wanted) {
      const alone = tried({ controls, contextOf, state }, [each]);
      if ('state' in alone) {
        made.push(...alone.made);
        state = alone.state;
      } else left.push({ ...each, why: alone.why });
    }
  }
  return { made, left, before: material, after: state.material };
}

/** The fix of one finding, made by itself and proven, or why it was not made. */
export type OneFix =
  | { readonly kind: 'made'; readonly made: TriedFix; readonly before: Material; readonly after: Material }
  | { readonly kind: 'left'; readonly why: string };

/** As `fixAll` makes it, were it the only one. Undefined where nothing fails that has the fingerprint. */
export function fixOne({ controls, material, contextOf }: Fixing, fingerprint: string): OneFix | undefined {
  const state = stateOf({ controls, contextOf }, material);
  const control = controls.find(({ data }) => state.failing.get(data.id)?.has(fingerprint) === true);
  if (control === undefined) return undefined;
  const wanted = offeredFixes(state, control).find((each) => each.fingerprint === fingerprint);
  if (wanted?.fix.refused !== undefined) return { kind: 'left', why: wanted.fix.refused };
  if (wanted === undefined || !wanted.fix.automatic || wanted.fix.changes.length === 0)
    return { kind: 'left', why: 'what has to be changed is for people to decide' };
  const trial = tried({ controls, contextOf, state }, [wanted]);
  if ('why' in trial) return { kind: 'left', why: trial.why };
  return { kind: 'made', made: trial.made[0]!, before: material, after: trial.state.material };
}

interface Rules {
  readonly controls: readonly Control[];
  readonly contextOf: (material: Material) => ControlContext;
}

interface State {
  readonly material: Material;
  readonly context: ControlContext;
  readonly assessments: ReadonlyMap<string, Assessment>;
  /** Of what fails or warns, by control. */
  readonly failing: ReadonlyMap<string, ReadonlySet<string>>;
}

function stateOf({ controls, contextOf }: Rules, material: Material): State {
  const context = contextOf(material);
  const { assessments } = assessAll(context, { controls });
  const failing = new Map([...assessments].map(([id, { places }]) => [id, failingIn(id, places)]));
  return { material, context, assessments, failing };
}

function failingIn(id: string, places: readonly Judged[]): ReadonlySet<string> {
  return new Set(places.filter(isFailing).map((judged) => fingerprintOf(id, judged)));
}

function isFailing({ state }: Judged): boolean {
  return state === 'FAIL' || state === 'WARN';
}

type Wanted = Omit<TriedFix, 'proof'>;

function refusedOf(offered: readonly Wanted[]): UntriedFix[] {
  return offered.flatMap((each) => (each.fix.refused === undefined ? [] : [{ ...each, why: each.fix.refused }]));
}

function offeredFixes({ context, assessments }: State, control: Control): Wanted[] {
  const { id } = control.data;
  const places = assessments.get(id)?.places.filter(isFailing) ?? [];
  return places.flatMap((judged) => {
    if (acceptanceOf(context, id, judged.where) !== null) return [];
    const fix = control.fix?.(context, judged);
    if (fix === undefined) return [];
    return [{ control: id, fingerprint: fingerprintOf(id, judged), judged, fix }];
  });
}

type Trial = { readonly state: State; readonly made: readonly TriedFix[] } | { readonly why: string };

function tried({ state, ...rules }: Rules & { readonly state: State }, wanted: readonly Wanted[]): Trial {
  let { material } = state;
  for (const { fix, judged } of wanted) {
    const next = applyChanges(material, fix.changes, judged.where);
    if ('why' in next) return next;
    material = next.material;
  }
  const after = stateOf(rules, material);
  const open = wanted.filter(({ control, fingerprint }) => after.failing.get(control)?.has(fingerprint) === true);
  if (open.length > 0) return { why: 'the control does not pass with it' };
  const worsens = worseIn(state, after);
  if (worsens.length > 0) return { why: `it makes ${worsens.join(', ')} worse` };
  // One for all that were tried together: which of them opens or closes what is not told apart.
  const proof: ProofEntry = { closes: true, worsens: [], ...connectionsOf(state, after) };
  return { state: after, made: wanted.map((each) => ({ ...each, proof })) };
}

/** Controls that fail or warn somewhere where they did not. */
function worseIn(before: State, after: State): readonly string[] {
  return [...after.failing]
    .filter(([id, places]) => [...places].some((place) => before.failing.get(id)?.has(place) !== true))
    .map(([id]) => id);
}

const MOST_EXAMPLES = 5;

function connectionsOf(before: State, after: State): Pick<ProofEntry, 'opened' | 'closed' | 'examples'> {
  const { changes, about = [] } = diffOf(before.context.analysis, after.context.analysis);
  const opened = changes.filter((each) => hasTraffic(each.opened));
  const closed = changes.filter((each) => hasTraffic(each.closed));
  const names = new Map(about.map((entry) => [entry.id, nameOf(entry)]));
  const ends = ({ from, to }: { readonly from: string; readonly to: string }) =>
    `${names.get(from) ?? from} → ${names.get(to) ?? to}`;
  const examples = [
    ...opened.map((each) => `+ ${trafficText(each.opened)}  ${ends(each)}`),
    ...closed.map((each) => `- ${trafficText(each.closed)}  ${ends(each)}`),
  ];
  return { opened: opened.length, closed: closed.length, examples: examples.slice(0, MOST_EXAMPLES) };
}

/** Outside addresses have a number for an id, which says nothing to anybody. */
function nameOf({ id, ranges }: EndpointEntry): string {
  if (ranges === undefined) return id;
  return ranges.length <= 2
    ? ranges.join(', ')
    : `${ranges.slice(0, 2).join(', ')} and ${ranges.length - 2} more ranges`;
}

function hasTraffic(list: TrafficList): boolean {
  return list === 'all' || list.length > 0;
}
