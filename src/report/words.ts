import { escapeControl } from '#base/escape.ts';
import type { Assumption, EngineEntry, TrafficEntry, TrafficList } from '#model/answers.ts';
import type { Origin } from '#model/origin.ts';
import { REASONS, type ReasonCode } from '#model/reason.ts';
import type { PathVerdict } from '#model/verdict.ts';
import type { Tone } from './paint.ts';

/** Beside every colour, because colour alone says nothing to many readers. */
export const MARKS: Readonly<Record<PathVerdict, string>> = { allowed: '✓', denied: '✕', unknown: '?', mixed: '±' };

export const VERDICT_TONES: Readonly<Record<PathVerdict, Tone>> = {
  allowed: 'good',
  denied: 'bad',
  unknown: 'unsure',
  mixed: 'unsure',
};

/** `TCP 80,443; UDP 53`, `all`, or nothing for an empty list. Safe to print. */
export function trafficText(list: TrafficList): string {
  if (list === 'all') return 'all';
  const whole = list.filter(({ ports }) => ports === '1-65535').map(({ protocol }) => protocol);
  if (list.length === 1 || whole.length < 2) return list.map(entryText).join('; ');
  const rest = list.filter(({ ports }) => ports !== '1-65535').map(entryText);
  return [`${whole.map(escapeControl).join(' ')}, all ports`, ...rest].join('; ');
}

/** `TCP 80,443`; a whole protocol is `TCP, all ports`, and one known by number only is `protocol 50`. */
export function entryText(entry: TrafficEntry): string {
  const protocol = escapeControl(entry.protocol);
  if (/^\d+$/.test(protocol)) return `protocol ${protocol}`;
  if (entry.ports === undefined) return protocol;
  return entry.ports === '1-65535' ? `${protocol}, all ports` : `${protocol} ${escapeControl(entry.ports)}`;
}

/** `3 of 31 connections, the others left out` */
export function filteredText(shown: number, all: string): string {
  return `${shown} of ${all}, the others left out`;
}

export function isNothing(list: TrafficList): boolean {
  return list !== 'all' && list.length === 0;
}

/** `TCP 5432`, or the protocol alone where no port was asked about. */
export function askedText(asked: { readonly protocol: string; readonly port?: number }): string {
  return entryText({ protocol: asked.protocol, ...(asked.port !== undefined && { ports: `${asked.port}` }) });
}

/** `file:line`, or nothing for what no input states. */
export function originText(origin: Origin | undefined): string {
  if (origin === undefined || origin.file === '') return '';
  return origin.line > 0 ? `${escapeControl(origin.file)}:${origin.line}` : escapeControl(origin.file);
}

/** `NetworkPolicy shop/web`; cluster-scoped kinds have no namespace. */
export function objectText(object: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  return escapeControl(`${object.kind} ${name}`);
}

/** `egress of shop/web`: the layer in words, and whose it is. */
export function layerText(layer: string, at: string): string {
  const word = LAYERS[layer] ?? escapeControl(layer);
  return `${word} ${escapeControl(at)}`;
}

const LAYERS: Readonly<Record<string, string>> = {
  service: 'service',
  'pod-egress': 'egress of',
  'pod-ingress': 'ingress of',
  'mesh-egress': 'mesh, out of',
  'mesh-ingress': 'mesh, into',
  'host-egress': 'node, out of',
  'host-ingress': 'node, into',
  translation: 'address of',
  entrance: 'entrance',
  waf: 'web application firewall of',
  'network-security-egress': 'security groups, out of',
  'network-security-ingress': 'security groups, into',
  'route-egress': 'routes from',
  'firewall-egress': 'firewall, from',
  'firewall-ingress': 'firewall',
  'service-ingress': 'front door of',
};

/** `only for GET /orders/*`, `not for DELETE`, `seen here as HBONE, TCP 15008` */
export function requestTexts({ conditions = [], exceptions = [], seenAs }: Requests): string[] {
  return [
    ...(conditions.length > 0 ? [`only for ${conditions.map(escapeControl).join('; or for ')}`] : []),
    ...(exceptions.length > 0 ? [`not for ${exceptions.map(escapeControl).join('; nor for ')}`] : []),
    ...(seenAs === undefined ? [] : [`seen here as ${escapeControl(seenAs)}`]),
  ];
}

interface Requests {
  readonly conditions?: readonly string[];
  readonly exceptions?: readonly string[];
  readonly seenAs?: string;
}

export function reasonTexts(reasons: readonly ReasonCode[]): string[] {
  return reasons.map((reason) => `${reason}: ${REASONS[reason]}`);
}

export function engineText(engine: EngineEntry): string {
  return `${engine.profile} (${escapeControl(engine.why)})`;
}

export function assumptionText(assumption: Assumption): string {
  return `${escapeControl(assumption.text)} (${escapeControl(assumption.code)})`;
}

/** `1 policy`, `3 policies`: the plural is given where adding an s is not enough. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
