import type { Assessment, ControlData, Fix, Judged, Mapping } from '#model/control.ts';
import type { ControlContext } from './context.ts';
import type { ReadsValues } from './doubts.ts';

/** A control: its data, how it is judged, and how what fails is closed. */
export interface Control {
  readonly data: ControlData;
  /** Pure. Never throws for any input: what it throws is our bug, and hides no other control. */
  readonly assess: (context: ControlContext) => Assessment;
  /** How one place that fails or warns is closed; undefined where nothing can be said beyond the remedy. */
  readonly fix?: (context: ControlContext, judged: Judged) => Fix | undefined;
  /**
   * What a place comes to for one entry of a framework; undefined where it says nothing of it. Absent: what it comes to
   * for the control. An entry is narrower than a control that is about several: no token too many fails all of RBAC.
   */
  readonly stateFor?: (judged: Judged, entry: Mapping) => Judged['state'] | undefined;
  /**
   * Of a control that reads variables, arguments, commands or ConfigMaps of applications: what it says is unknown where
   * they were not kept and could say otherwise.
   */
  readonly readsValues?: ReadsValues;
}
