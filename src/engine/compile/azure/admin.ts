import { isUnsettled } from '#model/azure/entity.ts';
import type { AdminCollection, AdminRule, Subnet } from '#model/azure/network.ts';
import type { Direction } from '#model/resource.ts';
import type { RuleAction } from '#model/verdict.ts';
import type { Box, Rule, Tier } from '../../form.ts';
import type { Azure } from './context.ts';
import { anyOf, boxesOfRule, doubtedBoxes, everythingBox } from './ends.ts';
import { levelOf, type Post } from './standing.ts';
import { isKey } from './view.ts';

const ACTIONS = { allow: 'pass', 'always-allow': 'allow', deny: 'deny' } as const satisfies Record<string, RuleAction>;
const EVERY_ACTION: readonly RuleAction[] = ['deny', 'allow', 'pass'];

/**
 * Security admin rules of a network manager, asked before every security group: Deny ends there, AlwaysAllow goes past the
 * groups, Allow goes on to them. Only what was put into force in the network's region counts, and the input must say so.
 * Rules of all collections are asked together, by priority.
 */
export function adminTier(azure: Azure, direction: Direction): Tier | undefined {
  const { adminCollections } = azure.view.estate;
  if (adminCollections.length === 0) return undefined;
  const boxes = new Map<AdminRule, readonly Box[]>();
  const postAt = (subnet: Subnet): Post | undefined => {
    const collections = adminCollections.flatMap((collection) => {
      const certainty = both(isFor(azure, collection, subnet), isInForce(azure, collection, subnet));
      return certainty === 'no' ? [] : [{ collection, isCertain: certainty === 'yes' }];
    });
    const [first] = collections;
    if (first === undefined) return undefined;
    const { name, origin } = first.collection;
    const rules = collections.flatMap((each) => rulesOf(azure, each, direction));
    if (rules.length === 0 && collections.every(({ collection }) => collection.unsettled.length === 0))
      return undefined;
    return {
      ref: { kind: 'SecurityAdminRules', namespace: '', name, origin },
      rules: [
        ...collections.flatMap(({ collection }) => unreadRules(azure, collection)),
        ...inOrder(azure, rules, boxes, direction),
        { action: 'pass', boxes: [everythingBox(azure)], path: 'no admin rule', origin },
      ],
    };
  };
  const level = levelOf(azure, postAt, { free: 'pass', open: ['pass'], exempts: true });
  if (level === undefined) return undefined;
  return { name: 'security admin rules', levels: [level], onEnd: 'pass', openOrder: 'node-placement' };
}

type Certainty = 'yes' | 'no' | 'perhaps';

function both(a: Certainty, b: Certainty): Certainty {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'perhaps';
}

// ---------------------------------------------------------------- for whom, and whether in force

/** A group that is filled by policy, or that the input does not have, may have any subnet. */
function isFor({ view }: Azure, { groups }: AdminCollection, { key, network }: Subnet): Certainty {
  const found = groups.map((ref): Certainty => {
    const group = view.estate.networkGroups.find((each) => each.key === ref);
    if (group === undefined) return 'perhaps';
    if (group.members.some((member) => member === key || member === network)) return 'yes';
    return group.isOpen || group.members.some((member) => !isKey(member)) ? 'perhaps' : 'no';
  });
  return found.includes('yes') ? 'yes' : found.includes('perhaps') ? 'perhaps' : 'no';
}

/**
 * A configuration does something where its manager committed it to the region of the network; of several commits there
 * the last one counts, and which one that is the input does not say. Without any commit in the input it is open.
 */
function isInForce({ view }: Azure, { key }: AdminCollection, { network }: Subnet): Certainty {
  const configuration = key.split('/rulecollections/')[0]!;
  const manager = key.split('/securityadminconfigurations/')[0]!;
  const commits = view.estate.adminCommits.filter(
    (commit) => commit.kind.toLowerCase() === 'securityadmin' && commit.key.startsWith(`${manager}/`),
  );
  const region = view.networks.get(network)?.location;
  if (commits.length === 0 || region === undefined) return 'perhaps';
  const there = commits.filter(({ regions }) => regions.includes(region));
  const including = there.filter(({ configurations }) => configurations.includes(configuration));
  if (including.length > 0 && including.length === there.length) return 'yes';
  const isOpen = there.some(({ configurations }) => configurations.some((each) => !isKey(each)));
  return including.length > 0 || isOpen ? 'perhaps' : 'no';
}

// ---------------------------------------------------------------- rules in order

interface Placed {
  readonly rule: AdminRule;
  readonly isCertain: boolean;
}

function rulesOf(
  { view }: Azure,
  { collection, isCertain }: { readonly collection: AdminCollection; readonly isCertain: boolean },
  direction: Direction,
): Placed[] {
  return view.estate.adminRules
    .filter(
      (rule) => rule.collection === collection.key && (isUnsettled(rule.direction) || rule.direction === direction),
    )
    .map((rule) => ({
      rule,
      isCertain: isCertain && ![rule.direction, rule.priority, rule.access].some(isUnsettled),
    }));
}

function unreadRules(azure: Azure, { unsettled, origin }: AdminCollection): Rule[] {
  return unsettled.length === 0 ? [] : anyOf(azure, EVERY_ACTION, { origin, reason: 'cloud-expression' });
}

/** By priority. Which of several of one priority comes first is open. */
// biome-ignore lint/complexity/useMaxParams: one list, and what is remembered across subnets
function inOrder(
  azure: Azure,
  placed: readonly Placed[],
  known: Map<AdminRule, readonly Box[]>,
  direction: Direction,
): Rule[] {
  const placeOf = ({ priority }: AdminRule) => (isUnsettled(priority) ? 0 : priority);
  const ordered = [...placed].sort((a, b) => placeOf(a.rule) - placeOf(b.rule));
  return ordered.flatMap(({ rule, isCertain }) => {
    const { name, access, priority, origin } = rule;
    const isAlone = ordered.every((other) => placeOf(other.rule) !== placeOf(rule) || other.rule.access === access);
    let boxes = known.get(rule);
    if (boxes === undefined) {
      boxes = boxesOfRule(azure, rule, { direction });
      known.set(rule, boxes);
    }
    const shown =
      isCertain && isAlone ? boxes : doubtedBoxes(azure, boxes, isAlone ? 'cloud-expression' : 'equal-priority');
    const actions = isUnsettled(access) ? EVERY_ACTION : [ACTIONS[access]];
    const path = isUnsettled(priority) ? name : `${name} (${priority})`;
    return actions.map((action): Rule => ({ action, boxes: shown, path, origin }));
  });
}
