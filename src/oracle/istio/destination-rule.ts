import type { ClientTlsMode, DestinationRule, DestinationTraffic } from '#model/istio.ts';
import { oldestOf } from '../age.ts';
import type { PodParty, Question } from '../party.ts';
import { selects } from '../selector.ts';
import type { ServicePath } from '../service-path.ts';
import { fullHost, hostMatches, hostOf } from './hosts.ts';

export interface ClientPolicy {
  /** Absent: nobody says, and the mesh decides. */
  readonly tls?: ClientTlsMode;
  readonly passthrough: boolean;
}

/** What the DestinationRule that counts for this client says about the port of the Service. */
export function clientPolicy(question: Question, client: PodParty, path: ServicePath): ClientPolicy {
  const traffic = ruleFor(question, client, path)?.traffic;
  const tls = traffic && tlsOf(traffic, path.port.port);
  return { ...(tls !== undefined && { tls }), passthrough: traffic?.passthrough ?? false };
}

/** An entry for the port stands in place of the whole, also where it says nothing about TLS. */
function tlsOf(traffic: DestinationTraffic, port: number): ClientTlsMode | undefined {
  const entry = traffic.ports.find((each) => each.port === port);
  return entry === undefined ? traffic.tls : entry.tls;
}

/**
 * The client's namespace is asked first, then the Service's, then the root: the first that knows the host counts, though
 * what it knows be for other workloads. Rules for some workloads have no say outside of their namespace.
 */
function ruleFor(question: Question, client: PodParty, { service }: ServicePath): DestinationRule | undefined {
  const host = hostOf(service);
  for (const namespace of [client.namespace, service.namespace, question.mesh.rootNamespace]) {
    const seen = question.snapshot.destinationRules.filter(
      (rule) =>
        rule.namespace === namespace &&
        (rule.workloadSelector === undefined || namespace === client.namespace) &&
        isSeen(question, rule, client.namespace) &&
        isOfHost(rule, host),
    );
    if (seen.length > 0) return pick(question, seen, client);
  }
  return undefined;
}

function isOfHost(rule: DestinationRule, host: string): boolean {
  return hostMatches(fullHost(rule.host, rule.namespace), host);
}

function isSeen({ mesh }: Question, { exportTo, namespace }: DestinationRule, client: string): boolean {
  const to = exportTo.length > 0 ? exportTo : mesh.defaultDestinationRuleExportTo;
  return to.length === 0 || to.some((each) => each === '*' || (each === '.' ? namespace : each) === client);
}

/** The most specific host; of its rules one for this workload before those for all; the oldest that says anything. */
function pick(question: Question, rules: readonly DestinationRule[], client: PodParty): DestinationRule | undefined {
  const hosts = rules.map((rule) => fullHost(rule.host, rule.namespace));
  const [best] = hosts.sort((a, b) => specificity(b) - specificity(a));
  const named = rules.filter((rule) => fullHost(rule.host, rule.namespace) === best);
  const own = named.filter((rule) => isForWorkload(rule, client));
  const all = named.filter(({ workloadSelector }) => workloadSelector === undefined);
  const group = own.length > 0 ? own : all;
  const speaking = group.filter(({ traffic }) => traffic !== undefined);
  return oldestOf(question.world, speaking.length > 0 ? speaking : group);
}

/** Names without a star first, then the longest. */
function specificity(host: string): number {
  return (host.startsWith('*') ? 0 : 1000) + host.length;
}

function isForWorkload({ workloadSelector, namespace }: DestinationRule, client: PodParty): boolean {
  if (workloadSelector === undefined || namespace !== client.namespace) return false;
  return selects(workloadSelector, (key) => client.shape.labels.get(key));
}
