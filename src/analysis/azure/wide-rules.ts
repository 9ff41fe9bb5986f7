import { wholeFamily } from '#base/address.ts';
import { includes } from '#base/intervals.ts';
import { addressReaderOf } from '#engine/compile/azure/address-items.ts';
import { firewallTraffic } from '#engine/compile/azure/firewall-rule.ts';
import { policyChain } from '#engine/compile/azure/firewall-rules.ts';
import { isEveryPort } from '#engine/compile/azure/traffic.ts';
import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { AddressItem } from '#model/azure/entity.ts';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { ApplicationRule, Firewall, NetworkRule, RuleCollection } from '#model/azure/firewall.ts';
import { trafficPoint } from '#model/traffic.ts';
import { clusterSubnets } from './bypasses.ts';
import { factsOf } from './evidence.ts';

const SHADOWS = 'Azure Firewall docs: network rules are asked before application rules';
const everything = factsOf('firewall-rule-allows-everything', 'high', 'AKS docs: limit egress with Azure Firewall');
const shadow = factsOf('firewall-network-rule-shadows-names', 'high', SHADOWS);
const cloud = factsOf(
  'rule-allows-azure-cloud',
  'medium',
  'Azure docs: service tags, AzureCloud has machines of other customers',
);
const names = factsOf(
  'firewall-rule-allows-every-name',
  'high',
  'Azure Firewall docs: `*` in application rules is any name',
);
const security = factsOf('security-rule-allows-everything', 'medium', 'Azure docs: network security groups');

/** Rules of firewalls and security groups around the cluster that are wider than anything needs. */
export function wideRuleFacts(view: AzureView): readonly AzureFact[] {
  return [...view.firewalls.flatMap((firewall) => firewallFacts(view, firewall)), ...securityFacts(view)];
}

function firewallFacts(view: AzureView, firewall: Firewall): AzureFact[] {
  const { collections } = policyChain(view, firewall);
  const allowing = collections.filter(({ action }) => action === 'allow');
  const hasNames = allowing.some(({ rules }) => rules.some(({ kind }) => kind === 'application'));
  return allowing.flatMap((collection) =>
    collection.rules.flatMap((rule): AzureFact[] => {
      const place: Place = { firewall, collection, hasNames };
      if (rule.kind === 'network') return networkFacts(view, rule, place);
      return rule.kind === 'application' ? applicationFacts(rule, place) : [];
    }),
  );
}

interface Place {
  readonly firewall: Firewall;
  readonly collection: RuleCollection;
  /** Whether application rules come after it. */
  readonly hasNames: boolean;
}

const WEB = [trafficPoint('TCP', 443), trafficPoint('TCP', 80)];

function networkFacts(view: AzureView, rule: NetworkRule, place: Place): AzureFact[] {
  const evidence = [evidenceOf(rule, place)];
  const name = `${place.collection.name}/${rule.name}`;
  const tags = rule.destinations.filter(isAzureCloud).map((item) => (item.kind === 'tag' ? item.tag : ''));
  const clouds = tags.map((tag) => cloud('FAIL', `network rule ${name} allows all of ${tag}`, evidence));
  if (!isEverywhere(view, rule.destinations)) return clouds;
  const { must } = firewallTraffic(rule);
  const all = isEveryPort(rule.ports)
    ? [everything('FAIL', `network rule ${name} allows every port of every address`, evidence)]
    : [];
  const web = place.hasNames && WEB.some((point) => includes(must, point));
  const shadows = web
    ? [
        shadow(
          'FAIL',
          `network rule ${name} lets web traffic to every address pass before any name is looked at`,
          evidence,
        ),
      ]
    : [];
  return [...clouds, ...all, ...shadows];
}

function applicationFacts(rule: ApplicationRule, place: Place): AzureFact[] {
  const isOpen = rule.names.some((item) => item.kind === 'name' && item.name === '*');
  const name = `${place.collection.name}/${rule.name}`;
  return isOpen ? [names('FAIL', `application rule ${name} allows every name`, [evidenceOf(rule, place)])] : [];
}

function evidenceOf(rule: NetworkRule | ApplicationRule, { firewall, collection }: Place): AzureEvidence {
  return { resource: firewall.id, field: `${collection.name}/${rule.name}`, origin: rule.origin };
}

function isAzureCloud(item: AddressItem): boolean {
  return item.kind === 'tag' && /^azurecloud(?:\.|$)/i.test(item.tag);
}

function isEverywhere(view: AzureView, items: readonly AddressItem[]): boolean {
  const { must } = addressReaderOf(view).ranges(items);
  const whole = wholeFamily(4);
  return must.some(({ family, lo, hi }) => family === 4 && lo === whole.lo && hi === whole.hi);
}

/** The default rules let everything out to the internet: a rule that does so too matters where a denial comes after it. */
function securityFacts({ securityGroups, ...view }: AzureView): AzureFact[] {
  const used = new Set(
    clusterSubnets({ securityGroups, ...view })
      .map(({ securityGroup }) => securityGroup)
      .filter(isKey),
  );
  return [...used].flatMap((key) => {
    const group = securityGroups.get(key);
    const rules = (group?.rules ?? []).filter(({ direction }) => direction === 'egress');
    return rules.flatMap((rule) => {
      const evidence = [{ resource: rule.id, field: rule.path, origin: rule.origin }];
      if (rule.access !== 'allow') return [];
      const later = rules.some(({ access, priority }) => access === 'deny' && Number(priority) > Number(rule.priority));
      const wide = rule.destinations.some(
        (item) =>
          item.kind === 'any' || (item.kind === 'tag' && item.tag.toLowerCase() === 'internet') || isWhole(item),
      );
      const clouds = rule.destinations.filter(isAzureCloud);
      return [
        ...(wide && later && isEveryPort(rule.destinationPorts)
          ? [
              security(
                'FAIL',
                `rule ${rule.name} of ${group?.name ?? ''} allows everything out, before rules that deny`,
                evidence,
              ),
            ]
          : []),
        ...(clouds.length > 0 && later
          ? [cloud('FAIL', `rule ${rule.name} of ${group?.name ?? ''} allows all of AzureCloud`, evidence)]
          : []),
      ];
    });
  });
}

function isWhole(item: AddressItem): boolean {
  return item.kind === 'range' && item.range.lo === 0n && item.range.hi >= 0xffff_ffffn;
}
