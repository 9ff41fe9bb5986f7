import { type AddressRange, formatRange, parseAddress } from '#base/address.ts';
import { escapeControl } from '#base/escape.ts';
import type { ManagedCluster } from '#model/azure/cluster.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { AzureFact } from '#model/azure/fact.ts';
import type { Assessment, Evidence, Judged } from '#model/control.ts';
import { addressPlanFacts } from '../../../azure/address-plan.ts';
import { CLUSTER } from '../../assessment.ts';
import { evidenceOfFact, managedClustersOf, placeOfResource, resourceOf, withoutCluster } from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mapped } from '../mapped.ts';

const ID = 'NET-CNI-003';

export const netCni003: Control = {
  data: {
    id: ID,
    title: 'Cluster address plan is sound (node, pod, service, VNet, on-premises ranges)',
    severity: 'medium',
    rationale:
      'Ranges that overlap send traffic to the wrong place, and rules for addresses then mean somebody else. Ranges that are too small stop a cluster from growing and from being upgraded. Both are hard to mend later.',
    evidence:
      'ranges of pods, services, subnets, networks, peerings and sites on premises; nodes that pools may have, with those of an upgrade, and the addresses that each takes; of clusters elsewhere, ranges of pods of nodes and addresses of Services',
    states: [
      { state: 'PASS', when: 'no ranges overlap and all are large enough' },
      {
        state: 'FAIL',
        when: 'ranges overlap, a subnet or the range of pods is too small, or the address of DNS is not one of the services',
      },
      { state: 'WARN', when: 'kubenet needs more routes than a route table may hold' },
      { state: 'MANUAL', when: 'ranges on premises were not given' },
      { state: 'UNKNOWN', when: 'ranges are expressions, or not in the input' },
      { state: 'NA', when: 'the cluster is not one of AKS and shows no ranges' },
    ],
    remedy:
      'Plan ranges that do not meet with anything that the cluster can reach; use overlay where addresses are short. Most ranges are fixed when a cluster is made, so that a new one takes its place.',
    mappings: mapped({
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['network-separation-and-hardening'],
      'owasp-top-ten': ['K05'],
      mcsb: ['NS-1', 'NS-7'],
      'azure-security-book': ['L13'],
      'aks-network-baseline': ['L31', 'L33', 'L35'],
      'azure-security-book-2024': ['L16'],
    }),
    question:
      'Are the ranges of nodes, pods and services apart from every range on premises and in other networks that the cluster reaches?',
  },
  assess,
  fix: (_, judged) =>
    judged.detail === undefined
      ? undefined
      : { summary: 'change the address plan', automatic: false, changes: [], steps: stepsFor(judged.detail) },
};

function stepsFor(detail: string): readonly string[] {
  if (detail.startsWith('subnet-too-small'))
    return ['move the pool to a larger subnet, lower what it may grow to, or move the cluster to overlay'];
  if (detail.startsWith('routes')) return ['move the cluster to Azure CNI overlay, which needs no routes'];
  return [
    'choose ranges that meet with nothing that the cluster can reach',
    'make a new cluster with them and move the workloads: ranges of services cannot be changed',
  ];
}

function assess(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context);
  const places = [
    ...addressPlanFacts(context.snapshot.azure).map((fact) => judgeFact(context, fact)),
    ...clusters.flatMap(({ cluster, resource }) =>
      [...judgeRoutes(cluster), ...judgeSites(context, cluster)].map((judged) => ({
        ...judged,
        where: placeOfResource(resource),
      })),
    ),
    ...(clusters.length === 0 ? nodePlaces(context) : []),
  ];
  const sites = places.length > 0 && context.settings.onPremisesRanges === undefined ? [sitesUnknown(context)] : [];
  return assessed([...places, ...sites], withoutCluster(context, 'its ranges'), ['check', 'checks']);
}

function judgeFact(context: ControlContext, { id, state, severity, message, evidence }: AzureFact): Judged {
  const [first] = evidence;
  const resource = first === undefined ? undefined : resourceOf(context, first.resource);
  const told = evidence.map(evidenceOfFact);
  const field = first?.field;
  return {
    where: resource === undefined ? CLUSTER : placeOfResource(resource),
    state,
    message: escapeControl(message),
    evidence: told,
    detail: `${id}${field === undefined ? '' : ` ${field}`}${evidence[1] === undefined ? '' : ` ${evidence[1].resource}`}`,
    ...(state === 'FAIL' && { severity }),
  };
}

/** "A route table holds up to 400 routes", and kubenet takes one for each node. */
const MOST_ROUTES = 400;

function judgeRoutes(cluster: ManagedCluster): Omit<Judged, 'where'>[] {
  if (typeof cluster.networkPlugin !== 'string' || cluster.networkPlugin.toLowerCase() !== 'kubenet') return [];
  const nodes = cluster.pools.reduce(
    (sum, { maxCount, count }) => sum + ([maxCount, count].find((value) => typeof value === 'number') ?? 0),
    0,
  );
  if (nodes <= MOST_ROUTES) return [];
  const evidence: Evidence = { object: cluster.id, field: 'properties.agentPoolProfiles', origin: cluster.origin };
  return [
    {
      state: 'WARN',
      detail: 'routes',
      message: `kubenet needs ${nodes} routes, and a route table holds ${MOST_ROUTES}`,
      evidence: [evidence],
    },
  ];
}

/** Ranges on premises that the configuration names, against those of the cluster. */
function judgeSites({ settings }: ControlContext, cluster: ManagedCluster): Omit<Judged, 'where'>[] {
  const own = [...cluster.podCidrs, ...cluster.serviceCidrs].flatMap(rangeOf);
  return (settings.onPremisesRanges ?? []).flatMap((site) => {
    const hit = own.find(({ range }) => overlaps(range, site));
    if (hit === undefined) return [];
    const evidence: Evidence = {
      object: cluster.id,
      field: 'properties.networkProfile',
      value: hit.text,
      origin: hit.origin,
    };
    return [
      {
        state: 'FAIL' as const,
        severity: 'high' as const,
        detail: `on premises ${textOf(site)}`,
        message: `${hit.text} of \`${escapeControl(cluster.name)}\` overlaps with ${textOf(site)} on premises`,
        evidence: [evidence],
      },
    ];
  });
}

function rangeOf(item: AddressItem) {
  return item.kind === 'range' ? [{ range: item.range, text: item.text, origin: item.origin }] : [];
}

function sitesUnknown({ settings }: ControlContext): Judged {
  const given = settings.answers.get(ID);
  const base = { where: CLUSTER, detail: 'on premises', evidence: [] };
  if (given === undefined)
    return { ...base, state: 'MANUAL', message: 'ranges on premises were not given (`controls.onPremisesRanges`)' };
  return {
    ...base,
    state: given.answer === 'yes' ? 'PASS' : 'FAIL',
    message: `${escapeControl(given.by)} answered ${given.answer} on ${given.on}`,
  };
}

// ---------------------------------------------------------------- clusters that are not in Azure

/** By what nodes and Services of the input show. */
function nodePlaces(context: ControlContext): Judged[] {
  const { nodes, services } = context.snapshot;
  const ranges = nodes.flatMap((node) => node.podCidrs.map((range) => ({ node, range })));
  if (ranges.length === 0) return [];
  const found: Judged[] = [];
  for (const service of services) {
    const hit = service.clusterIPs
      .map(parseAddress)
      .flatMap((address) =>
        address === undefined
          ? []
          : ranges.filter(({ range }) =>
              overlaps(range, { family: address.family, lo: address.value, hi: address.value }),
            ),
      )[0];
    if (hit === undefined) continue;
    found.push(
      nodeFinding(
        `the address of Service \`${escapeControl(service.name)}\` is in the range of pods of node \`${escapeControl(hit.node.name)}\``,
        titleOf(service),
        service.origin,
      ),
    );
  }
  for (const [index, a] of ranges.entries()) {
    const other = ranges.slice(index + 1).find((b) => b.node !== a.node && overlaps(a.range, b.range));
    if (other !== undefined)
      found.push(
        nodeFinding(
          `nodes \`${escapeControl(a.node.name)}\` and \`${escapeControl(other.node.name)}\` have ranges of pods that overlap`,
          titleOf(a.node),
          a.node.origin,
        ),
      );
  }
  if (found.length > 0) return found;
  return [
    {
      where: CLUSTER,
      state: 'PASS',
      message: `${ranges.length} ranges of pods overlap neither with each other nor with Services`,
      evidence: nodes
        .slice(0, 1)
        .map((node) => ({ object: titleOf(node), field: 'spec.podCIDRs', origin: node.origin })),
    },
  ];
}

function nodeFinding(message: string, object: string, origin: NonNullable<Evidence['origin']>): Judged {
  return { where: CLUSTER, state: 'FAIL', message, evidence: [{ object, origin }], detail: `overlap ${object}` };
}

function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.lo <= b.hi && b.lo <= a.hi;
}

function textOf(range: AddressRange): string {
  return formatRange(range).join(', ');
}
