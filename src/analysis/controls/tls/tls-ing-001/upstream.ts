import type { ClusterObject } from '#model/object.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { azureWays, placeOfWay, type WalkedWay } from '../../ing/azure-ways.ts';

/** What in Azure ends TLS before an object, where every way from the internet goes through it; undefined otherwise. */
export function endsBefore(context: ControlContext, object: ClusterObject): string | undefined {
  const around = azureWays(context);
  if (around === undefined) return undefined;
  const { id } = placeOf(object);
  const own = around.ways.filter(({ way, verdict }) => verdict !== 'denied' && placeOfWay(context, way).id === id);
  const names = own.map((way) => terminatorOf(context, way));
  return names.length > 0 && names.every((name) => name !== undefined) ? names[0] : undefined;
}

function terminatorOf({ snapshot: { azure } }: ControlContext, { way }: WalkedWay): string | undefined {
  const [first] = way.legs[0]?.steps ?? [];
  if (first?.kind !== 'told') return undefined;
  const { at, why } = first.entry;
  const door = azure.frontDoors.find(({ name }) => at === `azure:${name}`);
  if (door !== undefined) return `Front Door ${door.name}`;
  const gateway = azure.applicationGateways.find(({ name }) => at === `azure:${name}`);
  const listener = gateway?.listeners.find(({ name }) => why.startsWith(`listener ${name} at`));
  return listener?.isTls === true ? `Application Gateway ${gateway?.name}` : undefined;
}
