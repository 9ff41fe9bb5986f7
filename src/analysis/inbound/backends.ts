import { type AddressRange, formatAddress, parseAddress } from '#base/address.ts';
import { members } from '#base/bits.ts';
import { frontendAddresses } from '#engine/compile/azure/load-balancers.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { isKey } from '#engine/compile/azure/view.ts';
import type { AddressItem, AzureRef } from '#model/azure/entity.ts';
import type { PortProtocol } from '#model/traffic.ts';
import type { Target } from '../exposure/targets.ts';
import { pointsWithin } from '../outside.ts';
import type { Inbound } from './inbound.ts';
import { loadBalancerSteps, type Served, servedBy } from './service-ways.ts';
import type { Sender, Step } from './way-in.ts';

/** Where what stands before the cluster sends a connection on to. */
export interface Backend {
  readonly target: Target;
  readonly steps: readonly Step[];
  readonly served?: Served;
}

/** What is at an address and port: a Service's frontend, a pod, a node port. */
export function backendsAt(
  inbound: Inbound,
  address: AddressRange,
  at: { port: number; protocol: PortProtocol },
): Backend[] {
  return [...frontendsAt(inbound, address, at), ...podsAt(inbound, address, at)];
}

function frontendsAt(
  inbound: Inbound,
  address: AddressRange,
  { port, protocol }: { port: number; protocol: PortProtocol },
): Backend[] {
  const services = inbound.engine.snapshot.services.filter(
    (service) => service.type === 'LoadBalancer' && frontendAddresses(service).some((each) => isSame(each, address)),
  );
  return servedBy(inbound, services)
    .filter((served) => served.port.port === port && served.port.protocol === protocol)
    .map((served) => ({ target: served.target, steps: loadBalancerSteps(served), served }));
}

function podsAt(
  { engine: { world }, exposing }: Inbound,
  address: AddressRange,
  { port, protocol }: { port: number; protocol: PortProtocol },
): Backend[] {
  const text = formatAddress({ family: address.family, value: address.lo });
  return world.units.flatMap((unit, index): Backend[] => {
    if (!unit.addresses.includes(text)) return [];
    const points = exposing.services.units.pointsOf(index);
    const target: Target = { to: world.owners[unit.owner]!.id, owner: unit.owner, port, points, kind: 'pod' };
    return [{ target, steps: [{ kind: 'connection', to: target, protocol }] }];
  });
}

export function isSame(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.lo === b.lo && a.hi === b.hi;
}

/** Those who send from subnets: gateways have addresses of theirs. */
export function senderIn({ engine, azure }: Inbound, id: string, subnets: readonly AzureRef[]): Sender {
  const prefixes = subnets.filter(isKey).flatMap((key) => rangesOf(azure.view.subnets.get(key)?.prefixes ?? []));
  return { id, points: pointsOf(engine.world, prefixes) };
}

function pointsOf(world: Inbound['engine']['world'], ranges: readonly AddressRange[]): number[] {
  const bits = pointsWithin(world, ranges);
  return [...members(bits)];
}

export function rangeAt(text: string): AddressRange | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : { family: address.family, lo: address.value, hi: address.value };
}

/** The address of a public IP, where it is known. */
export function publicAddress({ azure }: Inbound, ref: AzureRef | undefined): AddressRange | undefined {
  const item: AddressItem | undefined = isKey(ref) ? azure.view.publicIps.get(ref)?.address : undefined;
  return item?.kind === 'range' ? item.range : undefined;
}
