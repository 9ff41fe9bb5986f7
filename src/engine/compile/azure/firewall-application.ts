import { bitsOf, isEmpty, union } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import { unite } from '#base/intervals.ts';
import { type AddressItem, isUnsettled } from '#model/azure/entity.ts';
import type { ApplicationRule } from '#model/azure/firewall.ts';
import type { AskedRequest, RequestMatch } from '#model/request.ts';
import { NO_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { type Box, exactTraffic, type PointSpan } from '../../form.ts';
import type { Azure } from './context.ts';
import { withTraffic } from './firewall-ends.ts';
import { type NameMatch, nameMatchOf } from './firewall-names.ts';
import type { RuleReading } from './firewall-rule.ts';
import { matchesFqdn, matchesPath, type NameAnswer, type UrlPattern, urlPatternOf } from './fqdn.ts';
import type { TrafficSpan } from './traffic.ts';

/** Names and URLs are compared with what the client asks for (Host, SNI), whatever the address that it dials. */
export function applicationBoxes(reading: RuleReading, rule: ApplicationRule): Box[] {
  const { azure } = reading;
  const names = nameMatchOf(rule, azure.view.cluster.location);
  const asking: Asking = { rule, peers: peersAsking(azure, names), traffic: webTraffic(rule.protocols, rule.tags) };
  return [...boxesAsking(reading, asking), ...rule.urls.flatMap((url) => urlBoxes(reading, rule, url))];
}

interface Asking {
  readonly rule: ApplicationRule;
  readonly peers: PointSpan;
  readonly traffic: TrafficSpan;
}

function boxesAsking({ ends, azure }: RuleReading, { rule, peers, traffic }: Asking): Box[] {
  if (isEmpty(peers.may)) return [];
  const boxes = withTraffic(ends.boxes(rule.sources, peers), traffic);
  if (rule.destinations.length === 0 || rule.destinations.some(({ kind }) => kind === 'any')) return boxes;
  // The API's text has a list of destination addresses here, and does not say what it does beside names.
  return boxes.map((box) => ({
    ...box,
    peers: { must: azure.world.nothing, may: box.peers.may, doubts: [{ reason: 'engine-undefined' }] },
  }));
}

/** Where only the address is known, any name may be asked for there. */
function peersAsking({ world }: Azure, { matches, anyName, reason }: NameMatch): PointSpan {
  const answers = [...world.domains].map(([name, points]) => ({ points, answer: matches(name) }));
  const pointsWith = (answer: NameAnswer) =>
    bitsOf(
      world.size,
      answers.flatMap((each) => (each.answer === answer ? each.points : [])),
    );
  const sure = pointsWith('yes');
  const unsure = pointsWith('perhaps');
  const must = anyName === 'yes' ? union(sure, world.externals) : sure;
  const open = anyName === 'perhaps' ? union(unsure, world.externals) : unsure;
  if (isEmpty(open)) return { must, may: must, doubts: [] };
  const doubts = [
    { reason: 'domain-name', points: world.externals },
    { reason, points: unsure },
  ] as const;
  return { must, may: union(must, open), doubts };
}

// ---------------------------------------------------------------- protocols

type WebProtocols = ApplicationRule['protocols'];

/** What rules by FQDN tag are for where they name no protocol. */
const WEB: TrafficSpan = exactTraffic(unite(portTraffic('TCP', 80), portTraffic('TCP', 443)));

function webTraffic(protocols: WebProtocols, tags: readonly string[]): TrafficSpan {
  if (protocols.length === 0 && tags.length > 0) return WEB;
  let must: TrafficSet = NO_TRAFFIC;
  let isOpen = false;
  for (const { port } of protocols) {
    // 0: the usual port of a protocol that could not be evaluated.
    if (isUnsettled(port) || port === 0) isOpen = true;
    else must = unite(must, portTraffic('TCP', port));
  }
  return isOpen ? { must, may: protocolTraffic('TCP'), doubt: 'cloud-expression' } : exactTraffic(must);
}

// ---------------------------------------------------------------- URLs

/** "URL filtering of HTTPS needs TLS inspection": without it, what Azure does with such a rule is not documented. */
function urlBoxes(reading: RuleReading, rule: ApplicationRule, url: AddressItem): Box[] {
  const { azure, inspectsTls } = reading;
  if (url.kind !== 'name') {
    const open: NameMatch = { matches: () => 'perhaps', anyName: 'perhaps', reason: 'cloud-expression' };
    return boxesAsking(reading, { rule, peers: peersAsking(azure, open), traffic: webTraffic(rule.protocols, []) });
  }
  const pattern = urlPatternOf(url.name);
  const peers = peersAsking(azure, {
    matches: (name) => matchesFqdn(pattern.host, name),
    anyName: pattern.host === '*' ? 'yes' : 'perhaps',
    reason: 'engine-undefined',
  });
  const isOpened = inspectsTls && rule.terminatesTls === true;
  const readable = rule.protocols.filter(({ protocol }) => protocol === 'http' || isOpened);
  const closed = webTraffic(
    rule.protocols.filter((each) => !readable.includes(each)),
    [],
  );
  const hidden: TrafficSpan = { must: NO_TRAFFIC, may: closed.may, doubt: 'engine-undefined' };
  return [webTraffic(readable, []), hidden]
    .filter(({ may }) => may.length > 0)
    .flatMap((traffic) => boxesAsking(reading, { rule, peers, traffic }))
    .map((box) => ({ ...box, request: requestOf(pattern) }));
}

function requestOf(pattern: UrlPattern): RequestMatch {
  return {
    text: escapeControl(`${pattern.host}${pattern.path ?? '/'}`),
    matches: (request) => matchesRequest(pattern, request),
  };
}

function matchesRequest({ host, path }: UrlPattern, request: AskedRequest): NameAnswer {
  if (request.kind !== 'http') return 'no';
  const byHost = request.host === undefined ? 'yes' : matchesFqdn(host, request.host.replace(/:\d+$/, ''));
  if (byHost === 'no') return 'no';
  const byPath = request.path === undefined ? 'perhaps' : matchesPath(path, request.path);
  return byPath === 'yes' ? byHost : byPath;
}
