import type { RequiredEndpoint, WayOut } from '#model/egress.ts';
import type { PathVerdict } from '#model/verdict.ts';

/** What leaves the nodes, as a picture of three columns: subnets, ways out, what is asked for. */
export interface Flows {
  readonly subnets: readonly FlowBox[];
  readonly ways: readonly FlowBox[];
  readonly features: readonly FlowBox[];
  readonly lines: readonly FlowLine[];
}

export interface FlowBox {
  readonly id: string;
  readonly name: string;
  /** What it is, or what it holds. */
  readonly note: string;
  /** What of the list it stands for. */
  readonly filter: string;
  readonly endpoints: readonly RequiredEndpoint[];
}

export interface FlowLine {
  readonly from: string;
  readonly to: string;
  readonly filter: string;
  readonly endpoints: readonly RequiredEndpoint[];
}

export const WAY_WORDS: Readonly<Record<WayOut['kind'], string>> = {
  firewall: 'firewall',
  appliance: 'appliance',
  'nat-gateway': 'NAT gateway',
  'load-balancer': 'load balancer',
  'node-addresses': 'public addresses of nodes',
  'default-access': 'default outbound access',
  'private-endpoint': 'private endpoint',
  'service-endpoint': 'service endpoint',
  network: 'stays in the network',
  peering: 'peered network',
  gateway: 'gateway',
  platform: 'platform of Azure',
  none: 'dropped',
  unknown: 'not known',
};

export function flowsOf(required: readonly RequiredEndpoint[]): Flows {
  const boxes = {
    subnets: new Map<string, Draft>(),
    ways: new Map<string, Draft>(),
    features: new Map<string, Draft>(),
  };
  const lines = new Map<string, FlowLine & { readonly endpoints: RequiredEndpoint[] }>();
  const join = (from: Draft, to: Draft, endpoint: RequiredEndpoint): void => {
    const key = `${from.id} ${to.id}`;
    const line = lines.get(key) ?? { from: from.id, to: to.id, filter: `${from.filter} ${to.filter}`, endpoints: [] };
    lines.set(key, line);
    put(line.endpoints, endpoint);
  };
  for (const endpoint of required) {
    const { feature } = endpoint;
    const target = drafted(boxes.features, {
      id: `feature ${feature}`,
      name: feature,
      note: '',
      filter: term('feature', feature),
    });
    put(target.endpoints, endpoint);
    for (const way of endpoint.ways.length === 0 ? [NO_WAY] : endpoint.ways) {
      const name = way.subnet === '' ? 'nodes' : way.subnet;
      const note = way.subnet === '' ? 'no subnet of the input' : 'subnet of nodes';
      const subnet = drafted(boxes.subnets, { id: `subnet ${name}`, name, note, filter: term('subnet', name) });
      const exit = drafted(boxes.ways, {
        id: `way ${way.kind} ${way.name}`,
        name: way.name,
        note: WAY_WORDS[way.kind],
        filter: term('way', way.name),
      });
      put(subnet.endpoints, endpoint);
      put(exit.endpoints, endpoint);
      join(subnet, exit, endpoint);
      join(exit, target, endpoint);
    }
  }
  return {
    subnets: [...boxes.subnets.values()],
    ways: [...boxes.ways.values()],
    features: [...boxes.features.values()],
    lines: [...lines.values()],
  };
}

/** One verdict for several: mixed where they differ. */
export function together(endpoints: readonly RequiredEndpoint[]): PathVerdict {
  const verdicts = new Set(endpoints.map(({ verdict }) => verdict));
  return verdicts.size === 1 ? [...verdicts][0]! : 'mixed';
}

type Draft = FlowBox & { readonly endpoints: RequiredEndpoint[] };

const NO_WAY = { subnet: '', kind: 'unknown', name: 'way not known' } as const;

function drafted(boxes: Map<string, Draft>, box: Omit<FlowBox, 'endpoints'>): Draft {
  const found = boxes.get(box.id) ?? { ...box, endpoints: [] };
  boxes.set(box.id, found);
  return found;
}

function put(endpoints: RequiredEndpoint[], endpoint: RequiredEndpoint): void {
  if (!endpoints.includes(endpoint)) endpoints.push(endpoint);
}

/** In quotes, as names have spaces, commas and colons. */
function term(field: string, value: string): string {
  return `${field}:"${value.replaceAll('"', '*')}"`;
}
