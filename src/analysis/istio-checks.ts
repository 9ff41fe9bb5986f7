import { type Bits, intersects, isEmpty } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import { byAge, knowsAge } from '#engine/compile/age.ts';
import type { ArrivalGroup } from '#engine/compile/istio/arrivals.ts';
import { podsOfPolicy } from '#engine/compile/istio/authorization.ts';
import { hostName } from '#engine/compile/istio/hosts.ts';
import { type Mesh, meshOf } from '#engine/compile/istio/mesh.ts';
import { WAYPOINT_CLASS, waypointRef } from '#engine/compile/istio/waypoints.ts';
import type { Engine } from '#engine/engine.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { IstioAuthorization, IstioRule, IstioTargetRef, PeerAuthentication } from '#model/istio.ts';
import type { Origin } from '#model/origin.ts';
import type { Resource } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';

/** What the kinds of Istio do not do although they read as if they did. */
export function checkIstio(snapshot: Snapshot, { compiling }: Engine): Diagnostic[] {
  const mesh = meshOf(compiling, snapshot);
  if (mesh === undefined) return [];
  return [
    ...mesh.config.problems.map((message) => problem(mesh, message)),
    ...peerAuthentications(mesh),
    ...snapshot.istioAuthorizations.flatMap((policy) => authorization(mesh, policy)),
    ...destinationRules(mesh),
    ...waypointLabels(mesh),
  ];
}

type Code = 'RF3003' | 'RF3010' | 'RF3011' | 'RF3012';

interface Said {
  readonly code: Code;
  readonly message: string;
  readonly help?: string;
  readonly origin?: Origin;
}

function say(resource: Resource, { code, message, help, origin = resource.origin }: Said): Diagnostic {
  const object = escapeControl(`${resource.kind} ${resource.namespace}/${resource.name}`);
  const { severity, fix } = CODES[code];
  return { code, severity, message: `${object} ${message}`, help: help ?? fix, object, origin };
}

function problem({ config }: Mesh, message: string): Diagnostic {
  return { code: 'RF3012', severity: 'warning', message: escapeControl(message), origin: config.origin };
}

// ---------------------------------------------------------------- PeerAuthentication

function peerAuthentications(mesh: Mesh): Diagnostic[] {
  const { config, snapshot } = mesh;
  const out: Diagnostic[] = [];
  const sorted = [...snapshot.peerAuthentications].sort(byAge);
  for (const [index, policy] of sorted.entries()) {
    if (policy.selector !== undefined && policy.namespace === config.rootNamespace) {
      const message = 'has a selector in the root namespace, where Istio ignores it';
      const help = 'put it into the namespace of the workload, or take the selector out';
      out.push(say(policy, { code: 'RF3010', message, help }));
      continue;
    }
    out.push(...outsideMesh(mesh, policy, podsOfPeer(mesh, policy)));
    const rival = sorted.slice(0, index).find((other) => isRival(mesh, other, policy));
    if (rival !== undefined) out.push(say(policy, { code: 'RF3010', message: rivalText(rival, policy) }));
  }
  return out;
}

function rivalText(rival: PeerAuthentication, policy: PeerAuthentication): string {
  const name = escapeControl(`${rival.namespace}/${rival.name}`);
  const known = knowsAge(rival, policy);
  return known
    ? `has no effect where PeerAuthentication ${name} is for the same pods: the oldest counts`
    : `is for pods that PeerAuthentication ${name} is for too: the oldest counts, and the input does not say which that is`;
}

function podsOfPeer({ compiling, world, config }: Mesh, { namespace, selector }: PeerAuthentication): Bits {
  if (selector === undefined && namespace === config.rootNamespace) return world.pods;
  return compiling.selection.pods({ namespace, ...(selector !== undefined && { podSelector: selector }) }).may;
}

function isRival(mesh: Mesh, other: PeerAuthentication, policy: PeerAuthentication): boolean {
  if (other.namespace !== policy.namespace) return false;
  if ((other.selector === undefined) !== (policy.selector === undefined)) return false;
  return policy.selector === undefined || intersects(podsOfPeer(mesh, other), podsOfPeer(mesh, policy));
}

function outsideMesh({ proxies, membership, world }: Mesh, policy: Resource, pods: Bits): Diagnostic[] {
  if (world.units.length === 0) return [];
  if (isEmpty(pods)) return [say(policy, { code: 'RF3003', message: 'selects no pod of the input' })];
  if (intersects(pods, proxies.may) || intersects(pods, membership.ambient.may)) return [];
  const message = 'selects pods that are all outside of the mesh: nothing enforces it';
  return [say(policy, { code: 'RF3010', message, help: 'take the pods into the mesh' })];
}

// ---------------------------------------------------------------- AuthorizationPolicy

function authorization(mesh: Mesh, policy: IstioAuthorization): Diagnostic[] {
  const out: Diagnostic[] = [];
  if (policy.dryRun)
    out.push(say(policy, { code: 'RF3010', message: 'is a dry run (`istio.io/dry-run`): it is not enforced' }));
  if (policy.action === 'CUSTOM') out.push(...provider(mesh, policy));
  if (policy.targetRefs.length > 0) {
    return [...out, ...policy.targetRefs.flatMap((ref) => target(mesh, policy, ref))];
  }
  const pods = podsOfPolicy(mesh, policy).may;
  return [...out, ...outsideMesh(mesh, policy, pods), ...hiddenFields(mesh, policy, pods)];
}

function provider({ config }: Mesh, policy: IstioAuthorization): Diagnostic[] {
  if (!config.given || config.authorizers.has(policy.provider ?? '')) return [];
  const name = escapeControl(policy.provider ?? '');
  const message = `names the provider \`${name}\`, which the mesh configuration does not have: what it matches is denied`;
  return [say(policy, { code: 'RF3011', message })];
}

function target(mesh: Mesh, policy: IstioAuthorization, ref: IstioTargetRef): Diagnostic[] {
  const at = { origin: ref.origin };
  const what = escapeControl(`${ref.kind} ${policy.namespace}/${ref.name}`);
  switch (ref.kind) {
    case 'Gateway':
      return mesh.snapshot.gateways.some(({ name, namespace }) => name === ref.name && namespace === policy.namespace)
        ? []
        : [say(policy, { code: 'RF3011', message: `targets ${what}, which is not in the input`, ...at })];
    case 'GatewayClass': {
      const known = ref.name === WAYPOINT_CLASS && policy.namespace === mesh.config.rootNamespace;
      const message = `targets GatewayClass ${escapeControl(ref.name)}: only \`${WAYPOINT_CLASS}\` in the root namespace has an effect`;
      return known ? [] : [say(policy, { code: 'RF3010', message, ...at })];
    }
    case 'Service':
      return targetService(mesh, policy, ref);
    default:
      return [];
  }
}

function targetService(mesh: Mesh, policy: IstioAuthorization, ref: IstioTargetRef): Diagnostic[] {
  const at = { origin: ref.origin };
  const name = escapeControl(`Service ${policy.namespace}/${ref.name}`);
  const host = mesh.hosts.all.find(
    ({ service }) => service.name === ref.name && service.namespace === policy.namespace,
  );
  if (host === undefined) {
    return [say(policy, { code: 'RF3011', message: `targets ${name}, which is not in the input`, ...at })];
  }
  const [port] = host.service.ports;
  const waypoint = port && mesh.waypoints.ofService({ host, port, target: port.port, certain: true });
  if (waypoint === undefined) {
    const message = `targets ${name}, which uses no waypoint: nothing enforces it`;
    return [say(policy, { code: 'RF3010', message, help: 'label the Service with `istio.io/use-waypoint`', ...at })];
  }
  const message = `is for traffic to ${name} only: connections to the address of a pod go past the waypoint`;
  const help = 'allow only the identity of the waypoint in an ALLOW policy for the pods';
  return [say(policy, { code: 'RF3012', message, help, ...at })];
}

/** Fields that a proxy of some pods cannot see. */
function hiddenFields(mesh: Mesh, policy: IstioAuthorization, pods: Bits): Diagnostic[] {
  const groups = mesh.arrivals().groups.filter(({ on }) => intersects(on, pods));
  const atZtunnel = groups.some(({ proxy }) => proxy === 'ambient');
  const onTcp = groups.some((group) => group.proxy === 'sidecar' && hasTcpPort(group));
  const out: Diagnostic[] = [];
  if (atZtunnel && (policy.action === 'CUSTOM' || policy.action === 'AUDIT')) {
    const message = `has the action ${policy.action}, which ztunnel does not know: nothing enforces it for ambient pods`;
    out.push(say(policy, { code: 'RF3010', message, help: 'target a waypoint' }));
    return out;
  }
  if (policy.action === 'AUDIT') return out;
  for (const rule of policy.rules) {
    if (!looksIntoRequests(rule)) continue;
    if (atZtunnel)
      out.push(
        say(policy, {
          code: 'RF3012',
          message: ztunnelText(policy, rule),
          origin: rule.origin,
          help: 'enforce it at a waypoint',
        }),
      );
    if (onTcp && !namesPorts(rule))
      out.push(
        say(policy, {
          code: 'RF3012',
          message: tcpText(policy, rule),
          origin: rule.origin,
          help: 'name the HTTP ports that it is for',
        }),
      );
  }
  return out;
}

function hasTcpPort({ slices }: ArrivalGroup): boolean {
  return slices.some(({ protocol }) => protocol === 'tcp' || protocol === 'mixed');
}

function ztunnelText({ action }: IstioAuthorization, { path }: IstioRule): string {
  return action === 'ALLOW'
    ? `looks into requests in \`${path}\`; ztunnel cannot, and leaves the rule out`
    : `looks into requests in \`${path}\`; ztunnel cannot: it denies what the rest of the rule matches, or nothing`;
}

function tcpText({ action }: IstioAuthorization, { path }: IstioRule): string {
  return action === 'ALLOW'
    ? `looks into requests in \`${path}\`; on TCP ports of its pods the rule is left out`
    : `looks into requests in \`${path}\`; on TCP ports of its pods it denies whatever the rest of the rule matches`;
}

const REQUEST_FIELDS = ['hosts', 'methods', 'paths'];
const REQUEST_KEYS = ['request.headers', 'request.auth.'];

function looksIntoRequests({ sources, operations, conditions }: IstioRule): boolean {
  return (
    sources.some(({ fields }) => fields.has('requestPrincipals')) ||
    operations.some(({ fields }) => REQUEST_FIELDS.some((field) => [...fields.keys()].some((key) => key === field))) ||
    conditions.some(({ key }) => REQUEST_KEYS.some((known) => key.startsWith(known)))
  );
}

function namesPorts({ operations, conditions }: IstioRule): boolean {
  const everywhere = operations.length > 0 && operations.every(({ fields }) => fields.has('ports'));
  return everywhere || conditions.some(({ key }) => key === 'destination.port');
}

// ---------------------------------------------------------------- others

/** A host of the cluster that no Service of the input has. */
function destinationRules({ snapshot }: Mesh): Diagnostic[] {
  const known = new Set(snapshot.services.map(hostName));
  const entries = new Set(snapshot.serviceEntries.flatMap(({ hosts }) => hosts));
  if (known.size === 0) return [];
  return snapshot.destinationRules.flatMap((rule) => {
    const host = rule.host.toLowerCase();
    const full = host.includes('.') ? host : hostName({ name: host, namespace: rule.namespace });
    if (host.startsWith('*') || entries.has(host) || known.has(full) || !full.endsWith('.svc.cluster.local')) return [];
    return [
      say(rule, { code: 'RF3011', message: `is for \`${escapeControl(full)}\`, which no Service of the input is` }),
    ];
  });
}

/** Labels that ask for a waypoint that is not there: traffic then goes without one. */
function waypointLabels({ snapshot, waypoints }: Mesh): Diagnostic[] {
  const known = new Set(waypoints.all.map(({ gateway, namespace }) => `${namespace}/${gateway.name}`));
  const labelled: readonly Resource[] = [...snapshot.namespaces, ...snapshot.services];
  return labelled.flatMap((resource) => {
    const ref = waypointRef(resource.labels, resource.namespace === '' ? resource.name : resource.namespace);
    if (ref === undefined || ref === 'none' || known.has(ref)) return [];
    return [
      say(resource, {
        code: 'RF3011',
        message: `uses the waypoint \`${escapeControl(ref)}\`, which is not in the input`,
      }),
    ];
  });
}
