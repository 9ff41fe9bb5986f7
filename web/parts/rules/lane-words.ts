import type { RuleLane } from '#model/rulebook.ts';

const LAYERS: Readonly<Record<string, string>> = {
  mesh: 'mesh, at the proxy',
  pod: 'pod policy',
  host: 'node',
  'network-security': 'security groups',
  route: 'routes',
  firewall: 'firewall',
  service: 'front door',
};

/** `pod policy · Admin`: the enforcement point, and the tier of it where it says more. */
export function laneTitle({ layer, tier }: Pick<RuleLane, 'layer' | 'tier'>): string {
  const word = LAYERS[layer] ?? layer;
  return tier === '' || word.startsWith(tier) || tier === layer ? word : `${word} · ${tier}`;
}

/** How rules of the lane are put together, and what its end means. */
export function laneRule({ asked, onEnd }: Pick<RuleLane, 'asked' | 'onEnd'>, allowsOnly: boolean): string {
  const order = allowsOnly
    ? 'asked together: what one rule allows passes'
    : asked === 'together'
      ? 'each policy decides by its first rule that matches'
      : 'asked level by level: the first rule that matches decides';
  const end =
    onEnd === 'deny'
      ? 'whoever is isolated here and matched by nothing is denied'
      : 'what nothing matches goes on to the next lane';
  return `${order}; ${end}`;
}
