import type { AddressRange } from '#base/address.ts';
import { addBit, type Bits, emptyBits, isEmpty } from '#base/bits.ts';
import { meet, subtract } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { LinkerdServer } from '#model/linkerd.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { TrafficSet } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { linkerdValuesOf } from '#parse/linkerd/mesh-values.ts';
import type { EncryptionSource } from '../../encryption.ts';
import {
  type Box,
  exactly,
  exactTraffic,
  type Layer,
  type Policy,
  type Rewrite,
  type Rule,
  type Stack,
} from '../../form.ts';
import { within } from '../../spans.ts';
import type { Mentions } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { type Grantee, grantsTo, grantsToRoute } from './authorizations.ts';
import { egressOf } from './egress.ts';
import { encryptionOf } from './encryption.ts';
import { subnetsOf } from './membership.ts';
import { boxesFor, type Client, defaultClient, groupsBy, type Mesh, meshOf, TCP } from './mesh.ts';
import { probeBoxes } from './probes.ts';
import { rewritesOf } from './rewrites.ts';
import { requestsOf, requestsTo, routesOf } from './routes.ts';
import { limit, perhapsBox, ruleOf, unwritten } from './rules.ts';
import { type ServedPort, servedPorts } from './servers.ts';

/** Every label and address that Linkerd's objects name. */
export function linkerdMentions(snapshot: Snapshot): Mentions {
  const labelKeys = new Set<string>();
  for (const { podSelector } of snapshot.linkerdServers)
    for (const { key } of podSelector?.requirements ?? []) labelKeys.add(key);
  const blocks = [
    ...snapshot.linkerdNetworks.flatMap(({ networks }) => networks),
    ...snapshot.linkerdServerAuthorizations.flatMap(({ client }) => client.networks ?? []),
    ...snapshot.linkerdEgressNetworks.flatMap(({ networks }) => networks ?? []),
  ];
  const shapes = [...snapshot.pods.map(({ shape }) => shape), ...snapshot.workloads.map(({ template }) => template)];
  const skipped = [...shapes, ...snapshot.namespaces].flatMap(({ annotations }) =>
    subnetsOf(annotations.get('config.linkerd.io/skip-subnets') ?? ''),
  );
  const values = linkerdValuesOf(snapshot);
  const ranges: AddressRange[] = [
    ...skipped,
    ...subnetsOf(values.skippedSubnets),
    ...(values.probeNetworks ?? []),
    ...blocks.flatMap(({ cidr, except }) => [cidr, ...except]),
  ];
  const uses =
    snapshot.linkerdServers.length +
    snapshot.linkerdServerAuthorizations.length +
    snapshot.linkerdEgressNetworks.length;
  const defaults = [...shapes, ...snapshot.namespaces].map(({ annotations }) =>
    annotations.get('config.linkerd.io/default-inbound-policy'),
  );
  if (
    uses > 0 ||
    defaults.some((policy) => policy?.startsWith('cluster-')) ||
    snapshot.configMaps.some(({ name }) => name === 'linkerd-config')
  )
    ranges.push(...values.clusterNetworks);
  return { labelKeys, nodeLabelKeys: new Set(), ranges };
}

/** Undefined where no pod has a proxy. */
export function linkerdLayer(compiling: Compiling, snapshot: Snapshot): Layer | undefined {
  const mesh = meshOf(compiling, snapshot);
  if (isEmpty(mesh.members.meshed.may)) return undefined;
  return { name: 'mesh', ingress: inbound(mesh), egress: egressOf(mesh) };
}

export function linkerdRewrites(compiling: Compiling, snapshot: Snapshot): readonly Rewrite[] {
  return rewritesOf(meshOf(compiling, snapshot));
}

export function linkerdEncryption(compiling: Compiling, snapshot: Snapshot): EncryptionSource {
  return encryptionOf(meshOf(compiling, snapshot));
}

/**
 * What the destination's proxy lets in: ports with a Server by its authorizations and nothing else, other ports by the
 * default policy. Ports that are kept out of the proxy, and other protocols than TCP, it never sees.
 */
function inbound(mesh: Mesh): Stack {
  const skipped = skippedLevel(mesh);
  const served = servedPorts(mesh).map((port) => serverPolicy(mesh, port));
  const rest = defaultPolicies(mesh);
  return [
    { name: 'skipped ports', levels: skipped === undefined ? [] : [[skipped]], onEnd: 'pass' as const },
    { name: 'Server', levels: served.map((policy) => [policy]), onEnd: 'pass' as const },
    {
      name: 'default policy',
      levels: rest.length === 0 ? [] : [rest],
      onEnd: 'pass' as const,
      openOrder: 'default-policy-unknown' as const,
    },
  ].filter(({ levels }) => levels.length > 0);
}

function skippedLevel(mesh: Mesh): Policy | undefined {
  const { world } = mesh;
  const boxes = groupsBy(mesh, ({ skippedInbound }) => skippedInbound).flatMap(({ on, value }): Box[] =>
    value.length === 0 ? [] : [{ on, peers: exactly(world.everything), traffic: exactTraffic(value) }],
  );
  for (const { pods, peers } of mesh.detours) boxes.push({ on: pods, peers, traffic: exactTraffic(TCP) });
  if (boxes.length === 0) return undefined;
  const ref = { kind: 'Pod', namespace: '', name: 'skipped ports', origin: NO_ORIGIN };
  return {
    ref,
    subject: mesh.members.meshed,
    isolates: false,
    rules: [ruleOf('allow', boxes, unwritten('skip-inbound-ports'))],
  };
}

function serverPolicy(mesh: Mesh, { server, on, traffic }: ServedPort): Policy {
  const ref: PolicyRef = { kind: server.kind, namespace: server.namespace, name: server.name, origin: server.origin };
  const at = { on, traffic };
  const routes = routesOf(mesh, server);
  const access = defaultClient(mesh, server.accessPolicy);
  const grants = grantsTo(mesh, server);
  const whole = [
    ...(access === undefined
      ? []
      : [ruleOf('allow', boxesFor(mesh, access, at), { path: 'spec.accessPolicy', origin: server.origin })]),
    ...grants.map((grantee) => grantRule(mesh, grantee, at)),
  ];
  const requests = requestsOf(routes);
  const limited =
    requests.length === 0 ? whole : whole.map((rule) => ({ ...rule, boxes: limit(rule.boxes, requests) }));
  const byRoute = routes.flatMap((route) =>
    grantsToRoute(mesh, route).map((grantee) => {
      const rule = grantRule(mesh, grantee, at);
      return { ...rule, boxes: limit(rule.boxes, requestsTo(route, routes)) };
    }),
  );
  const probes = routes.length === 0 && looksForRequests(server) ? probeBoxes(mesh, at, false) : [];
  const everyone: Box = { on, peers: exactly(mesh.world.everything), traffic: exactTraffic(traffic) };
  const unread = server.gaps[0];
  const rest = unread === undefined ? everyone : perhapsBox(everyone);
  return {
    ref,
    subject: on,
    isolates: false,
    rules: [
      ...limited,
      ...byRoute,
      ...(probes.length === 0 ? [] : [ruleOf('allow', probes, unwritten('probes of the pod'))]),
      ruleOf('deny', [rest], { path: 'spec.port', origin: server.origin }),
    ],
  };
}

function looksForRequests({ protocol }: LinkerdServer): boolean {
  return protocol === 'unknown' || protocol === 'HTTP/1' || protocol === 'HTTP/2';
}

function grantRule(
  mesh: Mesh,
  { ref, client, gaps }: Grantee,
  at: { readonly on: Box['on'] & object; readonly traffic: TrafficSet },
): Rule {
  const boxes = boxesFor(mesh, client, at);
  const path = `${ref.kind} ${ref.name}`;
  return ruleOf('allow', gaps.length > 0 ? boxes.map(perhapsBox) : boxes, { path, origin: ref.origin });
}

interface Defaults {
  readonly points: Bits;
  readonly policies: readonly string[];
  /** Ports that need an identity whatever the policy says. */
  readonly strict: TrafficSet;
}

/** What counts without a Server, for pods alike. Where two may count, both are asked: if they agree it is certain. */
function defaultPolicies(mesh: Mesh): Policy[] {
  const groups = new Map<string, Defaults>();
  for (const [index, { meshed, defaultPolicies: policies, requireIdentity: strict }] of mesh.members.of.entries()) {
    if (meshed === 'no') continue;
    const made = () => ({ points: emptyBits(mesh.world.size), policies, strict });
    addBit(remembered(groups, `${policies.join()} ${strict.join()}`, made).points, index);
  }
  return [...groups.values()].flatMap((group) => {
    const isOpen = group.policies.every((policy) => isForEveryone(defaultClient(mesh, policy)));
    return isOpen && group.strict.length === 0 ? [] : group.policies.map((policy) => defaultOf(mesh, policy, group));
  });
}

function isForEveryone(client: Client | undefined): boolean {
  return client?.identity === 'none' && client.networks === undefined;
}

function defaultOf(mesh: Mesh, policy: string, { points, strict }: Defaults): Policy {
  const on = within(mesh.members.meshed, points);
  const client = defaultClient(mesh, policy);
  const known = client?.identity === 'none' ? ({ ...client, identity: 'any' } as const) : client;
  const boxes = [
    ...(client === undefined ? [] : boxesFor(mesh, client, { on, traffic: subtract(TCP, strict) })),
    ...(known === undefined ? [] : boxesFor(mesh, known, { on, traffic: meet(TCP, strict) })),
  ];
  const probes = probeBoxes(mesh, { on, traffic: TCP }, true);
  const rest: Box = { on, peers: exactly(mesh.world.everything), traffic: exactTraffic(TCP) };
  return {
    ref: { kind: 'Pod', namespace: '', name: `default policy ${policy}`, origin: NO_ORIGIN },
    subject: on,
    isolates: false,
    rules: [
      ruleOf('allow', boxes, unwritten('default')),
      ...(probes.length === 0 ? [] : [ruleOf('allow', probes, unwritten('probes of the pod'))]),
      ruleOf('deny', [rest], unwritten('default')),
    ],
  };
}
