import type { Assessment, Judged } from '#model/control.ts';
import { CLUSTER, plain, stateOf } from './assessment.ts';
import type { ControlContext } from './context.ts';
import type { Control } from './control.ts';
import { hasWithheld, isAbout, type Withheld } from './withheld.ts';

/** What a control reads of variables, arguments, commands and ConfigMaps, which a snapshot may have been taken without. */
export interface ReadsValues {
  /** The objects of which it would have read what the snapshot does not have. Where there is none, all that it says stands. */
  readonly of: (context: ControlContext) => readonly Withheld[];
  /**
   * Whether the values could change what is said of a place; `own` is what of the objects above the place is about. What a
   * field shows that is in the input stands.
   */
  readonly doubts: (judged: Judged, own: Withheld | undefined, context: ControlContext) => boolean;
  /** Whether the values could bring places that are not there: then those of the objects above are open. */
  readonly adds: boolean;
}

const WITHOUT = 'the snapshot was taken without `--values`';

/**
 * What a control says where the snapshot does not have values that it reads: unknown wherever they could say otherwise. A
 * value that was not kept is never taken for one that says nothing.
 */
export function withDoubts(
  context: ControlContext,
  { readsValues }: Pick<Control, 'readsValues'>,
  assessment: Assessment,
): Assessment {
  if (readsValues === undefined || !hasWithheld(context)) return assessment;
  const withheld = readsValues.of(context);
  const places = assessment.places.map((judged) => {
    const own = withheld.find((each) => isAbout(judged, each));
    const isOpen = withheld.length > 0 && judged.state !== 'UNKNOWN' && readsValues.doubts(judged, own, context);
    return isOpen ? doubted(judged, own ?? withheld[0]!) : judged;
  });
  const missing = readsValues.adds ? withheld.filter((each) => !places.some((judged) => isAbout(judged, each))) : [];
  return assessmentWith(assessment, places, missing);
}

function assessmentWith(assessment: Assessment, places: readonly Judged[], missing: readonly Withheld[]): Assessment {
  const changed = places.filter((judged, index) => judged !== assessment.places[index]);
  const count = changed.length + missing.length;
  if (count === 0) return assessment;
  const evidence = missing.slice(0, SHOWN).map((each) => each.evidence);
  if (places.length === 0)
    return assessment.state === 'UNKNOWN' ? assessment : plain('UNKNOWN', doubtText(count), evidence);
  const unplaced: Judged = {
    where: CLUSTER,
    state: 'UNKNOWN',
    message: doubtText(missing.length),
    evidence,
    detail: 'values',
  };
  const all = missing.length === 0 ? places : [...places, unplaced];
  const state = stateOf(all);
  const failing = all.filter((judged) => judged.state === 'FAIL');
  const [first] = failing;
  const proven =
    first === undefined ? [] : [`${failing.length} of ${all.length} fail all the same; the first: ${first.message}`];
  return { ...assessment, state, why: [...proven, doubtText(count)].join('; '), places: all };
}

const SHOWN = 10;

function doubtText(count: number): string {
  return `what ${count === 1 ? 'one object says' : `${count} objects say`} was not kept: ${WITHOUT}`;
}

function doubted({ severity: _severity, ...judged }: Judged, { evidence }: Withheld): Judged {
  return {
    ...judged,
    state: 'UNKNOWN',
    message: `${judged.message}; a value that may say otherwise was not kept: ${WITHOUT}`,
    evidence: [...judged.evidence, evidence],
  };
}
