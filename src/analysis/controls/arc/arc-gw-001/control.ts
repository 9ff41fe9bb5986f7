import type { ApplicationRule, Firewall, NetworkRule, RuleCollectionGroup } from '#model/azure/firewall.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { azTarget } from '../../az-command.ts';
import { evidenceOf, evidenceOfResource, isOn, placeOfResource, settingAt, unknownOf } from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { connectedClusters, withoutArc } from '../arc-clusters.ts';
import { widerThanArc } from './arc-names.ts';

const data: ControlData = {
  id: 'ARC-GW-001',
  title: 'Arc outbound endpoints are reduced to the required minimum (Arc gateway)',
  severity: 'low',
  rationale:
    'Agents of Azure Arc ask for many names, which tempts to allow whole domains. The gateway brings them down to a handful; without it the list of names has to be kept as narrow as the documented one.',
  evidence:
    'Of each connected cluster whether it uses the Arc gateway; rules of firewalls that let its names through, compared with the documented list, and whether they open TLS of the gateway.',
  states: [
    { state: 'PASS', when: 'the gateway is on, or rules of firewalls name what is documented and no more' },
    { state: 'WARN', when: 'a rule means more names than the documented one that it is for' },
    {
      state: 'FAIL',
      when: 'a rule allows every name or every address, or TLS of the gateway is opened on the way, which breaks it',
    },
    { state: 'UNKNOWN', when: 'the gateway is off and no firewall is in the input, or the setting is an expression' },
    { state: 'NA', when: 'Azure Arc connects no cluster of the input' },
  ],
  remedy: 'Use the Arc gateway and allow its names; without it allow the documented names one by one.',
  mappings: mappingsOf({
    'nist-800-190': ['4.4.2'],
    'nsa-cisa': ['network-separation-and-hardening'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-3', 'NS-7'],
    attack: ['T1048'],
    'azure-security-book': ['L14'],
    'azure-security-book-2024': ['L18'],
  }),
};

function assess(context: ControlContext): Assessment {
  const clusters = connectedClusters(context);
  return assessed(
    clusters.length === 0 ? [] : [...clusters.map((each) => judge(context, each)), ...openedTls(context, clusters)],
    withoutArc(context, 'by which names it leaves'),
    ['connected cluster or rule', 'connected clusters or rules'],
  );
}

function judge(context: ControlContext, resource: AzureResource): Judged {
  const setting = settingAt(resource, 'properties', 'gateway', 'enabled');
  const isGateway = isOn(setting, false);
  if (setting.state === 'unsettled') return unknownOf(resource, setting);
  const place = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)] };
  if (isGateway === true) return { ...place, state: 'PASS', message: 'the cluster leaves by the Arc gateway' };
  const { ruleCollectionGroups, firewalls } = context.snapshot.azure;
  const collections = [...ruleCollectionGroups, ...firewalls].flatMap((each) =>
    each.collections.map((collection) => ({ collection, id: each.id })),
  );
  const rules = collections
    .filter(({ collection }) => collection.action === 'allow')
    .flatMap(({ collection, id }) =>
      collection.rules.map((rule) => ({ rule, id, name: `${collection.name}/${rule.name}` })),
    );
  if (rules.length === 0)
    return {
      ...place,
      state: 'UNKNOWN',
      message: 'the cluster does not use the Arc gateway, and the firewall that it leaves by is not in the input',
    };
  const wide = rules.find(
    ({ rule }) =>
      (rule.kind === 'application' && rule.names.some((item) => item.kind === 'name' && item.name === '*')) ||
      isAnyAny(rule),
  );
  if (wide !== undefined) {
    const evidence = [...place.evidence, { object: wide.id, field: wide.rule.path, origin: wide.rule.origin }];
    return { ...place, state: 'FAIL', message: `rule ${quoted(wide.name)} lets everything out`, evidence };
  }
  const broad = rules.flatMap(({ rule, id, name }) =>
    rule.kind === 'application' ? widerThanArc(rule).map((text) => ({ text, rule, id, name })) : [],
  );
  if (broad.length > 0) {
    const names = [...new Set(broad.map(({ text }) => quoted(text)))].join(', ');
    const evidence = [
      ...place.evidence,
      ...broad.map(({ rule, id }) => ({ object: id, field: rule.path, origin: rule.origin })),
    ];
    return { ...place, state: 'WARN', message: `rules for ${names} mean more than what Azure Arc needs`, evidence };
  }
  const evidence = [...place.evidence, ...[...new Set(rules.map(({ id }) => id))].map((object) => ({ object }))];
  return { ...place, state: 'PASS', message: 'rules of the firewall name single endpoints', evidence };
}

function isAnyAny(rule: { readonly kind: string }): boolean {
  return (
    isNetworkRule(rule) &&
    rule.destinations.some(({ kind }) => kind === 'any') &&
    rule.ports.some((port) => port.kind === 'range' && port.from <= 1 && port.to === 65_535)
  );
}

function isNetworkRule(rule: { readonly kind: string }): rule is NetworkRule {
  return rule.kind === 'network';
}

/** "Names under gw.arc.azure.com must be exempt from the inspection of TLS." */
function openedTls({ snapshot }: ControlContext, clusters: readonly AzureResource[]): Judged[] {
  if (!clusters.some((each) => isOn(settingAt(each, 'properties', 'gateway', 'enabled'), false) === true)) return [];
  const { ruleCollectionGroups, firewalls } = snapshot.azure;
  const all: readonly (RuleCollectionGroup | Firewall)[] = [...ruleCollectionGroups, ...firewalls];
  return all.flatMap((holder) =>
    holder.collections.flatMap(({ rules }) =>
      rules.flatMap((rule): Judged[] => {
        if (rule.kind !== 'application' || rule.terminatesTls !== true || !meansGateway(rule)) return [];
        const message = `rule ${quoted(rule.name)} opens TLS of the Arc gateway, which breaks it`;
        return [
          {
            where: placeOfEntity(holder),
            state: 'FAIL',
            message,
            evidence: [{ object: holder.id, field: rule.path, origin: rule.origin }, evidenceOfResource(holder)],
            severity: 'medium',
            detail: rule.name,
          },
        ];
      }),
    ),
  );
}

function meansGateway({ names }: ApplicationRule): boolean {
  return names.some(
    (item) =>
      item.kind === 'name' &&
      /^(?:\*|\*\.(?:gw\.)?(?:arc\.)?azure\.com|\*\.com|[^*]+\.gw\.arc\.azure\.com)$/i.test(item.name),
  );
}

function fix({ snapshot }: ControlContext, { where, state }: Judged): Fix | undefined {
  const resource = snapshot.azure.resources.get(where.id);
  if (resource === undefined || (state !== 'FAIL' && state !== 'WARN')) return undefined;
  return {
    summary: 'leave by the Arc gateway',
    automatic: false,
    changes: [],
    steps: [
      'make an Arc gateway and allow its names in the firewall, without opening their TLS',
      `\`connectedk8s update ${azTarget(resource.id)} --gateway-resource-id GATEWAY\``,
      'then remove the wider rules; Container insights, Key Vault and Defender still need names of their own',
    ],
  };
}

export const arcGw001: Control = { data, assess, fix };
