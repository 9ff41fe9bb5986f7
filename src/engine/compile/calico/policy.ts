import { union } from '#base/bits.ts';
import type { CalicoPolicy } from '#model/calico.ts';
import type { Direction } from '#model/resource.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { exactly, type PointSpan, type Policy, type Rule } from '../../form.ts';
import { perhaps, within } from '../../spans.ts';
import type { Calico } from './context.ts';
import { podsWhere, subjectOf } from './entity.ts';
import { inNamespace } from './expressions.ts';
import { compileRule, unread } from './rule.ts';

/** One policy in one direction; undefined where its types leave the direction out. Every policy isolates whom it selects. */
export function compilePolicy(calico: Calico, policy: CalicoPolicy, direction: Direction): Policy | undefined {
  if (policy.gaps.length > 0) return anything(calico, policy);
  if (!policy.types.includes(direction)) return undefined;
  return policyWith(calico, policy, { direction, subject: subjectOf(calico, policy) });
}

export interface Given {
  readonly direction: Direction;
  readonly subject: PointSpan;
}

export function policyWith(calico: Calico, policy: CalicoPolicy, { direction, subject }: Given): Policy {
  if (policy.gaps.length > 0) return anything(calico, policy);
  return {
    ref: refOf(policy),
    subject,
    isolates: true,
    rules: policy[direction].map((rule) => compileRule(calico, rule, { policy, direction })),
  };
}

/** A field of `spec` that is not known may change whom it is for, in which direction, and what it says. */
function anything(calico: Calico, policy: CalicoPolicy): Policy {
  const { world } = calico;
  const reason = policy.gaps[0]?.reason ?? 'unread-field';
  const box = unread(calico, reason);
  const rule = (action: Rule['action']): Rule => ({ action, boxes: [box], path: 'spec', origin: policy.origin });
  const near =
    policy.namespace === ''
      ? exactly(union(world.pods, world.hosts))
      : within(podsWhere(calico, inNamespace(policy.namespace)), world.pods);
  return {
    ref: refOf(policy),
    subject: perhaps(near.may, reason),
    isolates: true,
    rules: [rule('allow'), rule('deny'), rule('pass')],
  };
}

/** Kubernetes has a kind of the same name. */
export function refOf({ kind, namespace, name, origin }: CalicoPolicy): PolicyRef {
  return { kind: kind === 'NetworkPolicy' ? 'NetworkPolicy.projectcalico.org' : kind, namespace, name, origin };
}
