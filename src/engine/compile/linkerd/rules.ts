import { NO_ORIGIN } from '#model/origin.ts';
import type { RequestMatch } from '#model/request.ts';
import { NO_TRAFFIC } from '#model/traffic.ts';
import type { Box, Rule } from '../../form.ts';

export interface At {
  readonly path: string;
  readonly origin: Rule['origin'];
}

export function ruleOf(action: Rule['action'], boxes: readonly Box[], { path, origin }: At): Rule {
  return { action, boxes, path, origin };
}

/** Of what stands in no document. */
export function unwritten(path: string): At {
  return { path, origin: NO_ORIGIN };
}

export function perhapsBox(box: Box): Box {
  return { ...box, traffic: { must: NO_TRAFFIC, may: box.traffic.may }, trafficDoubt: 'unread-field' };
}

/** The same for some requests alone. */
export function limit(boxes: readonly Box[], requests: readonly RequestMatch[]): Box[] {
  return boxes.flatMap((box) => requests.map((request) => ({ ...box, request })));
}
