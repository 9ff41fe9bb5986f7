import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import type { ControlContext } from './context.ts';

/** A control: its data, how it is judged, and how what fails is closed. */
export interface Control {
  readonly data: ControlData;
  /** Pure. Never throws for any input: what it throws is our bug, and hides no other control. */
  readonly assess: (context: ControlContext) => Assessment;
  /** How one place that fails or warns is closed; undefined where nothing can be said beyond the remedy. */
  readonly fix?: (context: ControlContext, judged: Judged) => Fix | undefined;
}
