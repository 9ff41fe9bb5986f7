import type { Assessment, Judged, Place } from '#model/control.ts';
import { CLUSTER, placeOf, plain } from '../../assessment.ts';
import { managedClustersOf, placeOfResource } from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { type Edge, edgesIn, protectionOf } from '../edges.ts';
import { meshSigns } from '../signs.ts';
import { evidenceOfEdges } from '../told-edges.ts';

export function assessEncryption(context: ControlContext): Assessment {
  const { mesh, tunnel, network, open, off } = meshSigns(context);
  const words = ['namespace', 'namespaces'] as const;
  if (tunnel !== undefined && mesh === undefined) {
    const message = `${tunnel.name} encrypts between nodes; it proves no identity`;
    return assessed([{ where: whereOf(context), state: 'PASS', message, evidence: tunnel.evidence }], plain('NA', ''), [
      'cluster',
      'clusters',
    ]);
  }
  if (mesh !== undefined)
    return assessed(
      namespacePlaces(context, tunnel !== undefined),
      plain('NA', 'the mesh has no workloads of the user'),
      words,
    );
  const base = { where: whereOf(context), evidence: off };
  if (open.length > 0)
    return assessed(
      [
        {
          ...base,
          state: 'UNKNOWN',
          message: 'whether the cluster has a mesh or encrypts in transit comes from an expression',
          evidence: open,
        },
      ],
      plain('NA', ''),
      ['cluster', 'clusters'],
    );
  if (network !== undefined) {
    const message = 'the virtual network alone encrypts, between machines whose size can';
    return assessed([{ ...base, state: 'WARN', message, evidence: network }], plain('NA', ''), ['cluster', 'clusters']);
  }
  if (context.kind === 'manifests' && off.length > 0 && hasOwnEngine(context)) {
    const message = 'the settings of its network engine, which may encrypt between nodes, are not in the input';
    return assessed([{ ...base, state: 'UNKNOWN', message }], plain('NA', ''), ['cluster', 'clusters']);
  }
  if (context.kind === 'live' || off.length > 0)
    return assessed(
      [
        {
          ...base,
          state: 'FAIL',
          message: 'nothing encrypts what pods send each other: no mesh, and no encryption between nodes',
        },
      ],
      plain('NA', ''),
      ['cluster', 'clusters'],
    );
  return plain(
    'UNKNOWN',
    'the input shows no mesh, and whether the network encrypts between nodes is not in it: give the cluster with --azure, or the configuration of its network engine',
  );
}

/** Calico and engines that users bring have settings of their own in the cluster. */
function hasOwnEngine({ snapshot }: ControlContext): boolean {
  return snapshot.azure.clusters.some(
    ({ networkPolicy, networkPlugin }) => networkPolicy === 'calico' || networkPlugin === 'none',
  );
}

function whereOf(context: ControlContext): Place {
  const [cluster] = managedClustersOf(context);
  return cluster === undefined ? CLUSTER : placeOfResource(cluster.resource);
}

/** By the namespace of the workload that is asked. */
function namespacePlaces(context: ControlContext, hasTunnel: boolean): Judged[] {
  const { list, isCut } = edgesIn(context);
  if (isCut)
    return [
      {
        where: CLUSTER,
        state: 'UNKNOWN',
        message: 'the input has more pairs of workloads than are looked at',
        evidence: [],
      },
    ];
  const byNamespace = Map.groupBy(list, ({ to }) => to.split('/')[0]!);
  return [...byNamespace]
    .filter(([namespace]) => !isSystemNamespace(context, namespace))
    .map(([namespace, edges]) => judgedNamespace(context, namespace, { edges, hasTunnel }));
}

const OUTSIDE =
  /^(?:the server has no proxy|the destination has no proxy|nothing in the input encrypts|the client has no proxy of Linkerd)/;

function judgedNamespace(
  context: ControlContext,
  namespace: string,
  { edges, hasTunnel }: { readonly edges: readonly Edge[]; readonly hasTunnel: boolean },
): Judged {
  const object = context.objects.get({ group: '', kind: 'Namespace', namespace: '', name: namespace });
  const where: Place =
    object === undefined
      ? { kind: 'Namespace', namespace: '', name: namespace, id: `/Namespace//${namespace}` }
      : placeOf(object);
  const of = (state: string) => edges.filter(({ fact }) => protectionOf(fact) === state);
  const bare = hasTunnel ? [] : of('plain');
  const endpoints = [...new Set(bare.map(({ to }) => to))];
  if (bare.length > 0) {
    const message = `${endpoints.length === 1 ? '1 of its workloads takes' : `${endpoints.length} of its workloads take`} plain connections: ${bare[0]!.fact.why}`;
    const isWhole =
      context.kind === 'manifests' &&
      meshSigns(context).off.length === 0 &&
      edges.every(({ fact }) => OUTSIDE.test(fact.why));
    // Of a namespace without any proxy the network below may encrypt, which manifests do not show.
    return { where, state: isWhole ? 'WARN' : 'FAIL', message, evidence: evidenceOfEdges(bare), endpoints };
  }
  const unknown = of('unknown');
  if (unknown.length > 0)
    return { where, state: 'UNKNOWN', message: unknown[0]!.fact.why, evidence: evidenceOfEdges(unknown) };
  const lax = of('open');
  if (lax.length > 0)
    return {
      where,
      state: 'WARN',
      message: 'what has a proxy speaks mutual TLS, and plain connections are taken too',
      evidence: evidenceOfEdges(lax),
    };
  return {
    where,
    state: 'PASS',
    message: 'every connection that is allowed is encrypted',
    evidence: evidenceOfEdges(edges.slice(0, 1)),
  };
}
