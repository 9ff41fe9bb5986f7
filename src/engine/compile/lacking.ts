import type { PolicyFeature } from '#model/profile.ts';
import type { Gap, LabelSelector, NetworkPolicy, NetworkPolicyRule } from '#model/resource.ts';

/**
 * A NetworkPolicy with a gap wherever it uses what an engine does not support: what the engine then does is not
 * documented, so what the rule or the policy is about is open.
 */
export function withGapsFor(lacks: readonly PolicyFeature[], policy: NetworkPolicy): NetworkPolicy {
  if (lacks.length === 0) return policy;
  const negative = lacks.includes('negative-selectors') && isNegative(policy.podSelector);
  return {
    ...policy,
    gaps: negative ? [...policy.gaps, gapAt('spec.podSelector', policy.podSelector)] : policy.gaps,
    ingress: policy.ingress.map((rule) => withRuleGaps(lacks, rule)),
    egress: policy.egress.map((rule) => withRuleGaps(lacks, rule)),
  };
}

function withRuleGaps(lacks: readonly PolicyFeature[], rule: NetworkPolicyRule): NetworkPolicyRule {
  return usesAny(lacks, rule) ? { ...rule, gaps: [...rule.gaps, gapAt(rule.path, rule)] } : rule;
}

function usesAny(lacks: readonly PolicyFeature[], { peers, ports }: NetworkPolicyRule): boolean {
  const used: Readonly<Record<PolicyFeature, () => boolean>> = {
    'named-ports': () => ports.some(({ port }) => typeof port === 'string'),
    sctp: () => ports.some(({ protocol }) => protocol === 'SCTP'),
    except: () => peers.some((peer) => peer.kind === 'ipBlock' && peer.except.length > 0),
    'negative-selectors': () =>
      peers.some(
        (peer) => peer.kind === 'pods' && (isNegative(peer.podSelector) || isNegative(peer.namespaceSelector)),
      ),
  };
  return lacks.some((feature) => used[feature]());
}

function isNegative(selector: LabelSelector | undefined): boolean {
  return selector?.requirements.some(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist') ?? false;
}

function gapAt(path: string, { origin }: Pick<Gap, 'origin'>): Gap {
  return { path, reason: 'engine-undefined', origin };
}
