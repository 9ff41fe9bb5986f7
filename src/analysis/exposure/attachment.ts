import type { GatewayRoute, Listener, ParentRef } from '#model/exposure.ts';
import type { Exposing } from './exposing.ts';
import { admits, type ServedListener } from './listeners.ts';

/** A route at a listener: the hostnames that both serve, or why it is not attached. */
export interface Attachment {
  readonly served: ServedListener;
  /** Empty: every hostname. */
  readonly hostnames: readonly string[];
  readonly refused?: string;
  /** Whether the listener may refuse it, for what the input does not say. */
  readonly unsure: boolean;
  readonly notes: readonly string[];
}

const GROUP = 'gateway.networking.k8s.io';
const GROUPS: ReadonlySet<string> = new Set([GROUP, 'gateway.networking.x-k8s.io']);

/**
 * Where one parentRef of a route attaches (Gateway API, "Attaching to Gateways"): name, section and port choose
 * listeners; each admits by namespace and kind; hostnames must meet. Where none admits it, the first says why.
 * ReferenceGrants have no say in this.
 */
export function attachmentsOf(
  exposing: Exposing,
  route: GatewayRoute,
  at: { parent: ParentRef; served: readonly ServedListener[] },
): Attachment[] {
  const chosen = at.served.filter((entry) => isChosen(entry, at.parent));
  const attachments = chosen.map((entry) => attach(exposing, route, entry));
  const accepted = attachments.filter(({ refused }) => refused === undefined);
  return accepted.length > 0 ? accepted : attachments.slice(0, 1);
}

/** Whether a parentRef leads to a Gateway or a ListenerSet. Of a Service it is mesh routing and no exposure. */
export function isGatewayParent({ group, kind }: ParentRef): boolean {
  return GROUPS.has(group) && (kind === 'Gateway' || kind === 'ListenerSet' || kind === 'XListenerSet');
}

function isChosen({ holder, listener }: ServedListener, parent: ParentRef): boolean {
  if (holder.kind !== parent.kind || holder.namespace !== parent.namespace || holder.name !== parent.name) return false;
  const bySection = parent.sectionName === undefined || parent.sectionName === listener.name;
  return bySection && (parent.port === undefined || parent.port === listener.port);
}

function attach(exposing: Exposing, route: GatewayRoute, served: ServedListener): Attachment {
  const { listener, holder } = served;
  const hostnames = meetHostnames(listener.hostname, route.hostnames);
  const admission = admits(exposing, listener.allowedNamespaces, { from: route.namespace, to: holder.namespace });
  const notes =
    admission.admitted === 'unknown'
      ? [`the labels of namespace ${route.namespace} are not in the input, so listener ${listener.name} may refuse it`]
      : [];
  const refused =
    served.refused ??
    (takesKind(listener, route.kind) ? undefined : `listener ${listener.name} does not take ${route.kind}`) ??
    (admission.admitted === false ? `listener ${listener.name} ${admission.why}` : undefined) ??
    (hostnames === undefined ? `no hostname is served by both the route and listener ${listener.name}` : undefined);
  return {
    served,
    hostnames: hostnames ?? [],
    unsure: admission.admitted === 'unknown',
    notes,
    ...(refused !== undefined && { refused }),
  };
}

const KINDS_OF_PROTOCOL: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};

/** A list of kinds narrows what the protocol takes and never widens it; protocols of an implementation's own take what they say. */
function takesKind({ protocol, allowedKinds }: Listener, kind: string): boolean {
  const fitting = KINDS_OF_PROTOCOL[protocol];
  const listed = allowedKinds.length === 0 || allowedKinds.includes(`${GROUP}/${kind}`);
  return listed && (fitting === undefined || fitting.includes(kind));
}

/** The hostnames that listener and route share: empty for all; undefined where there is none. */
export function meetHostnames(listener: string | undefined, route: readonly string[]): string[] | undefined {
  if (listener === undefined || listener === '') return [...route];
  if (route.length === 0) return [listener];
  const shared = route.flatMap((hostname) => meetHosts(listener, hostname) ?? []);
  return shared.length === 0 ? undefined : shared;
}

/** `*.x` stands for any number of labels in front of x. The narrower of two that meet is served. */
function meetHosts(a: string, b: string): string | undefined {
  if (a === b) return a;
  if (isBelow(b, a)) return b;
  return isBelow(a, b) ? a : undefined;
}

function isBelow(host: string, pattern: string): boolean {
  if (!pattern.startsWith('*.')) return false;
  return host.replace(/^\*/, '').endsWith(pattern.slice(1)) && host.length > pattern.length - 1 && host !== pattern;
}
