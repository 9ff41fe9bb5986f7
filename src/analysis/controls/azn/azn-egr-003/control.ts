import { isWithin, parseCidr } from '#base/address.ts';
import { PRIVATE } from '#engine/compile/azure/address-items.ts';
import type { TrafficList } from '#model/answers.ts';
import type { Assessment, ControlData, Evidence, Fix, Judged, Place } from '#model/control.ts';
import type { Disagreement } from '#model/egress.ts';
import { trafficText } from '../../../traffic-list.ts';
import { CLUSTER, plain } from '../../assessment.ts';
import { evidenceOfFact, withoutCluster } from '../../azure-facts.ts';
import { assessed, counted, egressFor, judgedFact, placeOfEntity, quoted, viewFor } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { ownerOfEndpoint } from '../../shared.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { singleLayers } from './single-layer.ts';

const data: ControlData = {
  id: 'AZN-EGR-003',
  title: 'Firewall, NSG and Kubernetes policies agree with each other',
  severity: 'high',
  rationale:
    'A connection needs the consent of every layer. Where policy allows and the firewall denies, an application fails for a reason that nobody finds; where only one layer says no, one mistake opens the way.',
  evidence:
    'What policies of the cluster allow each workload to send, compared with what security groups, routes, firewalls and services let through, connection by connection.',
  states: [
    { state: 'PASS', when: 'every layer says the same of what the workloads may send' },
    {
      state: 'FAIL',
      when: 'a policy allows what the network denies, rules of the network have no say where they seem to, or the internet comes in to ports of data past no policy',
    },
    {
      state: 'WARN',
      when: 'the network lets through what no policy allows, or no policy limits a workload that the network limits',
    },
    {
      state: 'UNKNOWN',
      when: 'what the network does with it is not settled by the input, or the input has no workloads',
    },
    { state: 'NA', when: 'there are not two layers that limit what leaves' },
  ],
  remedy:
    'Change policy and firewall together: `ringfence egress --write` makes the rules of the firewall from the policies.',
  mappings: mappingsOf({
    'nist-800-190': ['4.3.3', '4.4.2'],
    'nsa-cisa': ['network-separation-and-hardening'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-3', 'NS-7'],
    'azure-security-book': ['L14'],
    'azure-security-book-2024': ['L18'],
  }),
};

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined) return withoutCluster(context, 'the network that it leaves by');
  const { disagreements, unlimited, bypasses } = egressFor(context);
  const dead = bypasses.filter(({ id }) => id === 'private-endpoint-passes-security-group');
  const places = [
    ...disagreements.filter((each) => isTold(each, disagreements)).map((each) => judge(context, each)),
    ...surplus(context, disagreements),
    ...dead.map((fact) => judgedFact(context, fact, [fact.evidence[1]?.resource.split('/').at(-1) ?? ''])),
    ...singleLayers(context),
  ];
  if (context.podOwners.length === 0 && places.length === 0)
    return plain('UNKNOWN', 'the policies and workloads of the cluster are not in the input');
  const limited = context.podOwners.filter(({ endpoint }) => !unlimited.includes(endpoint));
  if (limited.length === 0 && places.length === 0)
    return plain(
      'NA',
      'no policy limits what any workload sends, so there is nothing that layers could disagree about',
    );
  const agreed: Judged = {
    where: placeOfEntity(view.cluster),
    state: 'PASS',
    message: `of ${counted(limited.length, 'workload', 'workloads')} policy and network say the same`,
    evidence: [{ object: view.cluster.id, origin: view.cluster.origin }],
  };
  return assessed(places.length === 0 ? [agreed] : places, plain('UNKNOWN', ''), ['disagreement', 'disagreements']);
}

function judge(context: ControlContext, { state, from, to, traffic, layers, by }: Disagreement): Judged {
  const where = placeFor(context, from);
  const ports = trafficText(traffic);
  const target = targetText(to);
  const evidence: Evidence[] = by.map(evidenceOfFact);
  const endpoints = from.filter((each) => each.includes('/'));
  const detail = `${state} ${to.slice(0, 5).join(' ')} ${ports}`;
  const rest = { where, evidence, endpoints, detail };
  const who = counted(from.length, 'workload', 'workloads');
  const said = `policy allows ${who} ${ports} to ${target}`;
  if (state === 'unknown')
    return { ...rest, state: 'UNKNOWN', message: `${said}, and whether the network does is not known` };
  const message = `${said}, which ${layers.map(layerWords).join(' and ')} denies`;
  const isSystem = from.every((each) => isSystemNamespace(context, each.split('/')[0] ?? ''));
  if (!isBroad(to) && !isDns(traffic) && !isSystem) return { ...rest, state: 'FAIL', message };
  return { ...rest, state: 'WARN', severity: 'low', message };
}

/** Names as people write them; the one that no rule means is any other. */
function targetText(to: readonly string[]): string {
  const told = to
    .slice(0, 3)
    .map((each) => (/^dns:\*+$/.test(each) ? 'any other name' : quoted(each.replace(/^dns:/, ''))));
  return `${told.join(', ')}${to.length > 3 ? ` and ${to.length - 3} more` : ''}`;
}

/** Of a policy for everything nobody meant all of it: that the network denies some is what it is there for. */
function isBroad(to: readonly string[]): boolean {
  return to.some((each) => each === 'internet' || /^dns:\*+$/.test(each));
}

/** Policies let DNS go anywhere, for servers in the cluster. */
function isDns(traffic: TrafficList): boolean {
  return traffic !== 'all' && traffic.every(({ ports }) => ports === '53');
}

/** What the network lets through is told by subnet; what is not known of everything, where nothing is known of it. */
function isTold({ state, from, to, traffic }: Disagreement, all: readonly Disagreement[]): boolean {
  // Policies let DNS go anywhere, for servers in the cluster: that it does not get out is what a firewall is there for.
  if (state === 'policy-allows' && isBroad(to) && isDns(traffic)) return false;
  if (state !== 'unknown' || !isBroad(to)) return state !== 'azure-allows';
  return !all.some((each) => each.state === 'policy-allows' && isBroad(each.to) && each.from.join() === from.join());
}

/** Networks around are open by default to each other: what counts is what leaves them. */
function isOutside(to: string): boolean {
  const range = parseCidr(to)?.cidr;
  return range === undefined || !PRIVATE.some((each) => isWithin(range, each));
}

/** A name may lead to a private endpoint, in the network itself. */
function isInside({ by }: Disagreement): boolean {
  return by.some(({ field }) => field !== undefined && /^(?:the virtual network|AllowVnetOutBound\b)/.test(field));
}

/** Nodes set their clocks: AKS lists it among what they need. */
function isTime({ traffic }: Disagreement): boolean {
  return traffic !== 'all' && traffic.every(({ protocol, ports }) => protocol === 'UDP' && ports === '123');
}

/** From each subnet, what the network lets through and no policy allows any workload there: one line for all of it. */
function surplus(context: ControlContext, disagreements: readonly Disagreement[]): Judged[] {
  const bySubnet = Map.groupBy(
    disagreements.filter((each) => each.state === 'azure-allows' && !isInside(each) && !isTime(each)),
    ({ from }) => from[0] ?? '',
  );
  return [...bySubnet].flatMap(([from, all]): Judged[] => {
    const to = [...new Set(all.flatMap((each) => each.to))].filter(isOutside);
    if (to.length === 0) return [];
    const target = targetText(to);
    const ports = [...new Set(all.map(({ traffic }) => trafficText(traffic)))].join('; ');
    const message = `the network lets ${from} send ${ports} to ${target}, which no policy allows any workload`;
    const evidence = all.flatMap(({ by }) => by.map(evidenceOfFact)).slice(0, 20);
    return [
      {
        where: placeFor(context, [from]),
        state: 'WARN',
        severity: 'low',
        message,
        evidence,
        endpoints: [],
        detail: 'surplus',
      },
    ];
  });
}

function layerWords(layer: string): string {
  return WORDS[layer] ?? layer;
}

const WORDS: Readonly<Record<string, string>> = {
  firewall: 'the firewall',
  'network-security': 'a security group',
  route: 'a route',
  service: 'the service itself',
};

/** The workload, or of several the namespace or the cluster; the subnet where the network is what is spoken of. */
function placeFor(context: ControlContext, from: readonly string[]): Place {
  const [first = ''] = from;
  const owner = ownerOfEndpoint(context, first);
  if (from.length === 1 && owner !== undefined) {
    const { kind, namespace, name, group, origin } = owner.object;
    return { kind, namespace, name, id: `${group}/${kind}/${namespace}/${name}`, origin };
  }
  const subnet = /^subnet (.+)$/.exec(first)?.[1];
  const found = context.snapshot.azure.subnets.find(({ name }) => name === subnet);
  if (found !== undefined) return placeOfEntity(found);
  const namespaces = new Set(from.map((each) => each.split('/')[0] ?? ''));
  const [only = ''] = namespaces;
  return namespaces.size === 1 && only !== ''
    ? { kind: 'Namespace', namespace: '', name: only, id: `/Namespace//${only}` }
    : CLUSTER;
}

/** Which of two layers is right only people know: both changes are told. */
function fix(_context: ControlContext, { where, detail = '', evidence }: Judged): Fix | undefined {
  if (detail === 'surplus')
    return byHand(`let ${quoted(where.name)} send only where policies let workloads send`, [
      'take what nothing needs out of the rules of the firewall and the security group',
      'where something needs it, name it in the policy of that workload',
    ]);
  if (!detail.startsWith('policy-allows ')) return undefined;
  const rules = [
    ...new Set(evidence.map(({ object, field }) => (field === undefined ? object : `${field} of ${object}`))),
  ];
  return byHand(`let policy and network say the same of ${quoted(where.name)}`, [
    'where the connection is wanted, open it in the network: `ringfence egress --write` makes the rules of the firewall from the policies',
    `where it is not, take it out of the policy: ${rules.slice(0, 3).map(quoted).join(', ')}`,
  ]);
}

function byHand(summary: string, steps: readonly string[]): Fix {
  return { summary, automatic: false, changes: [], steps };
}

export const aznEgr003: Control = { data, assess, fix };
