import type { CiliumPolicy, CiliumRule } from '#model/cilium.ts';
import type { Question } from '../party.ts';
import { isOff, isOn, isSince } from './settings.ts';

/** Whether the agent takes a policy: any entry that it refuses takes the whole object out. */
export function isTaken(question: Question, { specs }: CiliumPolicy): boolean {
  const rules = specs.flatMap((spec) => [...spec.ingress, ...spec.ingressDeny, ...spec.egress, ...spec.egressDeny]);
  return rules.every((rule) => isTakenRule(question, rule));
}

function isTakenRule(question: Question, { peers, ports }: CiliumRule): boolean {
  if (peers?.kind === 'nodes' && !isOn(question, 'enable-node-selector-labels')) return false;
  const hasRequests = ports?.some(({ http, dns, kafka }) => (http ?? dns ?? kafka) !== undefined) ?? false;
  if (hasRequests && isOff(question, 'enable-l7-proxy')) return false;
  return peers?.kind !== 'services' || ports === undefined || isSince(question, 17);
}
