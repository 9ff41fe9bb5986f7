import type { Exposure } from '#model/answers.ts';
import type { Service, ServicePort } from '#model/exposure.ts';
import type { Origin } from '#model/origin.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { PortProtocol } from '#model/traffic.ts';
import type { Controller } from './controllers.ts';
import type { Exposing } from './exposing.ts';
import { inTurn, type Judgement, unify, unknownBecause } from './judge.ts';
import { aimOf, reachedAt, type Target } from './targets.ts';
import { bothLegs, type Front, firstLeg, NO_BACKEND, secondLeg } from './two-legs.ts';

/** One thing that a router of any kind (Ingress, Gateway, Route) sends somewhere. */
export interface Routed {
  readonly through: string;
  readonly at: string;
  readonly front: Front;
  readonly controllers: readonly Controller[];
  /** Exposures of the controllers' own pods. */
  readonly ways: readonly Exposure[];
  readonly backend: RoutedBackend;
  readonly notes: readonly string[];
  /** Why it serves nobody at all; the exposure is then latent. */
  readonly closed?: string;
  /** Why it may serve nobody: what would be allowed is unknown then. */
  readonly unsure?: ReasonCode;
  readonly origin: Origin;
}

export interface RoutedBackend {
  /** Absent where the Service is not in the input, or where it is no Service at all. */
  readonly service?: Service;
  readonly ports: readonly ServicePort[];
  /** For people, where no endpoint can be named: `svc:shop/web`. */
  readonly name: string;
}

/** The exposures of one routed thing: one for each controller that may serve it and each target of its backend. */
export function routedExposures(exposing: Exposing, routed: Routed): Exposure[] {
  return routed.controllers.flatMap((controller) => ofController(exposing, routed, controller));
}

function ofController(exposing: Exposing, routed: Routed, controller: Controller): Exposure[] {
  const { service, ports } = routed.backend;
  const first = firstLeg(controller, routed.ways, routed.front);
  const base = exposureOf(routed, controller, first.scope);
  if (service === undefined) return [base(bothLegs(first, NO_BACKEND))];
  if (service.type === 'ExternalName')
    return [base(bothLegs(first, unknownBecause('domain-name', `leads to the name ${service.externalName}`)))];
  if (ports.length === 0)
    return [{ ...base({ ...unify([]), notes: ['the Service has no such port'] }), scope: 'none' }];
  return ports.flatMap((port) => {
    const aim = aimOf(exposing, service, port);
    if (aim.state === 'unknown') return [base(bothLegs(first, unknownBecause('backends-unknown', ...aim.notes)))];
    if (aim.state === 'latent') return [{ ...base({ ...unify([]), notes: aim.notes }), scope: 'none' as const }];
    return aim.targets.map((target) => {
      const second = secondLeg(exposing, controller, { target, protocol: port.protocol });
      const exposure = base(bothLegs(first, { ...second, notes: [...second.notes, ...aim.notes] }));
      const reached = { ...exposure, ...reachedAt(target) };
      MADE.set(reached, { controller, target, service, protocol: port.protocol, port: routed.front.port });
      return reached;
    });
  });
}

/** Who sends what on to whom, behind an exposure that leads to a target. */
export interface Made {
  readonly controller: Controller;
  readonly target: Target;
  readonly service: Service;
  readonly protocol: PortProtocol;
  /** At which clients ask. */
  readonly port: number;
}

const MADE = new WeakMap<Exposure, Made>();

/** Undefined for exposures that lead to nobody of the input. */
export function madeBy(exposure: Exposure): Made | undefined {
  return MADE.get(exposure);
}

function exposureOf(
  routed: Routed,
  controller: Controller,
  scope: Exposure['scope'],
): (judgement: Judgement) => Exposure {
  const { front, closed, unsure } = routed;
  return (judgement) => {
    const { verdict, reasons, notes } = unsure === undefined ? judgement : inTurn([judgement, unknownBecause(unsure)]);
    return {
      scope: closed === undefined ? scope : 'none',
      through: routed.through,
      at: routed.at,
      protocol: front.protocol,
      port: front.port,
      to: routed.backend.name,
      verdict,
      notes: [...(closed === undefined ? [] : [closed]), controller.evidence, ...routed.notes, ...notes],
      reasons,
      origin: routed.origin,
    };
  };
}

/** Ports of a Service that a route may mean: by number or name, or all of them. */
export function portsOf(
  service: Service | undefined,
  wanted: number | string | undefined,
  protocol?: PortProtocol,
): ServicePort[] {
  const ports = service?.ports ?? [];
  const fitting = protocol === undefined ? ports : ports.filter((port) => port.protocol === protocol);
  if (wanted === undefined) return [...fitting];
  return fitting.filter((port) => (typeof wanted === 'number' ? port.port === wanted : port.name === wanted));
}
