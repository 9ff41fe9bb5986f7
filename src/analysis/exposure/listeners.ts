import { matchesLabels } from '#engine/select.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type { Gateway, Listener, ListenerSet } from '#model/exposure.ts';
import type { Exposing } from './exposing.ts';

/** A listener that a Gateway serves, with whose it is. */
export interface ServedListener {
  readonly gateway: Gateway;
  readonly listener: Listener;
  /** The Gateway or the ListenerSet that has it: what a route names as its parent. */
  readonly holder: Gateway | ListenerSet;
  /** Why it is not served after all. */
  readonly refused?: string;
}

/** A yes, a no with why, or (where labels of a namespace are not in the input) neither. */
export type Admission = { readonly admitted: true | 'unknown' } | { readonly admitted: false; readonly why: string };

/**
 * The listeners of a Gateway in the order of their precedence: its own, then those of ListenerSets by age, then by name
 * (GEP-1713). One that conflicts with an earlier one is not served.
 */
export function listenersOf(exposing: Exposing, gateway: Gateway): ServedListener[] {
  const sets = exposing.engine.snapshot.listenerSets.filter((set) => isParent(gateway, set));
  const out: ServedListener[] = gateway.listeners.map((listener) => ({ gateway, listener, holder: gateway }));
  for (const set of [...sets].sort(byAge)) {
    const admission = admits(exposing, gateway.allowedListenerNamespaces, {
      from: set.namespace,
      to: gateway.namespace,
    });
    const refused =
      admission.admitted === false
        ? `Gateway ${gateway.namespace}/${gateway.name} takes no ListenerSet of namespace ${set.namespace}`
        : undefined;
    for (const listener of set.listeners)
      out.push({ gateway, listener, holder: set, ...(refused !== undefined && { refused }) });
  }
  return withoutConflicts(out);
}

/** Whether a selection of namespaces admits one. */
export function admits(
  exposing: Exposing,
  allowed: Listener['allowedNamespaces'],
  { from, to }: { from: string; to: string },
): Admission {
  if (allowed === 'All') return { admitted: true };
  if (allowed === 'None') return { admitted: false, why: 'admits none' };
  if (allowed === 'Same')
    return from === to ? { admitted: true } : { admitted: false, why: 'admits its own namespace only' };
  const labels = exposing.engine.world.namespaces.get(from)?.labels ?? labelsOf(exposing, from);
  if (labels === undefined) return { admitted: 'unknown' };
  return matchesLabels(allowed, labels)
    ? { admitted: true }
    : { admitted: false, why: `admits namespaces by label, and ${from} does not carry it` };
}

function labelsOf({ engine }: Exposing, name: string) {
  const namespace = engine.snapshot.namespaces.find((own) => own.name === name);
  return namespace && new Map(namespace.labels).set(NAMESPACE_NAME_LABEL, name);
}

function isParent(gateway: Gateway, { parent }: ListenerSet): boolean {
  return parent.kind === 'Gateway' && parent.namespace === gateway.namespace && parent.name === gateway.name;
}

function byAge(a: ListenerSet, b: ListenerSet): number {
  return (
    compareText(a.creationTimestamp, b.creationTimestamp) ||
    compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutConflicts(listeners: readonly ServedListener[]): ServedListener[] {
  const out: ServedListener[] = [];
  for (const entry of listeners) {
    const earlier = out.find((other) => other.refused === undefined && conflicts(other.listener, entry.listener));
    const refused =
      earlier === undefined
        ? entry.refused
        : `listener ${entry.listener.name} conflicts with ${earlier.listener.name}, which comes first`;
    out.push({ ...entry, ...(refused !== undefined && { refused }) });
  }
  return out;
}

/** On one port: HTTP, HTTPS and TLS share it by hostname with their like (HTTPS and TLS both go by SNI); TCP and UDP do not share. */
function conflicts(a: Listener, b: Listener): boolean {
  if (a.port !== b.port || (a.protocol === 'UDP') !== (b.protocol === 'UDP')) return false;
  return shareKind(a) !== shareKind(b) || shareKind(a) === 'alone' || (a.hostname ?? '') === (b.hostname ?? '');
}

function shareKind({ protocol }: Listener): 'host' | 'sni' | 'alone' {
  if (protocol === 'HTTP') return 'host';
  return protocol === 'HTTPS' || protocol === 'TLS' ? 'sni' : 'alone';
}
