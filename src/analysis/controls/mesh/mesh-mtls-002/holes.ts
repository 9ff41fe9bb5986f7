import type { Judged, Place } from '#model/control.ts';
import { textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { ownerOfEndpoint } from '../../shared.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { type Edge, edgesIn, protectionOf } from '../edges.ts';
import { joinsIstio } from '../signs.ts';
import { evidenceOfEdges } from '../told-edges.ts';

/** Of each workload in the mesh what is wrong there; what is PERMISSIVE, once for its namespace. */
export function holePlaces(context: ControlContext): Judged[] {
  const { list } = edgesIn(context);
  const own = list.filter(({ to }) => !isSystemNamespace(context, namespaceOf(to)));
  const byTarget = Map.groupBy(own, ({ to }) => to);
  const inside = [...byTarget].filter(([, edges]) => edges.some(isServerInMesh));
  const permissive = Map.groupBy(
    inside.flatMap(([, edges]) => edges.filter(({ fact }) => fact.hole?.kind === 'permissive')),
    ({ to }) => namespaceOf(to),
  );
  return [
    ...[...permissive].map(([namespace, edges]) => permissivePlace(context, namespace, edges)),
    ...inside.flatMap(([to, edges]) => workloadPlaces(context, to, edges)),
  ];
}

function namespaceOf(id: string): string {
  return id.split('/')[0]!;
}

const SERVER_SIDE: ReadonlySet<string> = new Set(['permissive', 'skipped-port', 'disabled', 'not-covered']);

function isServerInMesh({ fact }: Edge): boolean {
  if (fact.encryption === 'mtls-required' || fact.encryption === 'mtls-opportunistic') return true;
  if (fact.hole === undefined || fact.why.startsWith('the gateway takes')) return false;
  return SERVER_SIDE.has(fact.hole.kind) || /^the client has no proxy/.test(fact.why);
}

function permissivePlace(context: ControlContext, namespace: string, edges: readonly Edge[]): Judged {
  const endpoints = [...new Set(edges.map(({ to }) => to))];
  const object = context.objects.get({ group: '', kind: 'Namespace', namespace: '', name: namespace });
  const where: Place =
    object === undefined
      ? { kind: 'Namespace', namespace: '', name: namespace, id: `/Namespace//${namespace}` }
      : placeOf(object);
  const message = `${endpoints.length === 1 ? '1 of its workloads takes' : `${endpoints.length} of its workloads take`} plain connections beside mutual TLS`;
  return { where, state: 'FAIL', message, evidence: evidenceOfEdges(edges), endpoints, detail: 'permissive' };
}

function workloadPlaces(context: ControlContext, to: string, edges: readonly Edge[]): Judged[] {
  const where = placeOfEndpoint(context, to);
  const holes = edges.filter(
    ({ fact }) => fact.hole !== undefined && HOLES.has(fact.hole.kind) && protectionOf(fact) === 'plain',
  );
  if (holes.length > 0) {
    return [...Map.groupBy(holes, ({ fact }) => fact.hole!.kind)].map(([kind, same]) => ({
      where,
      state: 'FAIL',
      message: `plain connections: ${same[0]!.fact.why}`,
      evidence: evidenceOfEdges(same),
      endpoints: [to],
      detail: kind,
    }));
  }
  const unknown = edges.filter(({ fact }) => protectionOf(fact) === 'unknown');
  if (unknown.length > 0)
    return [{ where, state: 'UNKNOWN', message: unknown[0]!.fact.why, evidence: evidenceOfEdges(unknown) }];
  // What is PERMISSIVE was told of its namespace.
  return edges.some(({ fact }) => fact.hole?.kind === 'permissive')
    ? []
    : [
        {
          where,
          state: 'PASS',
          message: 'it takes nothing but mutual TLS',
          evidence: evidenceOfEdges(edges.slice(0, 1)),
        },
      ];
}

/** Clients outside of the mesh are what PERMISSIVE lets in: they are told where that is. */
const HOLES: ReadonlySet<string> = new Set(['skipped-port', 'disabled', 'not-covered']);

function placeOfEndpoint(context: ControlContext, id: string): Place {
  const owner = ownerOfEndpoint(context, id);
  if (owner !== undefined) return placeOf(owner.object);
  const [namespace = '', kind = 'Pod', name = id] = id.split('/');
  return { kind, namespace, name, id };
}

// ---------------------------------------------------------------- pods that stay out

const OUT = [
  ['annotations', 'sidecar.istio.io/inject', 'false'],
  ['labels', 'sidecar.istio.io/inject', 'false'],
  ['annotations', 'linkerd.io/inject', 'disabled'],
  ['labels', 'istio.io/dataplane-mode', 'none'],
] as const;

/** Pods that are taken out of the mesh that their namespace is in. */
export function optOutPlaces(context: ControlContext): Judged[] {
  return context.podOwners.flatMap(({ object, path, metadata, endpoint }): Judged[] => {
    const found = OUT.find(([field, key, value]) => textAt(metadata, field, key) === value);
    if (found === undefined || isSystemNamespace(context, object.namespace) || !isInMesh(context, object.namespace))
      return [];
    const isJob = object.kind === 'Job' || object.kind === 'CronJob';
    const evidence = [seenAt(object, [...path, 'metadata', found[0], found[1]])];
    const message = 'it is taken out of the mesh that its namespace is in';
    return [
      {
        where: placeOf(object),
        state: isJob ? 'WARN' : 'FAIL',
        message,
        evidence,
        endpoints: [endpoint],
        detail: 'opt-out',
      },
    ];
  });
}

function isInMesh({ snapshot }: ControlContext, name: string): boolean {
  const namespace = snapshot.namespaces.find((each) => each.name === name);
  if (namespace === undefined) return false;
  const { labels, annotations } = namespace;
  return joinsIstio(labels) || annotations.get('linkerd.io/inject') === 'enabled';
}
