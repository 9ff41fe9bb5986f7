import type { BackendRef, GatewayRoute, GatewayRouteKind, ParentRef } from '#model/exposure.ts';
import type { LinkerdRouteMatch } from '#model/linkerd.ts';
import { readRequests } from '../route-requests.ts';
import { quote } from './draft.ts';
import { readBackendRef, readParentRef, reportUnsupported } from './gateway-ref.ts';
import type { Meta } from './meta.ts';
import { wrongHost } from './names.ts';
import type { Reader } from './reader.ts';

/** HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, UDPRoute: one shape, of which the last two have no hostnames or matches. */
export function routeOf(kind: GatewayRouteKind): (object: Reader, meta: Meta) => GatewayRoute {
  return (object, meta) => {
    const spec = object.requiredChild('spec');
    reportUnsupported(spec, 'useDefaultGateways');
    const parents = spec.children('parentRefs').map((ref) => readParentRef(ref, meta.namespace));
    return {
      ...meta,
      kind,
      parents,
      hostnames: readHostnames(spec),
      rules: readRules(spec, kind, meta.namespace),
      ...(isOfServer(parents) && isOfRequests(kind) && { requests: readAllRequests(spec, kind) }),
      accepted: readAccepted(object, parents, meta.namespace),
    };
  };
}

function isOfServer(parents: readonly ParentRef[]): boolean {
  return parents.some(({ group, kind }) => group === 'policy.linkerd.io' && kind === 'Server');
}

function isOfRequests(kind: GatewayRouteKind): kind is 'HTTPRoute' | 'GRPCRoute' {
  return kind === 'HTTPRoute' || kind === 'GRPCRoute';
}

function readAllRequests(spec: Reader, kind: 'HTTPRoute' | 'GRPCRoute'): LinkerdRouteMatch[] {
  return spec.children('rules').flatMap((rule) => readRequests(rule, kind));
}

function readHostnames(spec: Reader): string[] {
  const out: string[] = [];
  for (const placed of spec.texts('hostnames')) {
    const wrong = wrongHost(placed.text);
    if (wrong !== undefined) spec.draft.refuse('RF2004', placed, `is ${quote(placed.text)}: a host name ${wrong}`);
    out.push(placed.text);
  }
  return out;
}

function readRules(spec: Reader, kind: GatewayRouteKind, namespace: string): GatewayRoute['rules'] {
  return spec.children('rules').map((rule) => ({
    matches: readMatches(rule, kind),
    backends: readBackends(rule, namespace),
    origin: rule.origin,
  }));
}

function readBackends(rule: Reader, namespace: string): BackendRef[] {
  const out = readFilterBackends(rule, namespace);
  for (const ref of rule.children('backendRefs')) {
    const backend = readBackendRef(ref, namespace, false);
    out.push(backend);
    // A backend with weight 0 gets no request, so its filters do not run.
    if (backend.weight > 0) out.push(...readFilterBackends(ref, namespace));
  }
  return out;
}

/** Filters that send traffic: a mirror gets a copy of each request, an external authorizer is asked about each. */
function readFilterBackends(holder: Reader, namespace: string): BackendRef[] {
  const out: BackendRef[] = [];
  for (const filter of holder.children('filters')) {
    for (const key of ['requestMirror', 'externalAuth']) {
      const ref = filter.child(key)?.requiredChild('backendRef');
      if (ref !== undefined) out.push(readBackendRef(ref, namespace, true));
    }
  }
  return out;
}

function readMatches(rule: Reader, kind: GatewayRouteKind): string[] {
  if (kind === 'HTTPRoute') return rule.children('matches').map(httpMatch);
  if (kind === 'GRPCRoute') return rule.children('matches').map(grpcMatch);
  return [];
}

function httpMatch(match: Reader): string {
  const path = match.childOrEmpty('path');
  const type = path.choice('type', ['Exact', 'PathPrefix', 'RegularExpression']) ?? 'PathPrefix';
  const value = path.text('value') ?? '/';
  const shown = type === 'Exact' ? value : type === 'PathPrefix' ? `${value.replace(/\/$/, '')}/*` : `~${value}`;
  return [match.text('method'), shown, ...conditions(match, ['headers', 'queryParams'])].filter(Boolean).join(' ');
}

function grpcMatch(match: Reader): string {
  const method = match.childOrEmpty('method');
  const called = `${method.text('service') ?? '*'}/${method.text('method') ?? '*'}`;
  return [called, ...conditions(match, ['headers'])].join(' ');
}

function conditions(match: Reader, keys: readonly string[]): string[] {
  return keys.flatMap((key) =>
    match.children(key).map((entry) => `${entry.text('name') ?? ''}=${entry.text('value') ?? ''}`),
  );
}

/** By the index of the parent, as text: whether a controller reports it as accepted. */
function readAccepted(object: Reader, parents: readonly ParentRef[], namespace: string): GatewayRoute['accepted'] {
  const out = new Map<string, boolean>();
  for (const entry of object.childOrEmpty('status').children('parents')) {
    const ref = readParentRef(entry.childOrEmpty('parentRef'), namespace);
    const condition = entry.children('conditions').find((one) => one.text('type') === 'Accepted');
    if (condition === undefined) continue;
    const accepted = condition.text('status') === 'True';
    for (const [index, parent] of parents.entries()) {
      if (isSameParent(parent, ref)) out.set(String(index), accepted || out.get(String(index)) === true);
    }
  }
  return out;
}

function isSameParent(a: ParentRef, b: ParentRef): boolean {
  return (
    a.group === b.group &&
    a.kind === b.kind &&
    a.namespace === b.namespace &&
    a.name === b.name &&
    a.sectionName === b.sectionName &&
    a.port === b.port
  );
}
