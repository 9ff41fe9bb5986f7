import { addBit, type Bits, emptyBits, hasBit, isEmpty } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { DestinationRule } from '#model/istio.ts';
import { type Box, exactly, exactTraffic, type PointSpan, type Policy } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import { tcpPorts } from './capture.ts';
import type { Binding } from './hosts.ts';
import type { Mesh } from './mesh.ts';
import { forcedAt } from './shown-identity.ts';

/**
 * A DestinationRule with ISTIO_MUTUAL makes the proxies of clients ask for a certificate of the mesh. A pod without a
 * proxy has none: there is no connection. One policy for each rule.
 */
export function compileForced(mesh: Mesh): Policy[] {
  if (mesh.snapshot.destinationRules.length === 0) return [];
  const cells = new Map<string, Cell>();
  for (const [point, bindings] of mesh.hosts.bindings.entries()) {
    const answer = bindings.length === 0 ? 'yes' : hasCertificate(mesh, point);
    if (answer === 'yes') continue;
    for (const [port, own] of Map.groupBy(bindings, ({ target }) => target))
      gather(mesh, cells, { point, port, own, answer });
  }
  const byRule = Map.groupBy(cells.values(), ({ rule }) => rule);
  const policies = [...byRule].map(([rule, own]) => policyOf(mesh, rule, own));
  return policies.filter(({ rules }) => rules.some(({ boxes }) => boxes.length > 0));
}

interface Cell {
  readonly rule: DestinationRule;
  readonly clients: PointSpan;
  readonly port: number;
  readonly certain: boolean;
  readonly peers: Bits;
}

/** Whether a pod shows a certificate of the mesh to sidecars. */
function hasCertificate({ membership, config }: Mesh, point: number): 'yes' | 'no' | 'perhaps' {
  if (hasBit(membership.sidecar.must, point) || hasBit(membership.gateway.may, point)) return 'yes';
  // A waypoint shows one to its tunnels only.
  if (hasBit(membership.waypoint.may, point)) return hasBit(membership.waypoint.must, point) ? 'no' : 'perhaps';
  // What becomes of it at ztunnel, where the sidecar does not speak HBONE, is not documented.
  if (hasBit(membership.ambient.must, point) && config.sidecarsSpeakHbone === true) return 'yes';
  return hasBit(membership.ambient.may, point) || hasBit(membership.sidecar.may, point) ? 'perhaps' : 'no';
}

interface Reached {
  readonly point: number;
  readonly port: number;
  readonly own: readonly Binding[];
  readonly answer: 'no' | 'perhaps';
}

function gather(mesh: Mesh, cells: Map<string, Cell>, { point, port, own, answer }: Reached): void {
  const [rule] = own.flatMap(({ host }) => mesh.rules.groupsFor(host) ?? []).flatMap(({ rules }) => rules);
  if (rule === undefined) return;
  const part = forcedAt(mesh, point, own);
  const key = `${rule.namespace}/${rule.name} ${port} ${answer} ${part.key}`;
  const make = () => ({
    rule,
    clients: part.span(),
    port,
    certain: answer === 'no',
    peers: emptyBits(mesh.world.size),
  });
  const cell = remembered(cells, key, make);
  if (isEmpty(cell.clients.may)) return;
  addBit(cell.peers, point);
}

function policyOf({ proxies }: Mesh, rule: DestinationRule, cells: readonly Cell[]): Policy {
  const { namespace, name, origin } = rule;
  const boxes = cells
    .filter(({ peers }) => !isEmpty(peers))
    .map(
      ({ clients, peers, port, certain }): Box => ({
        on: clients,
        peers: certain ? exactly(peers) : perhaps(peers, 'mesh-transport'),
        traffic: exactTraffic(tcpPorts([port])),
      }),
    );
  return {
    ref: { kind: 'DestinationRule', namespace, name, origin },
    subject: proxies,
    isolates: false,
    rules: [{ action: 'deny', boxes, path: 'spec.trafficPolicy', origin }],
  };
}
