import { type AddressReader, addressReaderOf } from '#engine/compile/azure/address-items.ts';
import { isEveryPort } from '#engine/compile/azure/traffic.ts';
import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { SecurityGroup, SecurityRule, Subnet } from '#model/azure/network.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { clusterSubnets } from '../../../azure/bypasses.ts';
import { plain } from '../../assessment.ts';
import { azGroup, azWord } from '../../az-command.ts';
import { evidenceOfResource, resourceOf, withoutCluster } from '../../azure-facts.ts';
import { assessed, placeOf, placeOfEntity, quoted, unreadSubnets, viewFor } from '../../azure-judging.ts';
import { GUARDED_PORTS, guardedPortsOf, openToInternet } from '../../azure-open-ports.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';

const data: ControlData = {
  id: 'AZN-NSG-002',
  title: 'NSG rules allow only trusted ports and sources',
  severity: 'high',
  rationale:
    'Rules that let the internet in to SSH, the kubelet or node ports are found by scanners within minutes. Rules are asked by priority: a denial behind an allowance helps nobody.',
  evidence:
    'Inbound rules of the security groups around the cluster in the order of their priority, with what earlier rules deny taken away.',
  states: [
    { state: 'PASS', when: 'no rule of the group lets the internet in to ports of administration or of nodes' },
    { state: 'FAIL', when: 'a rule lets the internet in to ports of administration, of nodes, or to every port' },
    {
      state: 'WARN',
      when: 'a rule lets in all of Azure’s machines, a wide range, or the whole virtual network to private endpoints or the API server',
    },
    { state: 'UNKNOWN', when: 'rules are expressions, or a group is not in the input' },
    { state: 'NA', when: 'no subnet of the cluster has a security group' },
  ],
  remedy:
    'Name the addresses that may come, or a service tag; put denials before wide allowances; close ports of administration to the internet.',
  mappings: mappingsOf({
    'nist-800-190': ['4.3.3'],
    'nsa-cisa': ['worker-node-segmentation'],
    'owasp-top-ten': ['K06'],
    'owasp-cheat-sheet': ['controlling-network-access-to-sensitive-ports'],
    mcsb: ['NS-1', 'NS-8'],
    'azure-policy': ['9daedab3-fb2d-461e-b861-71790eead4f6', '22730e10-96f6-4aac-ad84-9383d35b5917'],
    attack: ['T1190', 'T1133', 'T1562.007'],
    'aks-network-baseline': ['L29', 'L49'],
    'securing-kubernetes-in-azure': ['L10'],
  }),
};

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined) return withoutCluster(context, 'the security groups around it');
  const reader = addressReaderOf(view);
  const places = guardedSubnets(view).flatMap(({ subnet, isSensitive }) =>
    judgeSubnet(context, view, { reader, subnet, isSensitive }),
  );
  return assessed(
    [...merged(places), ...unreadSubnets(view)],
    plain('NA', 'no subnet of the cluster has a security group'),
    ['rule or group', 'rules or groups'],
  );
}

interface Guarded {
  readonly subnet: Subnet;
  /** Whether what stands there should not be open to the whole network. */
  readonly isSensitive: boolean;
}

function guardedSubnets(view: AzureView): Guarded[] {
  const { estate, cluster, subnets, own } = view;
  const sensitive = [cluster.api.subnet, ...estate.privateEndpoints.map(({ subnet }) => subnet)].filter(isKey);
  const others = clusterSubnets(view);
  const found = sensitive.flatMap((key) => subnets.get(key) ?? []).filter(({ network }) => own.has(network));
  return [
    ...others.map((subnet) => ({ subnet, isSensitive: false })),
    ...[...new Set(found)]
      .filter((subnet) => !others.includes(subnet))
      .map((subnet) => ({ subnet, isSensitive: true })),
  ];
}

interface Asked extends Guarded {
  readonly reader: AddressReader;
}

function judgeSubnet(context: ControlContext, view: AzureView, { reader, subnet, isSensitive }: Asked): Judged[] {
  if (subnet.securityGroup === undefined) return [];
  const group = isKey(subnet.securityGroup) ? view.securityGroups.get(subnet.securityGroup) : undefined;
  if (group === undefined) {
    const message = 'the security group of the subnet is not in the input';
    return [{ where: placeOfEntity(subnet), state: 'UNKNOWN', message, evidence: [evidenceOfResource(subnet)] }];
  }
  const asked = openToInternet(reader, { group, direction: 'ingress', subnet });
  const found = [
    ...asked.by.flatMap((opened): Judged[] => {
      const { names, isWhole } = guardedPortsOf(opened, GUARDED_PORTS);
      if (names.length === 0) return [];
      const from = isWhole ? 'the internet' : 'a wide range of the internet';
      const all = isEveryPort(opened.rule.destinationPorts) ? 'every port' : names.join(', ');
      const message = `rule ${quoted(opened.rule.name)} of ${quoted(group.name)} lets ${from} in to ${all}`;
      return [ruled(context, opened.rule, { state: isWhole ? 'FAIL' : 'WARN', message, detail: 'internet' })];
    }),
    ...group.rules.flatMap((rule) => cloudRule(context, group, rule)),
    ...(isSensitive ? group.rules.flatMap((rule) => networkRule(context, { group, rule, subnet })) : []),
  ];
  if (asked.open !== undefined || asked.isUnread) {
    const message = `what rules of ${quoted(group.name)} let in is not settled by the input`;
    const evidence =
      asked.open === undefined
        ? [evidenceOfResource(group)]
        : [{ object: asked.open.id, field: asked.open.path, origin: asked.open.origin }];
    found.push({ where: placeOfEntity(group), state: 'UNKNOWN', message, evidence });
  }
  if (found.length > 0) return found;
  const message = `${quoted(group.name)} lets the internet in to no port of administration or of nodes`;
  return [
    {
      where: placeOfEntity(group),
      state: 'PASS',
      message,
      evidence: [evidenceOfResource(group), evidenceOfResource(subnet)],
    },
  ];
}

function ruled(
  context: ControlContext,
  rule: SecurityRule,
  said: Pick<Judged, 'state' | 'message' | 'severity' | 'detail'>,
): Judged {
  const evidence = [{ object: rule.id, field: rule.path, origin: rule.origin }];
  return { where: placeOf(context, rule.id, rule.origin), evidence, ...said };
}

/** "AzureCloud holds machines of every customer." */
function cloudRule(context: ControlContext, group: SecurityGroup, rule: SecurityRule): Judged[] {
  if (rule.direction !== 'ingress' || rule.access !== 'allow') return [];
  const tag = rule.sources.flatMap((item) =>
    item.kind === 'tag' && /^azurecloud(?:\.|$)/i.test(item.tag) ? [item.tag] : [],
  )[0];
  if (tag === undefined) return [];
  const message = `rule ${quoted(rule.name)} of ${quoted(group.name)} lets in all of ${quoted(tag)}, machines of other customers among it`;
  return [ruled(context, rule, { state: 'WARN', message, severity: 'medium', detail: 'cloud' })];
}

function networkRule(
  context: ControlContext,
  { group, rule, subnet }: { readonly group: SecurityGroup; readonly rule: SecurityRule; readonly subnet: Subnet },
): Judged[] {
  if (rule.direction !== 'ingress' || rule.access !== 'allow' || !isEveryPort(rule.destinationPorts)) return [];
  if (!rule.sources.some((item) => item.kind === 'tag' && item.tag.toLowerCase() === 'virtualnetwork')) return [];
  const message = `rule ${quoted(rule.name)} of ${quoted(group.name)} opens every port of ${quoted(subnet.name)} to the whole virtual network`;
  return [ruled(context, rule, { state: 'WARN', message, severity: 'low', detail: 'network' })];
}

/** One group stands before several subnets: its rules and itself are told once. */
function merged(places: readonly Judged[]): Judged[] {
  const seen = new Map<string, Judged>();
  for (const place of places) {
    const key = `${place.where.id} ${place.state} ${place.detail ?? ''}`;
    if (!seen.has(key)) seen.set(key, place);
  }
  const failing = new Set([...seen.values()].filter(({ state }) => state !== 'PASS').map(({ where }) => where.id));
  return [...seen.values()].filter(({ state, where }) => state !== 'PASS' || !failing.has(where.id));
}

// ---------------------------------------------------------------- fix

/** Where only ports of administration are open, the rule denies from then on; ranges of administrators, where known, stay. */
function fix(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  const view = viewFor(context);
  const found = view === undefined ? undefined : ruleWith(view, where.id);
  if (found === undefined || detail !== 'internet') return undefined;
  const { rule, group } = found;
  const at = placeInAzure(context, group, rule);
  const name = `rule ${quoted(rule.name)} of ${quoted(group.name)}`;
  const target = `network nsg rule update --resource-group ${azGroup(group.id)} --nsg-name ${azWord(group.name)} --name ${azWord(rule.name)}`;
  if (!isOnlyAdministration(rule)) {
    const steps = [
      'name the addresses or the service tag that this rule is for, and the ports that they need',
      `\`${target} --source-address-prefixes SOURCES --destination-port-ranges PORTS\``,
    ];
    return { summary: `narrow ${name}`, automatic: false, changes: [], steps };
  }
  const edits = [{ op: 'set', path: [...at.path, 'properties', 'access'], value: 'Deny' }] as const;
  const changes = [{ kind: 'edit-azure', resource: at.resource, edits, command: `${target} --access Deny` }] as const;
  return { summary: `let nobody in by ${name}`, automatic: true, changes, steps: [] };
}

const ADMINISTRATION = new Set([22, 3389, 5985, 5986, 10250, 10255, 2379, 2380]);

function isOnlyAdministration({ destinationPorts }: SecurityRule): boolean {
  return (
    destinationPorts.length > 0 &&
    destinationPorts.every(
      (port) =>
        port.kind === 'range' &&
        port.to - port.from <= 1 &&
        ADMINISTRATION.has(port.from) &&
        ADMINISTRATION.has(port.to),
    )
  );
}

function ruleWith(
  { securityGroups }: AzureView,
  id: string,
): { readonly rule: SecurityRule; readonly group: SecurityGroup } | undefined {
  for (const group of securityGroups.values()) {
    const rule = group.rules.find((each) => each.id.toLowerCase() === id);
    if (rule !== undefined) return { rule, group };
  }
  return undefined;
}

/** A rule stands in its group, or is a resource of its own. */
function placeInAzure(
  context: ControlContext,
  group: SecurityGroup,
  rule: SecurityRule,
): { readonly resource: string; readonly path: FieldPath } {
  const own = resourceOf(context, rule.id);
  if (own !== undefined) return { resource: own.id, path: [] };
  const index = /\[(\d+)\]$/.exec(rule.path)?.[1];
  return { resource: group.id, path: ['properties', 'securityRules', Number(index ?? 0)] };
}

export const aznNsg002: Control = { data, assess, fix };
