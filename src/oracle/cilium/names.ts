import type { CiliumPolicy } from '#model/cilium.ts';
import type { PodShape } from '#model/resource.ts';
import type { PodParty, Question } from '../party.ts';
import { isSpecSubject } from './subject.ts';
import { isTaken } from './validity.ts';

/**
 * Addresses of names are learnt from questions that a proxy sees: those of any pod with a rule about DNS, for all pods of
 * its node. Where no pod has one nothing is ever learnt.
 */
export function areNamesLearnt(question: Question): boolean {
  const { pods, workloads } = question.snapshot;
  const shapes = [
    ...pods.map(({ namespace, shape }) => ({ namespace, shape })),
    ...workloads.map(({ namespace, template }) => ({ namespace, shape: template })),
  ];
  return shapes.some((pod) => isAsking(question, pod));
}

function isAsking(question: Question, { namespace, shape }: { readonly namespace: string; readonly shape: PodShape }) {
  const from: PodParty = { kind: 'pod', namespace, shape, family: 4 };
  const asked = { ...question, connection: { ...question.connection, from } };
  const taken = question.snapshot.ciliumPolicies.filter((policy) => isTaken(question, policy));
  return taken.some((policy) =>
    policy.specs.some((spec) => hasDns(spec) && isSpecSubject(asked, { policy, spec, direction: 'egress' })),
  );
}

function hasDns({ egress }: CiliumPolicy['specs'][number]): boolean {
  return egress.some(({ ports }) => ports?.some(({ dns }) => dns !== undefined) === true);
}
