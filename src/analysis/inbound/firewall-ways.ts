import { formatRange } from '#base/address.ts';
import { type DnatTarget, dnatTargets } from '#engine/compile/azure/firewall-dnat.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import type { PortProtocol } from '#model/traffic.ts';
import { type Backend, backendsAt, publicAddress, senderIn } from './backends.ts';
import type { Inbound } from './inbound.ts';
import { told, type WayIn } from './way-in.ts';

/** What firewalls translate to frontends and pods of the cluster: "a match is allowed, no other rule is needed". */
export function firewallWays(inbound: Inbound): WayIn[] {
  const { view } = inbound.azure;
  return view.firewalls.flatMap((firewall) =>
    dnatTargets(view, firewall).flatMap((target) => waysOfTarget(inbound, firewall, target)),
  );
}

function waysOfTarget(inbound: Inbound, firewall: Firewall, target: DnatTarget): WayIn[] {
  const { to, rule, port: translated } = target;
  if (to?.kind !== 'range') return [];
  return protocolsOf(target).flatMap((protocol) =>
    rule.ports.flatMap((dialled) => {
      if (dialled.kind !== 'range') return [];
      const port = typeof translated === 'number' ? translated : dialled.from;
      return backendsAt(inbound, to.range, { port, protocol }).map((backend) =>
        wayThrough(inbound, firewall, { target, backend, protocol, dialled: dialled.from }),
      );
    }),
  );
}

function protocolsOf({ rule }: DnatTarget): PortProtocol[] {
  const any = rule.protocols.includes('any');
  return [
    ...(any || rule.protocols.includes('tcp') ? ['TCP' as const] : []),
    ...(any || rule.protocols.includes('udp') ? ['UDP' as const] : []),
  ];
}

interface Translated {
  readonly target: DnatTarget;
  readonly backend: Backend;
  readonly protocol: PortProtocol;
  readonly dialled: number;
}

/** "Azure Firewall source-NATs what it has translated": who is behind sees an address of the firewall. */
function wayThrough(inbound: Inbound, firewall: Firewall, { target, backend, protocol, dialled }: Translated): WayIn {
  const { collection, rule, sources, destinations } = target;
  const at = `azure:${firewall.name}`;
  const address =
    destinations.may[0] ??
    firewall.publicIps.map((ref) => publicAddress(inbound, ref)).find((each) => each !== undefined);
  const text = address === undefined ? '(public address)' : (formatRange(address)[0] ?? '').replace(/\/\d+$/, '');
  const name = `${collection.name}/${rule.name}`;
  return {
    scope: 'internet',
    through: `Azure Firewall ${firewall.name}, DNAT rule ${name}`,
    at: `${text}:${dialled}`,
    port: dialled,
    protocol,
    to: backend.target,
    ...(backend.served !== undefined && { service: backend.served.service }),
    legs: [
      {
        steps: [
          told('entrance', at, `${protocol} ${dialled} of ${text}, translated by DNAT rule ${name}`),
          {
            kind: 'sources',
            layer: 'firewall-ingress',
            at,
            list: `DNAT rule ${name}`,
            must: sources.must,
            may: sources.may,
          },
        ],
      },
      { from: senderIn(inbound, at, firewall.subnet === undefined ? [] : [firewall.subnet]), steps: backend.steps },
    ],
    notes: [],
    origin: rule.origin,
  };
}
