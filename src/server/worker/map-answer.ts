import { onlyPodPolicy } from '#analysis/analysis.ts';
import { withFrontDoors } from '#analysis/map/front-doors.ts';
import { mapOf } from '#analysis/map/map.ts';
import { scopeOf } from '#analysis/scope.ts';
import { escapeControl } from '#base/escape.ts';
import type { MapAnswer } from '#model/answers.ts';
import type { Material } from './material.ts';
import { type MapAsked, Refused } from './question.ts';

/** Who can reach whom, as `map` tells it. */
export function mapAnswer({ analysis }: Material, asked: MapAsked): MapAnswer {
  const { namespaces, protocols, fold, layer, ingress, encryption } = asked;
  const scope = scopeOf(protocols);
  if (scope === undefined) {
    const unknown = protocols.find((name) => scopeOf([name]) === undefined) ?? '';
    const near = ['tcp', 'udp', 'sctp', 'icmp', 'icmpv6', 'all'];
    throw new Refused('asked', `\`${escapeControl(unknown)}\` is not a protocol`, near);
  }
  const whole = layer === 'policy' ? onlyPodPolicy(analysis) : analysis;
  const map = mapOf(whole, { namespaces, scope, fold, encryption });
  return ingress && layer === undefined ? withFrontDoors(whole, map) : map;
}
