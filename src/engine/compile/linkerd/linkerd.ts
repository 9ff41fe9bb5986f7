import type { AddressRange } from '#base/address.ts';
import { addBit, type Bits, emptyBits, isEmpty } from '#base/bits.ts';
import { meet, subtract } from '#base/intervals.ts';
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
import { boxesFor, defaultClient, groupsBy, type Mesh, meshOf, TCP } from './mesh.ts';
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
  const ranges: AddressRange[] = [...skipped, ...blocks.flatMap(({ cidr, except }) => [cidr, ...except])];
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
    ranges.push(...linkerdValuesOf(snapshot).clusterNetworks);
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
    { name: 'default policy', levels: rest.length === 0 ? [] : [rest], onEnd: 'pass' as const },
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
  const everyone: Box = { on, peers: exactly(mesh.world.everything), traffic: exactTraffic(traffic) };
  const unread = server.gaps[0];
  const rest = unread === undefined ? everyone : perhapsBox(everyone);
  return {
    ref,
    subject: on,
    isolates: false,
    rules: [...limited, ...byRoute, ruleOf('deny', [rest], { path: 'spec.port', origin: server.origin })],
  };
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

/** One policy for pods with the same default, and the same ports that need an identity whatever it says. */
function defaultPolicies(mesh: Mesh): Policy[] {
  const { world, members } = mesh;
  const groups = new Map<
    string,
    { readonly points: Bits; readonly policy: string | undefined; readonly strict: TrafficSet }
  >();
  for (const [index, { meshed, defaultPolicy, requireIdentity }] of members.of.entries()) {
    if (meshed === 'no') continue;
    const key = `${defaultPolicy ?? '?'} ${requireIdentity.join()}`;
    const group = groups.get(key) ?? { points: emptyBits(world.size), policy: defaultPolicy, strict: requireIdentity };
    groups.set(key, group);
    addBit(group.points, index);
  }
  return [...groups.values()].flatMap(({ points, policy, strict }) => {
    const on = within(members.meshed, points);
    const ref = { kind: 'Pod', namespace: '', name: `default policy ${policy ?? 'not known'}`, origin: NO_ORIGIN };
    const deny: Box = { on, peers: exactly(world.everything), traffic: exactTraffic(TCP) };
    if (policy === undefined) {
      const open = { ...perhapsBox(deny), trafficDoubt: 'mesh-membership' as const };
      return [
        {
          ref,
          subject: on,
          isolates: false,
          rules: [ruleOf('allow', [open], unwritten('default')), ruleOf('deny', [open], unwritten('default'))],
        },
      ];
    }
    const client = defaultClient(mesh, policy);
    if (client?.identity === 'none' && client.networks === undefined && strict.length === 0) return [];
    const boxes =
      client === undefined
        ? []
        : [
            ...boxesFor(mesh, client, { on, traffic: subtract(TCP, strict) }),
            ...boxesFor(
              mesh,
              { ...client, identity: client.identity === 'none' ? 'any' : client.identity },
              { on, traffic: meet(TCP, strict) },
            ),
          ];
    return [
      {
        ref,
        subject: on,
        isolates: false,
        rules: [ruleOf('allow', boxes, unwritten('default')), ruleOf('deny', [deny], unwritten('default'))],
      },
    ];
  });
}
