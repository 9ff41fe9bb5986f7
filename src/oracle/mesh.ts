import type { Direction } from '#model/resource.ts';
import { trafficPoint } from '#model/traffic.ts';
import { isTunnelled, istioAllows } from './istio/istio.ts';
import { isCarried, linkerdAllows } from './linkerd/linkerd.ts';
import type { Question } from './party.ts';

/** Where ambient's tunnel arrives. */
const HBONE = trafficPoint('TCP', 15008);
/** Where a proxy of Linkerd takes what another sends it. */
const LINKERD_INBOUND = trafficPoint('TCP', 4143);

/** Whether every mesh lets the connection through at one of its ends. */
export function meshesAllow(question: Question, direction: Direction): boolean {
  return istioAllows(question, direction) && linkerdAllows(question, direction);
}

/** The connection as pod policy sees it: the tunnel in place of what is in it. */
export function asSeenByPods(question: Question): Question {
  if (isTunnelled(question)) return seenAs(question, HBONE);
  return isCarried(question) ? seenAs(question, LINKERD_INBOUND) : question;
}

function seenAs(question: Question, traffic: number): Question {
  return { ...question, connection: { ...question.connection, traffic } };
}
