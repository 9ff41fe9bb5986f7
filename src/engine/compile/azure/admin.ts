import { isEmpty } from '#base/bits.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { AdminRule } from '#model/azure/network.ts';
import type { Direction } from '#model/resource.ts';
import type { RuleAction } from '#model/verdict.ts';
import type { Box, Policy, Rule, Tier } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import type { Azure } from './context.ts';
import { boxesOf, either } from './ends.ts';
import { standingIn } from './standing.ts';
import { ruleTraffic, withSourcePorts } from './traffic.ts';
import { isKey } from './view.ts';

const ACTIONS = { allow: 'pass', 'always-allow': 'allow', deny: 'deny' } as const satisfies Record<string, RuleAction>;

/**
 * Security admin rules of a network manager, asked before every security group: Deny ends there, AlwaysAllow goes past the
 * groups, Allow goes on to them. Only what was put into force in the network's region counts, and the input must say so.
 */
export function adminTier(azure: Azure, direction: Direction): Tier | undefined {
  const { view } = azure;
  const collections = view.estate.adminCollections;
  const policies = collections.flatMap((collection): Policy[] => {
    const subnets = [...view.subnets.values()].filter(({ key, network }) =>
      collection.groups.some((group) => isMember(azure, group, [key, network])),
    );
    const rules = view.estate.adminRules.filter(
      (rule) => rule.collection === collection.key && rule.direction === direction,
    );
    if (subnets.length === 0 || rules.length === 0) return [];
    const subject = unionOf(subnets.map((subnet) => standingIn(azure, subnet)));
    const inForce = isInForce(azure, collection.key);
    if (isEmpty(subject.may) || inForce === 'no') return [];
    const ordered = [...rules].sort((a, b) => Number(a.priority) - Number(b.priority));
    const ref = { kind: 'SecurityAdminRules', namespace: '', name: collection.name, origin: collection.origin };
    const compiled =
      inForce === 'yes' && !rules.some(({ priority, access }) => isUnsettled(priority) || isUnsettled(access))
        ? ordered.map((rule) => compileRule(azure, rule, direction))
        : either(azure, collection.origin, 'cloud-expression');
    return [{ ref, subject, isolates: false, rules: compiled }];
  });
  if (policies.length === 0) return undefined;
  return { name: 'security admin rules', levels: [policies], onEnd: 'pass' };
}

function isMember({ view }: Azure, group: unknown, keys: readonly string[]): boolean {
  const found = view.estate.networkGroups.find(({ key }) => key === group);
  return found?.members.some((member) => isKey(member) && keys.includes(member)) ?? false;
}

/** A configuration without a commit in the region of the networks does nothing; without any commit in the input it is open. */
function isInForce({ view }: Azure, collection: string): 'yes' | 'no' | 'perhaps' {
  const configuration = collection.split('/rulecollections/')[0]!;
  const commits = view.estate.adminCommits.filter(({ kind }) => kind.toLowerCase() === 'securityadmin');
  if (commits.length === 0) return 'perhaps';
  const regions = [...view.own].flatMap((key) => view.networks.get(key)?.location ?? []);
  const there = commits.filter((commit) => commit.regions.some((region) => regions.includes(region)));
  return there.some(({ configurations }) => configurations.includes(configuration)) ? 'yes' : 'no';
}

function compileRule(azure: Azure, rule: AdminRule, direction: Direction): Rule {
  const { reader } = azure;
  const { doubt, ...traffic } = withSourcePorts(ruleTraffic(rule.protocol, rule.destinationPorts), rule.sourcePorts);
  const ends = {
    sources: reader.ranges(rule.sources),
    destinations: reader.ranges(rule.destinations),
    isTagged: false,
  };
  const boxes = boxesOf(azure, ends, direction).map(
    (box): Box => ({ ...box, traffic, ...(doubt !== undefined && { trafficDoubt: doubt }) }),
  );
  const action = isUnsettled(rule.access) ? 'deny' : ACTIONS[rule.access];
  return { action, boxes, path: `${rule.name} (${rule.priority})`, origin: rule.origin };
}
