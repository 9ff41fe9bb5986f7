import { policyChain } from '#engine/compile/azure/firewall-rules.ts';
import type { AzureView } from '#engine/compile/azure/view.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Firewall, FirewallPolicy } from '#model/azure/firewall.ts';
import type { Assessment, ControlData, Evidence, Judged } from '#model/control.ts';
import type { RequiredEndpoint } from '#model/egress.ts';
import { clusterSubnets } from '../../../azure/bypasses.ts';
import { wideRuleFacts } from '../../../azure/wide-rules.ts';
import { answeredOr, plain } from '../../assessment.ts';
import {
  evidenceOf,
  evidenceOfFact,
  evidenceOfResource,
  resourceOf,
  settingAt,
  withoutCluster,
} from '../../azure-facts.ts';
import {
  assessed,
  counted,
  egressFor,
  judgedFact,
  placeOfEntity,
  quoted,
  unreadSubnets,
  viewFor,
} from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { defaultWayOf } from '../default-way.ts';
import { fixOfFirewall } from './fix.ts';
import { INTRUSIONS, type Mode, THREATS } from './modes.ts';

const ID = 'AZN-EGR-002';

const data: ControlData = {
  id: ID,
  title: 'Firewall rules are minimal, contain what AKS needs, and inspect',
  severity: 'high',
  rationale:
    'A firewall that allows everything only costs money; one that leaves out what AKS needs breaks upgrades and new nodes at the worst time. What it lets through it should still look at.',
  evidence:
    'Rules of each firewall in the order that it asks them, the endpoints that this cluster needs asked through every layer, and threat intelligence, intrusion detection and DNS proxy of its policy.',
  states: [
    { state: 'PASS', when: 'no rule is wider than needed, all that AKS needs passes, and inspection is on' },
    { state: 'FAIL', when: 'a rule allows every address or every name, or the firewall denies what the cluster needs' },
    {
      state: 'WARN',
      when: 'threat intelligence or intrusion detection is off, the DNS proxy that rules by name need is off, or a rule is for every sender',
    },
    { state: 'UNKNOWN', when: 'rules are expressions, or the appliance is not in the input' },
    { state: 'MANUAL', when: 'an appliance of another maker is on the way: a person has to say' },
    { state: 'NA', when: 'no firewall is on the way' },
  ],
  remedy:
    'Allow the tag `AzureKubernetesService` and the names that workloads ask for, each for the subnets of the cluster; turn on threat intelligence and intrusion detection.',
  mappings: mappingsOf({
    'nist-800-190': ['4.4.2'],
    'nsa-cisa': ['network-separation-and-hardening'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-3', 'NS-4'],
    'azure-policy': ['da79a7e2-8aa1-45ed-af81-ba050c153564', '3f84c9b0-8b64-4208-98d4-6ada96bb49c3'],
    attack: ['T1048', 'T1572'],
    'azure-security-book': ['L14'],
    'aks-network-baseline': ['L43', 'L45'],
  }),
  question: 'Does the appliance let out only what the cluster and its workloads need, by name?',
};

/** Those of wide rules that are about firewalls. */
const FIREWALL_FACTS = /^firewall-|^rule-allows-azure-cloud$/;

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined) return withoutCluster(context, 'the firewall that it leaves by');
  if (view.firewalls.length === 0) return withoutFirewall(context, view);
  const required = egressFor(context).required;
  const wide = wideRuleFacts(view).filter(
    ({ id, evidence }) => FIREWALL_FACTS.test(id) && isOfFirewall(evidence[0]?.resource),
  );
  const places = [
    ...wide.map((fact) => judgedFact(context, fact)),
    ...view.firewalls.flatMap((firewall) => [
      ...neededOf(firewall, required),
      ...senders(view, firewall),
      ...inspection(context, view, firewall),
    ]),
  ];
  return assessed(places, plain('UNKNOWN', ''), ['rule or setting', 'rules or settings']);
}

function isOfFirewall(id: string | undefined): boolean {
  return /\/azurefirewalls\//i.test(id ?? '');
}

function withoutFirewall(context: ControlContext, view: AzureView): Assessment {
  const ways = clusterSubnets(view).map((subnet) => defaultWayOf(view, subnet));
  const evidence = ways.flatMap((way) => way.evidence);
  if (ways.some(({ to }) => to === 'firewall'))
    return { ...answeredOr(context, ID, 'an appliance is on the way out whose rules no input shows'), evidence };
  if (ways.some(({ to }) => to === 'appliance' || to === 'unknown'))
    return plain('UNKNOWN', 'the firewall that the default route leads to is not in the input', evidence);
  const [unread] = unreadSubnets(view);
  if (unread !== undefined) return plain('UNKNOWN', unread.message, unread.evidence);
  return plain('NA', 'no firewall is on the way out of the cluster', evidence);
}

/** What nodes must reach and this firewall denies: one judgement, with every endpoint. */
function neededOf(firewall: Firewall, required: readonly RequiredEndpoint[]): Judged[] {
  const where = placeOfEntity(firewall);
  const detail = 'required endpoints';
  const own = required.filter(({ need }) => need === 'required');
  const isHere = ({ by }: RequiredEndpoint) => by.some(({ resource }) => resource.toLowerCase() === firewall.key);
  const denied = own.filter((each) => each.verdict !== 'allowed' && each.verdict !== 'unknown' && isHere(each));
  const open = own.filter((each) => each.verdict === 'unknown' && isHere(each));
  if (denied.length > 0) {
    const message = `${counted(denied.length, 'endpoint', 'endpoints')} that the cluster does not work without ${denied.length === 1 ? 'is' : 'are'} denied, ${textOf(denied)}`;
    return [{ where, state: 'FAIL', message, evidence: evidenceOfEndpoints(denied), detail }];
  }
  if (open.length > 0) {
    const message = `whether the firewall lets through what the cluster needs is not known, ${textOf(open)}`;
    return [{ where, state: 'UNKNOWN', message, evidence: evidenceOfEndpoints(open), detail }];
  }
  const message = `all of ${counted(own.length, 'endpoint', 'endpoints')} that the cluster needs pass`;
  return own.length === 0 ? [] : [{ where, state: 'PASS', message, evidence: [evidenceOfResource(firewall)], detail }];
}

function textOf(endpoints: readonly RequiredEndpoint[]): string {
  const first = endpoints
    .slice(0, 3)
    .map(({ destination, protocol, port }) => quoted(`${destination} ${protocol} ${port}`));
  return `${first.join(', ')}${endpoints.length > 3 ? ' and more' : ''}`;
}

function evidenceOfEndpoints(endpoints: readonly RequiredEndpoint[]): Evidence[] {
  return endpoints.slice(0, 20).flatMap(({ destination, protocol, port, use, by }): Evidence[] => {
    const why = `${destination} ${protocol} ${port} is for: ${use}`;
    return by.slice(0, 1).map((each) => ({ ...evidenceOfFact(each), why }));
  });
}

/** Rules for every sender are for every network that comes to be connected. */
function senders(view: AzureView, firewall: Firewall): Judged[] {
  const { collections } = policyChain(view, firewall);
  const rules = collections
    .filter(({ action }) => action === 'allow')
    .flatMap((collection) => collection.rules.map((rule) => ({ rule, collection })))
    .filter(
      ({ rule: { kind, sources } }) =>
        kind !== 'dnat' && kind !== 'unread' && sources.some((each) => each.kind === 'any'),
    );
  return rules.map(({ rule, collection }): Judged => {
    const name = `${collection.name}/${rule.name}`;
    const message = `rule ${quoted(name)} is for every sender, so for every network that comes to be connected`;
    const evidence = [{ object: firewall.id, field: name, origin: rule.origin }];
    return {
      where: placeOfEntity(firewall),
      state: 'WARN',
      message,
      evidence,
      severity: 'low',
      detail: `senders of ${name}`,
    };
  });
}

// ---------------------------------------------------------------- inspection

function inspection(context: ControlContext, view: AzureView, firewall: Firewall): Judged[] {
  const policy = view.estate.firewallPolicies.find(({ key }) => key === firewall.policy);
  if (policy === undefined) {
    if (firewall.policy === undefined) return [judgeMode(firewall, firewall.threatIntel, THREATS)];
    const message = 'the policy of the firewall is not in the input';
    return [
      {
        where: placeOfEntity(firewall),
        state: 'UNKNOWN',
        message,
        evidence: [evidenceOfResource(firewall)],
        detail: 'inspection',
      },
    ];
  }
  return [
    judgeMode(policy, policy.threatIntel, THREATS),
    ...detection(context, policy),
    ...dnsProxy(view, firewall, policy),
  ];
}

function judgeMode(
  entity: Firewall | FirewallPolicy,
  mode: FirewallPolicy['intrusionDetection'],
  { detail, field, what }: Mode,
): Judged {
  const where = placeOfEntity(entity);
  const value = isUnsettled(mode) ? mode.expression : mode;
  const evidence = [{ object: entity.id, field, value, origin: entity.origin }];
  const place = { where, evidence, detail, severity: 'medium' } as const;
  if (isUnsettled(mode))
    return {
      ...place,
      state: 'UNKNOWN',
      message: `whether ${what} is on is an expression that the input does not settle`,
    };
  if (mode.toLowerCase() === 'off') return { ...place, state: 'WARN', message: `${what} is off` };
  return { ...place, state: 'PASS', message: `${what} is on (${mode})` };
}

/** Only the Premium tier has it. */
function detection(context: ControlContext, policy: FirewallPolicy): Judged[] {
  if (isUnsettled(policy.tier) || policy.tier.toLowerCase() === 'premium')
    return [judgeMode(policy, policy.intrusionDetection, INTRUSIONS)];
  const resource = resourceOf(context, policy.id);
  const evidence =
    resource === undefined ? [] : [evidenceOf(resource, settingAt(resource, 'properties', 'sku', 'tier'))];
  const message = `tier ${policy.tier} looks for no intrusions: Premium does`;
  return [
    { where: placeOfEntity(policy), state: 'WARN', message, evidence, severity: 'low', detail: INTRUSIONS.detail },
  ];
}

/** "Names in network rules need the DNS proxy": without it sender and firewall may mean different addresses. */
function dnsProxy(view: AzureView, firewall: Firewall, policy: FirewallPolicy): Judged[] {
  const { collections } = policyChain(view, firewall);
  const named = collections.flatMap(({ rules }) =>
    rules.filter((rule) => rule.kind === 'network' && rule.destinations.some(({ kind }) => kind === 'name')),
  );
  if (named.length === 0 || policy.dnsProxy === true) return [];
  const field = 'properties.dnsSettings.enableProxy';
  const evidence = [
    { object: policy.id, field, origin: policy.origin },
    { object: firewall.id, field: named[0]?.name ?? '', origin: firewall.origin },
  ];
  const place = { where: placeOfEntity(policy), evidence, detail: 'DNS proxy', severity: 'medium' } as const;
  if (isUnsettled(policy.dnsProxy))
    return [
      {
        ...place,
        state: 'UNKNOWN',
        message: 'whether the DNS proxy is on is an expression that the input does not settle',
      },
    ];
  return [{ ...place, state: 'WARN', message: 'network rules by name need the DNS proxy, which is off' }];
}

export const aznEgr002: Control = { data, assess, fix: fixOfFirewall };
