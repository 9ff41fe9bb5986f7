import type { Exposure } from '#model/answers.ts';
import type { ApplicationGateway } from '#model/azure/edge.ts';
import type { Controller, FarController } from '../exposure/controllers.ts';
import { gatewayExposures } from '../exposure/gateway.ts';
import { ingressExposures } from '../exposure/ingress.ts';
import { openShiftRouteExposures } from '../exposure/openshift-route.ts';
import { type Made, madeBy } from '../exposure/routed.ts';
import { serviceExposures } from '../exposure/service.ts';
import { senderIn } from './backends.ts';
import { gatewaySteps, wafOfGateway } from './gateway-ways.ts';
import type { Inbound } from './inbound.ts';
import { wafStep } from './waf.ts';
import { type Leg, type Step, told, toldUnknown, type WayIn } from './way-in.ts';

/** Ingresses, Gateways and Routes, by who serves them: pods behind a way in of their own, or a gateway of Azure. */
export function routerWays(inbound: Inbound, ways: readonly WayIn[]): WayIn[] {
  const { exposing } = inbound;
  const entrances = serviceExposures(exposing);
  const routed = [
    ...ingressExposures(exposing, entrances),
    ...gatewayExposures(exposing, entrances),
    ...openShiftRouteExposures(exposing, entrances),
  ];
  return routed.flatMap((exposure) => {
    const made = madeBy(exposure);
    return made === undefined || exposure.scope === 'none' ? [] : waysOf(inbound, { exposure, made, ways });
  });
}

interface Routed {
  readonly exposure: Exposure;
  readonly made: Made;
  readonly ways: readonly WayIn[];
}

function waysOf(inbound: Inbound, routed: Routed): WayIn[] {
  const { controller } = routed.made;
  switch (controller.kind) {
    case 'pods':
      return throughPods(routed, controller);
    case 'far':
      return controller.family.sends === 'network' ? [throughAzure(inbound, routed, controller)] : [unknownWay(routed)];
    case 'unknown':
      return [unknownWay(routed)];
  }
}

function wayOf({ exposure, made }: Routed, legs: readonly Leg[], scope: WayIn['scope']): WayIn {
  const { through, at, port, origin } = exposure;
  const { target, protocol, service } = made;
  return { scope, through, at, port, protocol, to: target, service, legs, notes: [], origin };
}

/** Who comes to the controller's own pods on the port that is asked at, or by any port where none is of that number. */
function throughPods(routed: Routed, { id, points }: Extract<Controller, { kind: 'pods' }>): WayIn[] {
  const { exposure, made, ways } = routed;
  const own = ways.filter(({ to, protocol }) => to.to === id && protocol === made.protocol);
  const same = own.filter(({ port }) => port === exposure.port);
  return (same.length > 0 ? same : own).map((way) =>
    wayOf(
      routed,
      [
        ...way.legs,
        {
          from: { id, points },
          steps: [routeStep(exposure), { kind: 'connection', to: made.target, protocol: made.protocol }],
        },
      ],
      way.scope,
    ),
  );
}

function routeStep({ through, at }: Exposure): Step {
  return told('entrance', through, `${at} is sent on; the controller makes a connection of its own`);
}

/** By a gateway outside of the cluster, which a controller in it fills: requests come from the gateway's subnet. */
function throughAzure(inbound: Inbound, routed: Routed, { family }: FarController): WayIn {
  const { exposure, made } = routed;
  const onward: Step[] = [routeStep(exposure), { kind: 'connection', to: made.target, protocol: made.protocol }];
  const isContainers = family.name === 'Application Gateway for Containers';
  const { estate } = inbound.azure.view;
  const [gateway, ...others] = estate.applicationGateways;
  const [controller, ...more] = estate.trafficControllers;
  const scope = exposure.scope === 'network' ? 'network' : 'internet';
  if (isContainers && controller !== undefined && more.length === 0) {
    const policy = controller.policies.find(({ firewallPolicy }) => firewallPolicy !== undefined)?.firewallPolicy;
    const at = `azure:${controller.name}`;
    const first = [
      told('entrance', at, `${family.name}; it makes a connection of its own`),
      wafStep(inbound.azure.view, at, policy === undefined ? [] : [{ of: 'the gateway', policy }]),
    ];
    return wayOf(routed, [{ steps: first }, { from: senderIn(inbound, at, controller.subnets), steps: onward }], scope);
  }
  if (!isContainers && gateway !== undefined && others.length === 0)
    return wayOf(routed, throughGateway(inbound, routed, { gateway, onward }), scope);
  const at = `the ${family.name}`;
  const first = toldUnknown('entrance', at, {
    why: 'which gateway of Azure serves it is not in the input',
    reason: 'cloud-resource-missing',
  });
  return wayOf(routed, [{ steps: [first] }], scope);
}

const PATH_POLICY = 'appgw.ingress.kubernetes.io/waf-policy-for-path';

function throughGateway(
  inbound: Inbound,
  { exposure, made }: Routed,
  { gateway, onward }: { readonly gateway: ApplicationGateway; readonly onward: readonly Step[] },
): Leg[] {
  const named = inbound.engine.snapshot.ingresses
    .find(({ namespace, name }) => exposure.through === `Ingress ${namespace}/${name}`)
    ?.annotations.get(PATH_POLICY);
  const waf = wafStep(inbound.azure.view, `azure:${gateway.name}`, [
    ...(named === undefined ? [] : [{ of: 'the path', policy: named.toLowerCase() }]),
    ...wafOfGateway(gateway),
  ]);
  const why = `filled by its ingress controller: ${exposure.at}; it makes a connection of its own`;
  const steps = gatewaySteps(inbound, gateway, { port: made.port, why, waf });
  return [{ steps }, { from: senderIn(inbound, `azure:${gateway.name}`, gateway.subnets), steps: onward }];
}

function unknownWay(routed: Routed): WayIn {
  const { controller } = routed.made;
  const first = toldUnknown('entrance', routed.exposure.through, {
    why: controller.evidence,
    reason: 'backends-unknown',
  });
  return wayOf(routed, [{ steps: [first] }], routed.exposure.scope === 'network' ? 'network' : 'internet');
}
