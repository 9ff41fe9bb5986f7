import type { BackendRef, ParentRef } from '#model/exposure.ts';
import type { Reader } from './reader.ts';
import { readPort } from './values.ts';

/** What a route or a ListenerSet attaches to: a Gateway of its own namespace unless it says otherwise. */
export function readParentRef(reader: Reader, namespace: string): ParentRef {
  const sectionName = reader.text('sectionName');
  const port = readPort(reader, 'port');
  return {
    group: reader.text('group') ?? 'gateway.networking.k8s.io',
    kind: reader.text('kind') ?? 'Gateway',
    namespace: reader.text('namespace') || namespace,
    name: reader.requiredText('name'),
    ...(sectionName ? { sectionName } : {}),
    ...(port !== undefined && { port }),
    origin: reader.origin,
  };
}

/** Where a rule sends traffic: a Service of the route's namespace unless it says otherwise. */
export function readBackendRef(reader: Reader, namespace: string, mirror: boolean): BackendRef {
  const group = reader.text('group') ?? '';
  const kind = reader.text('kind') ?? 'Service';
  const port = readPort(reader, 'port');
  if (port === undefined && !reader.has('port') && group === '' && kind === 'Service') reader.missing('port');
  return {
    group,
    kind,
    namespace: reader.text('namespace') || namespace,
    name: reader.requiredText('name'),
    ...(port !== undefined && { port }),
    weight: reader.integerWithin('weight', 0, 1_000_000) ?? 1,
    mirror,
    origin: reader.origin,
  };
}

/** A field that attaches routes to gateways without naming them: answers about exposure then lack something. */
export function reportUnsupported(spec: Reader, key: string): void {
  if (spec.text(key) !== 'All') return;
  spec.draft.warn('RF3009', spec.place(key), 'attaches routes to gateways that they do not name, which is not read');
}
