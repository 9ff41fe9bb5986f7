import { escapeControl } from '#base/escape.ts';
import { meet, unite } from '#base/intervals.ts';
import type { Assessment, Evidence, Judged } from '#model/control.ts';
import type { Direction } from '#model/resource.ts';
import { protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { plain } from '../assessment.ts';
import { evidenceOf, resourcesOfType, settingAt } from '../azure-facts.ts';
import { assessed } from '../azure-judging.ts';
import type { ControlContext } from '../context.ts';
import { decidingPolicies, doubtsOf, doubtsText, grantOf, type Openness, opennessOf, portsText } from './isolation.ts';
import { type NetWorld, netWorld } from './net-world.ts';
import { type NetNamespace, namespacesIn } from './places.ts';

/** Whether a pod that somebody makes in a namespace is shut in a direction, before anybody writes a rule for it. */
export function assessDefaultDeny(context: ControlContext, direction: Direction): Assessment {
  const places = namespacesIn(context).map((space) => judge(context, space, direction));
  const absent = plain('NA', 'no namespace of the input has workloads on the pod network');
  return assessed(places, absent, ['namespace', 'namespaces']);
}

function judge(context: ControlContext, space: NetNamespace, direction: Direction): Judged {
  const net = netWorld(context);
  const found = shutIn(net, net.freshIn.get(space.name)!, direction);
  const base = { where: space.where, endpoints: space.workloads.map(({ id }) => id), evidence: found.evidence };
  if (found.state === 'FAIL') {
    const managed = managedDefault(context, space.name, direction);
    if (managed !== undefined)
      return {
        ...base,
        state: 'PASS',
        message: `AKS keeps a default policy for ${direction} there`,
        evidence: [managed],
      };
  }
  const state = found.state === 'FAIL' && space.isSystem ? 'WARN' : found.state;
  const mild = space.isSystem ? ({ severity: 'low' } as const) : {};
  return { ...base, ...mild, state, message: `${found.message} in namespace \`${escapeControl(space.name)}\`` };
}

export interface Shut {
  readonly state: 'PASS' | 'WARN' | 'FAIL' | 'UNKNOWN';
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

/**
 * For ingress a pod of any namespace must be stopped, and addresses of the internet should; for egress the other way
 * around: what leaves the cluster is what is lost.
 */
export function shutIn(net: NetWorld, subject: number, direction: Direction): Shut {
  const peers: readonly Peer[] = [
    { point: net.stranger, text: 'pods of any namespace', isMain: direction === 'ingress' },
    { point: net.internet, text: 'addresses of the internet', isMain: direction === 'egress' },
  ];
  const said = peers.map((peer) => wordOn(net, { direction, subject }, peer));
  const worst = said.find(({ peer, openness }) => peer.isMain && openness === 'open');
  if (worst !== undefined) return { state: 'FAIL', message: openText(direction, worst), evidence: worst.evidence };
  const unsure = said.find(({ openness }) => openness === 'unknown');
  if (unsure !== undefined)
    return { state: 'UNKNOWN', message: unsureText(direction, unsure), evidence: unsure.evidence };
  const wide = said.find(({ openness }) => openness !== 'denied');
  if (wide !== undefined) return { state: 'WARN', message: wideText(direction, wide), evidence: wide.evidence };
  const evidence = said.flatMap((each) => each.evidence);
  return { state: 'PASS', message: `a new pod is shut for ${direction}`, evidence: once(evidence) };
}

interface Peer {
  readonly point: number;
  readonly text: string;
  readonly isMain: boolean;
}

interface Word {
  readonly peer: Peer;
  readonly openness: Openness;
  readonly ports: string;
  readonly doubts: string;
  readonly evidence: readonly Evidence[];
}

function wordOn(net: NetWorld, asked: { readonly direction: Direction; readonly subject: number }, peer: Peer): Word {
  const question = { ...asked, peer: peer.point };
  const grant = grantOf(net, question);
  const openness = opennessOf(grant);
  return {
    peer,
    openness,
    ports: portsText(meet(grant.allowed, protocolsWithPorts())),
    doubts: openness === 'unknown' ? doubtsText(doubtsOf(net, question, grant)) : '',
    evidence: decidingPolicies(net, question, grant),
  };
}

function protocolsWithPorts(): TrafficSet {
  return unite(protocolTraffic('TCP'), protocolTraffic('UDP'));
}

function openText(direction: Direction, { peer, evidence }: Word): string {
  const by = evidence.length === 0 ? 'no policy' : 'no policy but one that lets everything pass';
  return direction === 'ingress'
    ? `${by} stops ${peer.text} from reaching a new pod`
    : `${by} stops a new pod from reaching ${peer.text}`;
}

function wideText(direction: Direction, { peer, ports }: Word): string {
  return direction === 'ingress'
    ? `a new pod is shut for some, and ${peer.text} still reach it on ${ports}`
    : `a new pod is shut for some, and still reaches ${peer.text} on ${ports}`;
}

function unsureText(direction: Direction, { peer, doubts }: Word): string {
  return direction === 'ingress'
    ? `whether ${peer.text} reach a new pod is not known (${doubts})`
    : `whether a new pod reaches ${peer.text} is not known (${doubts})`;
}

function once(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((each) => [`${each.object} ${each.field ?? ''}`, each])).values()];
}

// ---------------------------------------------------------------- namespaces that AKS manages

const MANAGED = 'Microsoft.ContainerService/managedClusters/managedNamespaces';

/** The default policy of a namespace that is a resource of Azure, where it shuts the direction. */
function managedDefault(context: ControlContext, namespace: string, direction: Direction): Evidence | undefined {
  for (const resource of resourcesOfType(context, MANAGED)) {
    if (resource.name.split('/').at(-1) !== namespace) continue;
    const setting = settingAt(resource, 'properties', 'defaultNetworkPolicy', direction);
    if (setting.state === 'value' && /^(?:DenyAll|AllowSameNamespace)$/i.test(String(setting.value)))
      return evidenceOf(resource, setting);
  }
  return undefined;
}
