import { isInRange } from '#base/address.ts';
import { includes } from '#base/intervals.ts';
import type { CalicoFailsafe, CalicoHostEndpoint } from '#model/calico.ts';
import type { Direction } from '#model/resource.ts';
import { isPortProtocol, type Protocol, portTraffic } from '#model/traffic.ts';
import { isNetworkedPod, isPerhaps, type Question, type Side } from '../party.ts';
import { addressOf, nodeNameOf, onSameNode } from '../where.ts';
import { settingOf } from './settings.ts';
import { throughTiers } from './tiers.ts';

/** What local processes of a node send and get, where a host endpoint stands for the interface that it goes through. */
export function hostEndpointAllows(question: Question, direction: Direction): boolean {
  const side: Side = direction === 'ingress' ? 'to' : 'from';
  const peer = question.connection[side === 'to' ? 'from' : 'to'];
  // Neither what a node sends to its own pods nor what they send to it goes through an interface of the host.
  if (isNetworkedPod(peer) && onSameNode(question)) return true;
  const endpoint = endpointOf(question, side);
  if (endpoint === undefined || isFailsafe(question, direction)) return true;
  const { labels } = endpoint;
  const outcome = throughTiers(question, { labelOf: (key) => labels.get(key) }, direction);
  return outcome === 'pass' ? hasOpenProfile(question, endpoint) : outcome === 'allow';
}

/** Which interface a connection goes through is not known: any that is named, or another, for which `*` stands. */
function endpointOf(question: Question, side: Side): CalicoHostEndpoint | undefined {
  const node = nodeNameOf(question, side);
  const own = question.snapshot.calicoHostEndpoints.filter((endpoint) => endpoint.node === node);
  const named = own.filter(({ interfaceName }) => interfaceName !== '*');
  const options = [...named, own.find(({ interfaceName }) => interfaceName === '*')];
  return options.length === 1 ? options[0] : question.world.choose(`the interface of ${side}`, options);
}

/** Profiles that Calico makes allow everything; of others nothing is known. Without any nothing is let through. */
function hasOpenProfile(question: Question, { profiles, name }: CalicoHostEndpoint): boolean {
  if (profiles.some((profile) => profile === 'projectcalico-default-allow' || profile.startsWith('kns.'))) return true;
  return profiles.length > 0 && isPerhaps(question, `a profile of HostEndpoint ${name} allows it`);
}

// ---------------------------------------------------------------- failsafe ports

const SHARED = [179, 2379, 2380, 5473, 6443, 6666, 6667];
const INBOUND = [...ports('TCP', [22, ...SHARED]), ...ports('UDP', [68])];
const OUTBOUND = [...ports('TCP', SHARED), ...ports('UDP', [53, 67])];

function ports(protocol: Protocol, numbers: readonly number[]): CalicoFailsafe[] {
  return numbers.map((port) => ({ protocol, port }));
}

/** What is let through whatever policy says, so that nobody shuts himself out. */
function isFailsafe(question: Question, direction: Direction): boolean {
  const isIn = direction === 'ingress';
  const own = settingOf(question, isIn ? 'to' : 'from', isIn ? 'failsafeInbound' : 'failsafeOutbound');
  const list = own ?? (isIn ? INBOUND : OUTBOUND);
  const { traffic } = question.connection;
  return list.some(({ protocol, port, net }) => {
    const isNear = net === undefined || isInRange(addressOf(question, isIn ? 'from' : 'to'), net);
    return isNear && isPortProtocol(protocol) && includes(portTraffic(protocol, port), traffic);
  });
}
