import type { Direction } from '#model/resource.ts';
import { isNodeTraffic, isPerhaps, type PodParty, type Question } from '../party.ts';
import { onSameNode } from '../where.ts';
import { hostEndpointAllows } from './host.ts';
import { podLabels } from './labels.ts';
import { settingOf } from './settings.ts';
import { throughTiers } from './tiers.ts';

/** Whether Calico lets a connection through at one of its ends. */
export function calicoAllows(question: Question, direction: Direction): boolean {
  const subject = question.connection[direction === 'ingress' ? 'to' : 'from'];
  if (subject.kind === 'address') return true;
  if (isNodeTraffic(subject)) return hostEndpointAllows(question, direction);
  return subject.kind !== 'pod' || podAllows(question, subject, direction);
}

/** A pod that no policy speaks of has the profile of its namespace, which allows everything. */
function podAllows(question: Question, pod: PodParty, direction: Direction): boolean {
  const peer = question.connection[direction === 'ingress' ? 'from' : 'to'];
  const isOwnNode = isNodeTraffic(peer) && onSameNode(question);
  if (isOwnNode && direction === 'ingress') return true;
  if (throughTiers(question, { pod, labelOf: podLabels(question, pod) }, direction) === 'deny') return false;
  return !isOwnNode || nodeTakes(question);
}

/** What policy leaves of it a node takes from its own pods, as every way to install Calico has it, or as Felix is told. */
function nodeTakes(question: Question): boolean {
  const action = settingOf(question, 'to', 'endpointToHostAction') ?? 'Accept';
  return action === 'Accept' || (action === 'Return' && isPerhaps(question, 'a node takes what its own pods send it'));
}
