import { formatRange } from '#base/address.ts';
import { gatewayDomain } from '#engine/compile/azure/fronts.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { isKey } from '#engine/compile/azure/view.ts';
import type { ApplicationGateway, GatewayListener, GatewayTarget } from '#model/azure/edge.ts';
import { portTraffic } from '#model/traffic.ts';
import { type Backend, backendsAt, publicAddress, senderIn } from './backends.ts';
import type { Inbound } from './inbound.ts';
import { wafStep } from './waf.ts';
import { type Step, told, type WayIn } from './way-in.ts';

/** Application Gateways whose pools hold addresses of the cluster. Those that a controller in the cluster fills are in `router-ways.ts`. */
export function gatewayWays(inbound: Inbound): WayIn[] {
  return inbound.azure.view.estate.applicationGateways.flatMap((gateway) =>
    gateway.rules.flatMap((rule) => {
      const listener = gateway.listeners.find(({ key }) => key === rule.listener);
      if (listener === undefined) return [];
      return rule.targets.flatMap((target) =>
        backendsOf(inbound, gateway, target).map((backend) =>
          wayThrough(inbound, { gateway, listener, target, backend }),
        ),
      );
    }),
  );
}

function backendsOf(inbound: Inbound, gateway: ApplicationGateway, { pool, settings }: GatewayTarget): Backend[] {
  const addresses = gateway.pools.find(({ key }) => key === pool)?.addresses ?? [];
  const port = gateway.settings.find(({ key }) => key === settings)?.port;
  if (typeof port !== 'number') return [];
  return rangesOf(addresses).flatMap((range) => backendsAt(inbound, range, { port, protocol: 'TCP' }));
}

interface Through {
  readonly gateway: ApplicationGateway;
  readonly listener: GatewayListener;
  readonly target: GatewayTarget;
  readonly backend: Backend;
}

function wayThrough(inbound: Inbound, { gateway, listener, target, backend }: Through): WayIn {
  const { target: to, steps, served } = backend;
  const port = typeof listener.port === 'number' ? listener.port : listener.isTls ? 443 : 80;
  const place = placeOf(inbound, gateway, listener);
  const hosts = listener.hosts.length === 0 ? '' : ` for ${listener.hosts.join(', ')}`;
  const paths = target.paths === undefined ? '' : `, paths ${target.paths.join(', ')}`;
  const why = `listener ${listener.name} at ${place.text}:${port}${hosts}${paths}; it makes a connection of its own`;
  return {
    scope: place.scope,
    through: `Application Gateway ${gateway.name}, listener ${listener.name}`,
    at: `${place.text}:${port}`,
    port,
    protocol: 'TCP',
    to,
    ...(served !== undefined && { service: served.service }),
    legs: [
      {
        steps: gatewaySteps(inbound, gateway, {
          port,
          why,
          waf: wafStep(inbound.azure.view, `azure:${gateway.name}`, [
            ...(target.firewallPolicy === undefined ? [] : [{ of: 'the path', policy: target.firewallPolicy }]),
            ...(listener.firewallPolicy === undefined ? [] : [{ of: 'the listener', policy: listener.firewallPolicy }]),
            ...wafOfGateway(gateway),
          ]),
        }),
      },
      { from: senderIn(inbound, `azure:${gateway.name}`, gateway.subnets), steps },
    ],
    notes: [],
    origin: gateway.origin,
  };
}

/** Its own subnet's groups look at what clients send. */
export function gatewaySteps(
  _: Inbound,
  gateway: ApplicationGateway,
  { port, why, waf }: { readonly port: number; readonly why: string; readonly waf: Step },
): Step[] {
  const at = `azure:${gateway.name}`;
  return [
    told('entrance', at, why),
    { kind: 'security', id: at, domain: gatewayDomain(gateway), traffic: portTraffic('TCP', port) },
    waf,
  ];
}

export function wafOfGateway({ firewallPolicy, ownFirewall }: ApplicationGateway) {
  return [
    ...(firewallPolicy === undefined ? [] : [{ of: 'the gateway', policy: firewallPolicy }]),
    ...(ownFirewall === undefined ? [] : [{ of: 'the gateway', own: ownFirewall }]),
  ];
}

function placeOf(
  inbound: Inbound,
  gateway: ApplicationGateway,
  { frontend }: GatewayListener,
): { scope: WayIn['scope']; text: string } {
  const front = isKey(frontend) ? gateway.frontends.find(({ key }) => key === frontend) : gateway.frontends[0];
  if (front?.publicIp === undefined) {
    const own = front?.privateAddress === undefined ? [] : rangesOf([front.privateAddress]);
    return { scope: 'network', text: own.flatMap(formatRange)[0]?.replace(/\/\d+$/, '') ?? '(private address)' };
  }
  const known = publicAddress(inbound, front.publicIp);
  return {
    scope: 'internet',
    text: known === undefined ? '(public address)' : formatRange(known)[0]!.replace(/\/\d+$/, ''),
  };
}
