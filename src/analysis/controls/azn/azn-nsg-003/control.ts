import type { AzureView } from '#engine/compile/azure/view.ts';
import { isKey } from '#engine/compile/azure/view.ts';
import type { AzureEvidence } from '#model/azure/fact.ts';
import { azureKey } from '#model/azure/resource.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { nodeSubnets } from '../../../azure/aks-flows.ts';
import { clusterSubnets } from '../../../azure/bypasses.ts';
import { plain } from '../../assessment.ts';
import { evidenceOfFact, evidenceOfResource, withoutCluster } from '../../azure-facts.ts';
import {
  assessed,
  counted,
  egressFor,
  judgedFact,
  placeOf,
  placeOfEntity,
  quoted,
  unreadSubnets,
  viewFor,
} from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { defaultWayOf } from '../default-way.ts';

const data: ControlData = {
  id: 'AZN-NSG-003',
  title: 'NSGs do not break cluster traffic and are not relied on for FQDN egress control',
  severity: 'medium',
  rationale:
    'Nodes and pods talk among themselves on every port, and probes come from the platform; AKS supports no group that stops that. What a cluster asks for in the internet is known by name, which groups do not know.',
  evidence:
    'What the cluster itself needs, held against the security groups of its subnets: nodes and pods among themselves, probes, DNS, the API server, and the endpoints that nodes ask for.',
  states: [
    { state: 'PASS', when: 'groups let through all that the cluster needs' },
    { state: 'FAIL', when: 'a rule stops traffic between nodes or pods, probes, DNS, or an endpoint that nodes need' },
    { state: 'WARN', when: 'a group is the only thing that limits what leaves' },
    { state: 'UNKNOWN', when: 'a group is not in the input, or its rules are expressions' },
    { state: 'NA', when: 'no subnet of the cluster has a security group' },
  ],
  remedy:
    'Let everything pass between the subnets of the cluster, and leave names to a firewall; part workloads by policies of the cluster.',
  mappings: mappingsOf({
    'nist-800-190': ['4.4.2'],
    'nsa-cisa': ['network-separation-and-hardening'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-1'],
    'aks-network-baseline': ['L43', 'L49', 'L51'],
  }),
};

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined) return withoutCluster(context, 'the security groups around it');
  const subnets = clusterSubnets(view);
  const unread = unreadSubnets(view);
  if (unread.length === 0 && !subnets.some(({ securityGroup }) => securityGroup !== undefined))
    return plain('NA', 'no subnet of the cluster has a security group');
  const flows = egressFor(context).flows.filter(({ id }) => id.startsWith('flow-'));
  const places = [
    ...flows
      .map((fact) => judgedFact(context, fact, [nameOf(fact.evidence[1]?.resource)]))
      .map((judged) => (judged.state === 'FAIL' ? { ...judged, severity: 'high' as const } : judged)),
    ...deniedEndpoints(context, view),
    ...onlyLimit(view),
    ...unread,
  ];
  return assessed(places, plain('UNKNOWN', 'the subnets of the nodes are not in the input'), [
    'connection',
    'connections',
  ]);
}

/** Endpoints that nodes need and a rule of a group denies. */
function deniedEndpoints(context: ControlContext, view: AzureView): Judged[] {
  const required = egressFor(context).required.filter(
    ({ need, verdict }) => need === 'required' && (verdict === 'denied' || verdict === 'mixed'),
  );
  const byRule = new Map<string, (typeof required)[number][]>();
  for (const each of required) {
    const by = each.by.find(({ resource }) => /\/networksecuritygroups\//i.test(resource));
    if (by === undefined) continue;
    const key = `${by.resource} ${by.field ?? ''}`;
    byRule.set(key, [...(byRule.get(key) ?? []), each]);
  }
  return [...byRule.values()].flatMap((all): Judged[] => {
    const by = all[0]?.by.find(({ resource }) => /\/networksecuritygroups\//i.test(resource));
    if (by === undefined) return [];
    const names = all
      .slice(0, 3)
      .map(({ destination, protocol, port }) => quoted(`${destination} ${protocol} ${port}`));
    const message = `a rule denies ${counted(all.length, 'endpoint', 'endpoints')} that nodes need: ${names.join(', ')}${all.length > 3 ? ' and more' : ''}`;
    const where = placeOf(context, by.resource, by.origin);
    return [
      {
        where,
        state: 'FAIL',
        message,
        evidence: [evidenceOfFact(by)],
        severity: 'high',
        detail: `required ${ruleName(view, by)}`,
      },
    ];
  });
}

/** The rule is named by its place in the group, which moves. */
function ruleName({ securityGroups }: AzureView, { resource, field }: AzureEvidence): string {
  return securityGroups.get(azureKey(resource))?.rules.find(({ path }) => path === field)?.name ?? '';
}

function nameOf(id: string | undefined): string {
  return id?.split('/').at(-1) ?? '';
}

/** Rules that deny what leaves, where nothing but the group limits it. */
function onlyLimit(view: AzureView): Judged[] {
  return nodeSubnets(view).flatMap((subnet): Judged[] => {
    const group = isKey(subnet.securityGroup) ? view.securityGroups.get(subnet.securityGroup) : undefined;
    const denies = (group?.rules ?? []).filter(({ direction, access }) => direction === 'egress' && access === 'deny');
    const way = defaultWayOf(view, subnet).to;
    if (group === undefined || denies.length === 0 || (way !== 'absent' && way !== 'internet')) return [];
    const message = `${quoted(group.name)} is all that limits what leaves ${quoted(subnet.name)}: it knows addresses, and no names`;
    const evidence = [
      ...denies.map((rule) => ({ object: rule.id, field: rule.path, origin: rule.origin })),
      evidenceOfResource(subnet),
    ];
    return [{ where: placeOfEntity(subnet), state: 'WARN', message, evidence, detail: 'only limit' }];
  });
}

function fix(_context: ControlContext, { detail }: Judged): Fix {
  if (detail === 'only limit')
    return {
      summary: 'limit what leaves by name',
      automatic: false,
      changes: [],
      steps: [
        'put a firewall on the way out, with rules by name',
        'or limit pods by policies of the cluster that know names',
      ],
    };
  return {
    summary: 'let pass what the cluster needs',
    automatic: false,
    changes: [],
    steps: [
      'put a rule with a lower number before the one that denies, for the ranges and ports that are named here',
      'part workloads by policies of the cluster in place of security groups',
    ],
  };
}

export const aznNsg003: Control = { data, assess, fix };
