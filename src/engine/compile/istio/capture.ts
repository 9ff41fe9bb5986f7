import { type Cidr, cidrOf, parseAddress, parseCidr } from '#base/address.ts';
import { intervalsOf, subtract } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import type { PodShape } from '#model/resource.ts';
import { NO_TRAFFIC, protocolTraffic, type TrafficSet, trafficPoint } from '#model/traffic.ts';

/** What of a pod's traffic its sidecar sees, by the annotations `traffic.sidecar.istio.io/…`. */
export interface Capture {
  /** TCP ports of the pod. */
  readonly inbound: TrafficSet;
  /** TCP ports of destinations. */
  readonly outbound: TrafficSet;
  /** Ports that are captured whatever the included addresses say. */
  readonly always: TrafficSet;
  /** Only to these addresses; absent: to all. */
  readonly toRanges?: readonly Cidr[];
  readonly notToRanges: readonly Cidr[];
  /** Equal for equal captures. */
  readonly key: string;
}

export const TCP: TrafficSet = protocolTraffic('TCP');
const PREFIX = 'traffic.sidecar.istio.io/';
/** Ports of the agent itself, which istio-iptables always leaves out: metrics, health, Envoy's statistics. */
const AGENT_PORTS = tcpPorts([15020, 15021, 15090]);

export const WHOLE_CAPTURE: Capture = { inbound: TCP, outbound: TCP, always: NO_TRAFFIC, notToRanges: [], key: '' };
const KNOWN = new Map<string, Capture>();

export function captureOf({ annotations }: PodShape): Capture {
  const settings = [...annotations].filter(([name]) => name.startsWith(PREFIX)).sort();
  return remembered(KNOWN, JSON.stringify(settings), () => readCapture(new Map(settings)));
}

function readCapture(annotations: ReadonlyMap<string, string>): Capture {
  const value = (name: string) => annotations.get(`${PREFIX}${name}`);
  const included = value('includeInboundPorts') ?? '*';
  const inbound = included === '*' ? subtract(TCP, portsOf(value('excludeInboundPorts'))) : portsOf(included);
  const to = value('includeOutboundIPRanges') ?? '*';
  return {
    inbound: subtract(inbound, AGENT_PORTS),
    outbound: subtract(TCP, portsOf(value('excludeOutboundPorts'))),
    always: portsOf(value('includeOutboundPorts')),
    ...(to !== '*' && { toRanges: rangesOf(to) }),
    notToRanges: rangesOf(value('excludeOutboundIPRanges')),
    key: JSON.stringify([...annotations]),
  };
}

/** Every range that a pod's annotations name: the world is cut by them. */
export function rangesOfCapture(shape: PodShape): readonly Cidr[] {
  const { toRanges = [], notToRanges } = captureOf(shape);
  return [...toRanges, ...notToRanges];
}

function portsOf(text: string | undefined): TrafficSet {
  const numbers = (text ?? '').split(',').map((part) => Number(part.trim()));
  return tcpPorts(numbers.filter((number) => Number.isInteger(number) && number > 0 && number < 65536));
}

function rangesOf(text: string | undefined): Cidr[] {
  const out: Cidr[] = [];
  for (const part of (text ?? '').split(',')) {
    const address = parseAddress(part.trim());
    const cidr =
      address === undefined ? parseCidr(part.trim())?.cidr : cidrOf(address, address.family === 4 ? 32 : 128);
    if (cidr !== undefined) out.push(cidr);
  }
  return out;
}

/** TCP ports by number as one set. */
export function tcpPorts(numbers: readonly number[]): TrafficSet {
  return intervalsOf(numbers.map((number) => [trafficPoint('TCP', number), trafficPoint('TCP', number)] as const));
}
