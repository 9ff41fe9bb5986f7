import { escapeControl } from '#base/escape.ts';
import { includes } from '#base/intervals.ts';
import type { Assessment, Evidence, Judged, Place } from '#model/control.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { dataStoresIn } from '../../../scan/data-stores.ts';
import { plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import { entrancesIn } from '../../shared.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { neededInto } from '../context-needs.ts';
import { portsText } from '../isolation.ts';
import { netWorld } from '../net-world.ts';
import { placeOfPolicy, policiesWritten } from '../policy-places.ts';
import { selectedOwners, type WideRule, wideRules } from './wide-rules.ts';

export function assess(context: ControlContext): Assessment {
  const written = policiesWritten(context);
  const wide = Map.groupBy(wideRules(netWorld(context)), ({ policy }) => keyOf(policy.ref));
  const places = written.flatMap((ref): Judged[] => {
    const where = placeOfPolicy(context, ref);
    const found = (wide.get(keyOf(ref)) ?? []).flatMap((rule) => judge(context, rule, where));
    return found.length > 0 ? once(found) : [passed(where, ref)];
  });
  return assessed(places, plain('NA', 'the input has no policy'), ['policy or rule', 'policies or rules']);
}

function keyOf({ kind, namespace, name }: Pick<PolicyRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

function passed(where: Place, ref: PolicyRef): Judged {
  const evidence: Evidence = { object: titleOf(ref), origin: ref.origin };
  return {
    where,
    state: 'PASS',
    message: `every rule of \`${escapeControl(ref.name)}\` names who and what`,
    evidence: [evidence],
  };
}

/** Of a policy in several specs, rules of one path are told once. */
function once(found: readonly Judged[]): Judged[] {
  return [...new Map(found.map((judged) => [judged.detail ?? '', judged])).values()];
}

function judge(context: ControlContext, wide: WideRule, where: Place): Judged[] {
  const { world } = netWorld(context).engine;
  const ids = selectedOwners(netWorld(context), wide.policy.subject.must).map((owner) => world.owners[owner]!.id);
  if (ids.length === 0 || isNeeded(context, wide, ids)) return [];
  const { policy, rule } = wide;
  const isSystem = ids.every((id) => isSystemNamespace(context, id.split('/')[0]!));
  const stake = atStake(context, ids);
  const state =
    wide.ports === 'most' && wide.peers !== 'whole private networks' && stake !== undefined && !isSystem
      ? 'FAIL'
      : 'WARN';
  return [
    {
      where,
      state,
      detail: rule.path,
      message: `\`${escapeControl(rule.path)}\` ${textOf(wide)}${state === 'FAIL' && stake !== undefined ? `, and is for ${stake}` : ''}`,
      evidence: [{ object: titleOf(policy.ref), field: rule.path, origin: rule.origin }],
      endpoints: ids,
      ...(state === 'WARN' && { severity: wide.ports === 'few' ? 'low' : 'medium' }),
    },
  ];
}

function textOf({ direction, peers, traffic }: WideRule): string {
  const ports = portsText(traffic);
  return direction === 'ingress' ? `lets in ${peers} on ${ports}` : `lets out to ${peers} on ${ports}`;
}

/**
 * Few ports towards many addresses are what NET-POL-006 judges; few ports for everybody are right where the input shows that
 * clients are not known: behind a load balancer, or a controller that is not in the input.
 */
function isNeeded(
  context: ControlContext,
  { direction, peers, ports, traffic }: WideRule,
  ids: readonly string[],
): boolean {
  if (ports !== 'few') return false;
  if (direction === 'egress') return true;
  return ids.every((id) =>
    neededInto(context, id).some(
      ({ from, ports: needed }) =>
        (from.kind === 'anyone' || (peers === 'any pod' && from.kind === 'pods' && from.namespace === undefined)) &&
        needed.some(({ protocol, port }) => includes(traffic, trafficPoint(protocol, port))),
    ),
  );
}

/** Why a rule for all traffic is worse there than elsewhere. */
function atStake(context: ControlContext, ids: readonly string[]): string | undefined {
  const stores = new Set(dataStoresIn(context));
  const store = ids.find((id) => stores.has(id));
  if (store !== undefined) return `the data store \`${escapeControl(store)}\``;
  const entrance = ids.find((id) => entrancesIn(context).has(id));
  return entrance === undefined ? undefined : `\`${escapeControl(entrance)}\`, which the internet reaches`;
}
