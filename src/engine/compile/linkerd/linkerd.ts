import type { AddressRange } from '#base/address.ts';
import { addBit, type Bits, difference, emptyBits, intersection, isEmpty } from '#base/bits.ts';
import { meet, subtract } from '#base/intervals.ts';
import type { LinkerdEgressNetwork } from '#model/linkerd.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
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
import { type Mentions, podsOfNamespace } from '../../world.ts';
import type { Compiling } from '../context.ts';
import { outsideOf } from '../span-sets.ts';
import { type Grantee, grantsTo, grantsToRoute } from './authorizations.ts';
import { encryptionOf } from './encryption.ts';
import { subnetsOf } from './membership.ts';
import { boxesFor, clusterNetworks, defaultClient, groupsBy, type Mesh, meshOf, networksOf, TCP } from './mesh.ts';
import { rewritesOf } from './rewrites.ts';
import { requestsOf, routesOf } from './routes.ts';
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
  if (uses > 0 || snapshot.configMaps.some(({ name }) => name === 'linkerd-config'))
    ranges.push(...linkerdValuesOf(snapshot).clusterNetworks);
  return { labelKeys, nodeLabelKeys: new Set(), ranges };
}

/** Undefined where no pod has a proxy. */
export function linkerdLayer(compiling: Compiling, snapshot: Snapshot): Layer | undefined {
  const mesh = meshOf(compiling, snapshot);
  if (isEmpty(mesh.members.meshed.may)) return undefined;
  return { name: 'mesh', ingress: inbound(mesh), egress: outbound(mesh) };
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

interface At {
  readonly path: string;
  readonly origin: Rule['origin'];
}

function ruleOf(action: Rule['action'], boxes: readonly Box[], { path, origin }: At): Rule {
  return { action, boxes, path, origin };
}

/** Of what stands in no document. */
function unwritten(path: string): At {
  return { path, origin: NO_ORIGIN };
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
      return { ...rule, boxes: limit(rule.boxes, requestsOf([route])) };
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

function perhapsBox(box: Box): Box {
  return { ...box, traffic: { must: NO_TRAFFIC, may: box.traffic.may }, trafficDoubt: 'unread-field' };
}

function limit(boxes: readonly Box[], requests: ReturnType<typeof requestsOf>): Box[] {
  return boxes.flatMap((box) => requests.map((request) => ({ ...box, request })));
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

/** Where networks outside may be spoken to: what an EgressNetwork of the own namespace says, else one of all namespaces. */
const GLOBAL = 'linkerd-egress';

function outbound(mesh: Mesh): Stack {
  const { snapshot, world } = mesh;
  const local = new Set(snapshot.linkerdEgressNetworks.map(({ namespace }) => namespace));
  const level = snapshot.linkerdEgressNetworks.flatMap((network): Policy[] => {
    const own = podsOfNamespace(world, network.namespace);
    let elsewhere = world.pods;
    for (const name of local) elsewhere = difference(elsewhere, podsOfNamespace(world, name));
    const subject = within(
      mesh.members.meshed,
      network.namespace === GLOBAL ? elsewhere : intersection(own, world.pods),
    );
    return isEmpty(subject.may) || network.action === 'allow' ? [] : [egressPolicy(mesh, network, subject)];
  });
  return level.length === 0 ? [] : [{ name: 'EgressNetwork', levels: [level], onEnd: 'pass' }];
}

/** Routes with it as their parent open holes, which are not read: with any of them, what is denied is open. */
function egressPolicy(mesh: Mesh, network: LinkerdEgressNetwork, subject: Policy['subject']): Policy {
  const { world, snapshot } = mesh;
  const { kind, namespace, name, origin } = network;
  const peers =
    network.networks === undefined
      ? outsideOf(world.externals, clusterNetworks(mesh))
      : within(networksOf(mesh, network.networks), world.externals);
  const hasRoutes =
    snapshot.routes.some(({ parents }) =>
      parents.some((parent) => parent.kind === 'EgressNetwork' && parent.name === name),
    ) ||
    snapshot.linkerdRoutes.some(({ parents }) =>
      parents.some((parent) => parent.kind === 'EgressNetwork' && parent.name === name),
    );
  const boxes = mesh.carriers.map(({ peers: clients, traffic }): Box => {
    const box: Box = { on: clients, peers, traffic: exactTraffic(traffic) };
    return hasRoutes || network.gaps.length > 0 ? { ...perhapsBox(box), trafficDoubt: 'request-unknown' } : box;
  });
  const rule = ruleOf('deny', boxes, { path: 'spec.trafficPolicy', origin });
  return { ref: { kind, namespace, name, origin }, subject, isolates: false, rules: [rule] };
}
