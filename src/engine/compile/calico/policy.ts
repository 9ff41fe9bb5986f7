import { type Bits, union } from '#base/bits.ts';
import type { CalicoPolicy } from '#model/calico.ts';
import type { Direction } from '#model/resource.ts';
import { ALL_TRAFFIC, NO_TRAFFIC } from '#model/traffic.ts';
import type { PolicyRef } from '#model/verdict.ts';
import type { PointSpan, Policy, Rule } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import type { Calico } from './context.ts';
import { subjectOf } from './entity.ts';
import { inNamespace } from './labels.ts';
import { compileRule } from './rule.ts';

/** One policy in one direction; undefined where its types leave the direction out. Every policy isolates whom it selects. */
export function compilePolicy(calico: Calico, policy: CalicoPolicy, direction: Direction): Policy | undefined {
  // A field that is not known may be what names the directions.
  if (policy.gaps.length === 0 && !policy.types.includes(direction)) return undefined;
  return policyWith(calico, policy, { direction, subject: subjectOf(calico, policy) });
}

export interface Given {
  readonly direction: Direction;
  readonly subject: PointSpan;
}

export function policyWith(calico: Calico, policy: CalicoPolicy, { direction, subject }: Given): Policy {
  const gap = policy.gaps[0];
  if (gap !== undefined) return anything(calico, policy);
  return {
    ref: refOf(policy),
    subject,
    isolates: true,
    rules: policy[direction].map((rule) => compileRule(calico, rule, { policy, direction })),
  };
}

/** A field of `spec` that is not known may change whom it is for and what it says. */
function anything(calico: Calico, policy: CalicoPolicy): Policy {
  const { world } = calico;
  const everyone = perhaps(world.everything, 'unread-field');
  const box = {
    peers: everyone,
    traffic: { must: NO_TRAFFIC, may: ALL_TRAFFIC },
    trafficDoubt: 'unread-field' as const,
  };
  const rule = (action: Rule['action']): Rule => ({ action, boxes: [box], path: 'spec', origin: policy.origin });
  return {
    ref: refOf(policy),
    subject: perhaps(everyoneFor(calico, policy), 'unread-field'),
    isolates: true,
    rules: [rule('allow'), rule('deny')],
  };
}

/** Pods of the policy's own namespace; where it is in none, all pods and all hosts. */
function everyoneFor({ world, index }: Calico, { namespace }: CalicoPolicy): Bits {
  return namespace === '' ? union(world.pods, world.hosts) : index.select(inNamespace(namespace)).maybe;
}

/** Kubernetes has a kind of the same name. */
export function refOf({ kind, namespace, name, origin }: CalicoPolicy): PolicyRef {
  return { kind: kind === 'NetworkPolicy' ? 'NetworkPolicy.projectcalico.org' : kind, namespace, name, origin };
}
