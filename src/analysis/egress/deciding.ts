import type { Engine } from '#engine/engine.ts';
import { explainEach, type LayerTrace } from '#engine/explain.ts';
import type { LayerName } from '#engine/form.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { AzureEvidence } from '#model/azure/fact.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { PolicyRef, Verdict } from '#model/verdict.ts';

/** A connection, as points of the world and a point of the traffic axis. */
export interface AskedPair {
  readonly from: number;
  readonly to: number;
  readonly traffic: number;
}

/** What decides a connection. */
export interface Deciding {
  readonly verdict: Verdict;
  readonly by: readonly AzureEvidence[];
  readonly reasons: readonly ReasonCode[];
  /** Layers of that verdict. */
  readonly layers: readonly LayerName[];
  /** Whether a rule denies it that somebody wrote, where it is denied: not only the end of a list. */
  readonly isExplicit: boolean;
}

/** The rules that decide at both ends: of a denied connection those that deny, of an unknown one those that leave it open. */
export function decidingOf(engine: Engine, { from, to, traffic }: AskedPair): Deciding {
  const said = [
    ...explainEach(engine.reach, { direction: 'egress', subject: from, peer: to, traffic }),
    ...explainEach(engine.reach, { direction: 'ingress', subject: to, peer: from, traffic }),
  ];
  const verdict =
    (['denied', 'unknown'] as const).find((each) => said.some(({ trace }) => trace.verdict === each)) ?? 'allowed';
  const own = said.filter(({ trace }) => trace.verdict === verdict);
  return {
    verdict,
    by: own.flatMap((each) => evidenceIn(engine.snapshot.azure, each)),
    reasons: [...new Set(own.flatMap(({ trace }) => trace.reasons))],
    layers: [...new Set(own.map(({ layer }) => layer))],
    isExplicit: own.some(({ trace }) =>
      trace.steps.some(({ decides, matches, rule }) => decides && matches === 'yes' && rule.action === 'deny'),
    ),
  };
}

function evidenceIn(estate: AzureEstate, { trace }: LayerTrace): AzureEvidence[] {
  const deciding = trace.steps.filter(
    ({ decides, matches }) => decides && (matches === 'yes' || trace.verdict === 'unknown'),
  );
  if (deciding.length > 0)
    return deciding.slice(0, MOST).map(({ rule }) => ({
      resource: resourceOf(estate, rule.policy),
      field: rule.path,
      value: rule.action,
      origin: rule.origin,
    }));
  return trace.isolatedBy.map((policy) => ({
    resource: resourceOf(estate, policy),
    value: 'no rule allows it',
    origin: policy.origin,
  }));
}

/** Of rules that leave something open there may be hundreds. */
const MOST = 5;

/** Its id in Azure; of a policy of the cluster `NetworkPolicy shop/web`. */
export function resourceOf(estate: AzureEstate, { kind, namespace, name, origin }: PolicyRef): string {
  const same = (
    list: readonly {
      readonly id: string;
      readonly name: string;
      readonly origin: { readonly line: number; readonly file: string };
    }[],
  ) =>
    list.find((each) => each.name === name && each.origin.line === origin.line && each.origin.file === origin.file)?.id;
  const id =
    kind === 'AzureFirewall'
      ? same(estate.firewalls)
      : kind === 'NetworkSecurityGroup'
        ? same(estate.securityGroups)
        : kind === 'Subnet' || kind === 'subnet'
          ? same(estate.subnets)
          : (same(estate.services) ?? same(estate.clusters));
  return id ?? `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}
