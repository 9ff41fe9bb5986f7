import { parseAddress } from '#base/address.ts';
import { escapeControl } from '#base/escape.ts';
import { includes } from '#base/intervals.ts';
import { grantBetween } from '#engine/reach.ts';
import { externalPoint } from '#engine/world.ts';
import type { Assessment, Evidence, Judged, Together } from '#model/control.ts';
import { plainAt, textAt } from '#model/plain.ts';
import { trafficPoint } from '#model/traffic.ts';
import { hasToken } from '../../../needs/platform.ts';
import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import { type ControlContext, onceKey, titleOf } from '../../context.ts';
import { neededOutOf } from '../context-needs.ts';
import { netWorld } from '../net-world.ts';
import { type NetWorkload, workloadsIn } from '../places.ts';

export function assess(context: ControlContext): Assessment {
  const places = workloadsIn(context)
    .filter(({ isSystem, written }) => !isSystem && written !== undefined)
    .map((workload) => judge(context, workload));
  return assessed(places, plain('NA', 'the input has no workload outside of the platform'), ['workload', 'workloads']);
}

function judge(context: ControlContext, workload: NetWorkload): Judged {
  const name = `\`${escapeControl(workload.owner.name)}\``;
  const base = { where: workload.where, endpoints: [workload.id] };
  const need = neededOutOf(context, workload.id).find(({ to }) => to.kind === 'api-server');
  if (need !== undefined) {
    const evidence = [{ object: titleOf(workload.owner), why: need.why, origin: need.origin }];
    return { ...base, state: 'PASS', message: `${name} is there to use the Kubernetes API`, evidence };
  }
  const reached = workload.hostNetwork ? 'yes' : reachesApi(context, workload);
  const evidence = [tokenEvidence(workload)];
  if (reached === 'no')
    return { ...base, state: 'PASS', message: `policy keeps ${name} from the API server`, evidence };
  if (reached === 'unknown')
    return {
      ...base,
      state: 'UNKNOWN',
      message: `whether ${name} reaches the API server is not known: its address is not in the input`,
      evidence,
    };
  if (hasToken(context, workload.written!)) return { ...base, ...withToken(context, workload, name), evidence };
  return {
    ...base,
    state: 'WARN',
    severity: 'low',
    ...alike(name, 'the API server is open, without a token, to', ''),
    evidence,
  };
}

/** An account of its own in manifests without any role may have its rights elsewhere. */
function withToken(
  context: ControlContext,
  { written }: NetWorkload,
  name: string,
): Pick<Judged, 'state' | 'message' | 'severity' | 'together'> {
  const open = 'the API server is open, with a token and without a need that the input shows, to';
  const account = textAt(written!.spec, 'serviceAccountName') ?? 'default';
  const hasRoles = context.objects.hasGroup('rbac.authorization.k8s.io');
  if (account === 'default' || hasRoles || context.kind === 'live') return { state: 'FAIL', ...alike(name, open, '') };
  const after = '; roles of a service account of its own may be elsewhere';
  return { state: 'WARN', severity: 'medium', ...alike(name, open, after) };
}

/** What is said of one workload, and in the same words of several. */
function alike(name: string, before: string, after: string): Pick<Judged, 'message' | 'together'> {
  const together: Together = { key: `${before}${after}`, before, after, fix: ['keep', ' from the Kubernetes API'] };
  return { message: `${before} ${name}${after}`, together };
}

function tokenEvidence({ owner, written }: NetWorkload): Evidence {
  const path = [...written!.path, 'spec', 'automountServiceAccountToken'];
  const value = plainAt(written!.object.value, ...path);
  return {
    object: titleOf(owner),
    field: path.join('.'),
    ...(value === undefined ? { absent: true } : { value }),
    origin: written!.object.originAt(path),
  };
}

const PORTS = [trafficPoint('TCP', 443), trafficPoint('TCP', 6443)];

/**
 * By its addresses where the input has them. Else it is reached where any address outside is, and is not where none is: it
 * may be on a private network or on the internet, or on a node.
 */
function reachesApi(context: ControlContext, { points }: NetWorkload): 'yes' | 'no' | 'unknown' {
  const { reach } = netWorld(context);
  const { peers, isKnown } = context.once(API, apiPoints);
  const isGranted = (of: 'allowed' | 'possible') => (peer: number) =>
    points.some((point) => {
      const traffic = grantBetween(reach, point, peer)[of];
      return PORTS.some((port) => includes(traffic, port));
    });
  if (isKnown ? peers.some(isGranted('allowed')) : peers.every(isGranted('allowed'))) return 'yes';
  return peers.some(isGranted('possible')) ? 'unknown' : 'no';
}

/** Where the API server is, or may be. */
interface ApiPoints {
  readonly peers: readonly number[];
  readonly isKnown: boolean;
}

const API = onceKey<ApiPoints>('points of the API server');

function apiPoints(context: ControlContext): ApiPoints {
  const { engine, internet, privateNetwork } = netWorld(context);
  const known = apiAddresses(context).map((text) => externalPoint(engine.world, parseAddress(text)!));
  if (known.length > 0) return { peers: known, isKnown: true };
  return { peers: [internet, privateNetwork, ...engine.world.pointsOfNode.flat()], isKnown: false };
}

function apiAddresses({ snapshot }: ControlContext): readonly string[] {
  return snapshot.endpointSlices
    .filter(({ namespace, service }) => namespace === 'default' && service === 'kubernetes')
    .flatMap(({ endpoints }) => endpoints.map(({ address }) => address))
    .filter((text) => parseAddress(text) !== undefined);
}
