import { overlaps } from '#base/intervals.ts';
import { grantBetween, type Reach, reachOf } from '#engine/reach.ts';
import type { Evidence, Judged } from '#model/control.ts';
import { placeOf } from '../../assessment.ts';
import { type ControlContext, onceKey } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { ownerOfEndpoint } from '../../shared.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { edgesIn, knownPorts } from '../edges.ts';

interface Member {
  readonly id: string;
  readonly namespace: string;
  readonly points: readonly number[];
}

/** Each workload in the mesh, by who of the mesh the mesh alone lets in. */
export function authorizationPlaces(context: ControlContext): Judged[] {
  const members = membersOf(context);
  if (members.length < 2) return [];
  const reach = meshReach(context);
  return members.flatMap((member) => judged(context, member, { reach, members }));
}

const REACH = onceKey<Reach | undefined>('reach by the mesh alone');

/** Undefined where the mesh has no say at all. */
function meshReach(context: ControlContext): Reach | undefined {
  return context.once(REACH, ({ analysis: { engine } }) => {
    const layers = engine.reach.layers.filter(({ name }) => name === 'mesh');
    return layers.length === 0 ? undefined : reachOf(engine.world, layers);
  });
}

/** Ends of connections that speak mutual TLS. */
function membersOf(context: ControlContext): Member[] {
  const { world } = context.analysis.engine;
  const ids = new Set(
    edgesIn(context).list.flatMap(({ from, to, fact }) =>
      fact.encryption === 'mtls-required' || fact.encryption === 'mtls-opportunistic' ? [from, to] : [],
    ),
  );
  return world.owners.flatMap(({ id, namespace }, index) =>
    ids.has(id) && !isSystemNamespace(context, namespace)
      ? [{ id, namespace, points: world.pointsOfOwner[index]! }]
      : [],
  );
}

type Answer = 'yes' | 'no' | 'perhaps';

function judged(
  context: ControlContext,
  member: Member,
  { reach, members }: { readonly reach: Reach | undefined; readonly members: readonly Member[] },
): Judged[] {
  const owner = ownerOfEndpoint(context, member.id);
  if (owner === undefined) return [];
  const others = members.filter(({ id }) => id !== member.id);
  const answers = others.map((other) => ({
    other,
    answer: isLetIn(context.analysis, reach, { from: other, to: member }),
  }));
  const base = {
    where: placeOf(owner.object),
    endpoints: [member.id],
    evidence: policiesFor(context, member.namespace),
  };
  const letIn = answers.filter(({ answer }) => answer === 'yes');
  if (letIn.length === others.length)
    return [{ ...base, state: 'FAIL', message: 'every other workload of the mesh may call it' }];
  if (answers.every(({ answer }) => answer !== 'no'))
    return [
      {
        ...base,
        state: 'UNKNOWN',
        message: 'who may call it is decided by an authorizer, or by what is not in the input',
      },
    ];
  const near = answers.filter(({ other }) => other.namespace === member.namespace);
  if (near.length > 1 && near.every(({ answer }) => answer === 'yes'))
    return [{ ...base, state: 'WARN', message: 'every other workload of its namespace may call it' }];
  return [
    { ...base, state: 'PASS', message: `${letIn.length} of ${others.length} other workloads of the mesh may call it` },
  ];
}

/** Whether anything that it sends is let in, on the ports that the workload is known to have. */
function isLetIn(
  { engine }: ControlContext['analysis'],
  reach: Reach | undefined,
  { from, to }: { readonly from: Member; readonly to: Member },
): Answer {
  if (reach === undefined) return 'yes';
  const pairs = from.points.flatMap((a) =>
    to.points.map((b) => ({ grant: grantBetween(reach, a, b), ports: knownPorts(engine, b) })),
  );
  if (pairs.some(({ grant, ports }) => overlaps(grant.allowed, ports))) return 'yes';
  return pairs.some(({ grant, ports }) => overlaps(grant.possible, ports)) ? 'perhaps' : 'no';
}

/** Policies that may be for workloads of a namespace, or that there is none. */
function policiesFor({ objects }: ControlContext, namespace: string): Evidence[] {
  const own = [
    ...objects.of('security.istio.io', 'AuthorizationPolicy'),
    ...objects.of('policy.linkerd.io', 'AuthorizationPolicy'),
    ...objects.of('policy.linkerd.io', 'Server'),
  ].filter(
    (object) =>
      object.namespace === namespace || object.namespace === 'istio-system' || object.namespace === 'aks-istio-system',
  );
  return own.length === 0
    ? [{ object: `namespace ${namespace}`, why: 'no policy of the mesh is in the input' }]
    : own.slice(0, 4).map((object) => seenAt(object, []));
}
