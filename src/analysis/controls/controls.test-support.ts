import type { Assessment, ControlState } from '#model/control.ts';
import { type ControlSettings, NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import type { ProfileId } from '#model/profile.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import type { ControlContext } from './context.ts';
import type { Control } from './control.ts';
import { contextFor } from './make-context.ts';

export interface ControlInput {
  /** YAML or JSON documents. */
  readonly manifests?: string;
  /** Resources in ARM's own shape. */
  readonly azure?: readonly object[];
  /** Azure was read live, and so is whole. */
  readonly azureLive?: boolean;
  readonly settings?: Partial<ControlSettings>;
  readonly engine?: ProfileId;
  /** `2026-11-21` unless given. */
  readonly today?: string;
  /** `manifests` unless given. */
  readonly kind?: ControlContext['kind'];
}

export function contextOf({ manifests = '', azure = [], ...input }: ControlInput): ControlContext {
  const cluster = snapshotOf([{ file: 'input.yaml', text: manifests }], { objects: true });
  const document = input.azureLive === true ? { count: azure.length, data: azure } : azure;
  const file = input.azureLive === true ? 'azure resources' : 'azure.json';
  const { estate } = readEstate(azure.length === 0 ? [] : [{ file, text: JSON.stringify(document) }]);
  const snapshot = { ...cluster, azure: aroundOneCluster(estate, undefined).estate };
  return contextFor({
    analysis: analyseSnapshot(snapshot, input.engine === undefined ? {} : { engine: input.engine }),
    settings: { ...NO_CONTROL_SETTINGS, ...input.settings },
    today: input.today ?? '2026-11-21',
    kind: input.kind ?? 'manifests',
  });
}

export function assess(control: Control, input: ControlInput): Assessment {
  return control.assess(contextOf(input));
}

/** `FAIL Namespace shop`, for each place, in order. */
export function placesOf({ places }: Assessment): readonly string[] {
  return places.map(({ state, where: { kind, namespace, name }, detail }) => {
    const at = namespace === '' ? name : `${namespace}/${name}`;
    return `${state} ${kind} ${at}${detail === undefined ? '' : ` ${detail}`}`;
  });
}

export function stateOf(control: Control, input: ControlInput): ControlState {
  return assess(control, input).state;
}
