import { includes } from '#base/intervals.ts';
import type { CiliumPolicy, CiliumPort, CiliumPorts, CiliumRule } from '#model/cilium.ts';
import type { Direction } from '#model/resource.ts';
import { icmpTraffic, PORT_PROTOCOLS } from '#model/traffic.ts';
import { EVERY_PORT, isNetworkedPod, isPerhaps, isToPort, namedPorts, type Question, type Side } from '../party.ts';
import { arePeers } from './peers.ts';
import { looksInside, requestPasses } from './request.ts';
import { isOn, isSince } from './settings.ts';
import { nameOf } from './subject.ts';

/** An entry of a policy. */
export interface PlacedRule {
  readonly rule: CiliumRule;
  readonly policy: CiliumPolicy;
  readonly direction: Direction;
  readonly denies: boolean;
}

/** The peers and the traffic. Without peers an entry is for everybody where it limits the traffic, and else for nobody. */
export function ruleMatches(question: Question, placed: PlacedRule): boolean {
  const { rule, policy, direction, denies } = placed;
  const fact = `${nameOf(policy)} ${rule.path} matches`;
  if (rule.gaps.length > 0) return isPerhaps(question, fact);
  if (rule.peers === undefined && rule.ports === undefined && rule.icmps === undefined) return false;
  const side: Side = direction === 'ingress' ? 'from' : 'to';
  if (rule.peers !== undefined && !arePeers(question, { peers: rule.peers, policy, side, denies })) return false;
  if (!trafficMatches(question, rule)) return false;
  return isAuthenticated(question, rule, fact);
}

/** A handshake that is asked for can be made where Cilium is set up for it; where nothing says so, perhaps. */
function isAuthenticated(question: Question, { authentication }: CiliumRule, fact: string): boolean {
  if (authentication === undefined || authentication === 'disabled') return true;
  if (authentication === 'test-always-fail') return false;
  return isOn(question, 'mesh-auth-mutual-enabled') || isPerhaps(question, fact);
}

/** Whether an entry sees the requests of the connection; asked about one that it does not let through. */
export function isProxied(question: Question, { rule, ...place }: PlacedRule): boolean {
  const { request, ...without } = question;
  const ports = rule.ports?.filter(looksInside) ?? [];
  return request !== undefined && ports.length > 0 && ruleMatches(without, { ...place, rule: { ...rule, ports } });
}

function trafficMatches(question: Question, { ports, icmps }: CiliumRule): boolean {
  if (icmps !== undefined) {
    const { traffic } = question.connection;
    return icmps.some(({ family, type }) => includes(icmpTraffic(family, type), traffic));
  }
  return ports === undefined || ports.some((entry) => portsMatch(question, entry));
}

function portsMatch(question: Question, entry: CiliumPorts): boolean {
  return entry.ports.some((port) => isPort(question, port)) && requestPasses(question, entry);
}

/** `ANY` is TCP, UDP and SCTP; port 0 is every port. A name is one of the pod's that the connection is to. */
export function isPort(question: Question, { port, endPort, protocol }: CiliumPort): boolean {
  const protocols = PORT_PROTOCOLS.filter((each) => protocol === 'ANY' || protocol === each);
  if (typeof port === 'string') {
    const { to } = question.connection;
    return isNetworkedPod(to) && namedPorts(question, to, port).some((named) => protocols.includes(named.protocol));
  }
  const isTo = (range: readonly [number, number]) => protocols.some((each) => isToPort(question, each, range));
  if (port === undefined || port === 0) return isTo(EVERY_PORT);
  if (isTo([port, port])) return true;
  // Until 1.16 the end of a range is not read.
  return endPort !== undefined && isTo([port, endPort]) && isSince(question, 17);
}
