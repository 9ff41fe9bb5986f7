import type { Direction } from '#model/resource.ts';
import { trafficPoint } from '#model/traffic.ts';
import { isTunnelled, istioAllows } from './istio/istio.ts';
import { waypointAllows, waypointOf } from './istio/waypoint.ts';
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

/** A connection that goes through a pod on its way, as two. */
export interface Detour {
  /** From the client to the waypoint, as pod policy sees it. */
  readonly first: Question;
  /** From the waypoint to the destination. */
  readonly second: Question;
  /** Whether the pod of the waypoint is in the input. */
  readonly isKnown: boolean;
  /** Whether the waypoint lets the client through. */
  allows(): boolean;
}

/** Undefined where the connection goes straight to its destination. */
export function detourOf(question: Question): Detour | undefined {
  const waypoint = waypointOf(question);
  if (waypoint === undefined) return undefined;
  const { pod, isKnown } = waypoint;
  const { connection } = question;
  return {
    first: { ...question, connection: { ...connection, to: pod, traffic: HBONE } },
    second: { ...question, connection: { ...connection, from: pod } },
    isKnown,
    allows: () => waypointAllows(question, waypoint),
  };
}
