import { RE2JS } from 're2js';
import type { CiliumHeader, CiliumHttp, CiliumName, CiliumPorts } from '#model/cilium.ts';
import type { AskedRequest } from '#model/request.ts';
import { isPerhaps, type Question } from '../party.ts';

/** Whether ports are limited to some requests. */
export function looksInside({ http, dns, kafka, otherProtocol, serverNames }: CiliumPorts): boolean {
  return (http ?? dns ?? kafka ?? otherProtocol) !== undefined || serverNames.length > 0;
}

/** Without a request the connection passes. With one, what the ports are limited to must have it. */
export function requestPasses(question: Question, entry: CiliumPorts): boolean {
  const { request } = question;
  if (request === undefined) return true;
  if (entry.serverNames.length > 0 && !isPerhaps(question, 'the server name is one of those')) return false;
  if (entry.http !== undefined) return isHttp(question, request, entry.http);
  const { dns } = entry;
  if (dns !== undefined) {
    return request.kind === 'dns' && isSaid(question, 'host', (name) => isName(dns, name));
  }
  if (entry.kafka !== undefined) {
    return request.kind === 'kafka' && isPerhaps(question, 'the message is one of those');
  }
  return entry.otherProtocol === undefined || isPerhaps(question, 'the message is one of those');
}

function isHttp(question: Question, request: AskedRequest, rules: readonly CiliumHttp[]): boolean {
  return request.kind === 'http' && rules.some((rule) => httpMatches(question, request, rule));
}

/** All that a rule says; patterns are for the whole of the text. */
function httpMatches(question: Question, request: AskedRequest, rule: CiliumHttp): boolean {
  for (const part of ['method', 'path', 'host'] as const) {
    const pattern = rule[part];
    if (pattern === undefined) continue;
    const matches = (text: string) => RE2JS.compile(pattern).matches(text);
    if (!isSaid(question, part, matches)) return false;
  }
  return rule.headers.every((header) => hasHeader(question, request, header));
}

/** Headers that the question does not name are not sent. */
function hasHeader(question: Question, request: AskedRequest, { name, value, open }: CiliumHeader): boolean {
  if (open) return isPerhaps(question, `the header ${name} has the value that is wanted`);
  const own = request.headers.get(name.toLowerCase());
  return own !== undefined && (value === undefined || own === value);
}

/** What the request does not say may be so or not. */
function isSaid(question: Question, part: 'method' | 'path' | 'host', matches: (text: string) => boolean): boolean {
  const text = question.request?.[part];
  return text === undefined ? isPerhaps(question, `the request's ${part} is one of those`) : matches(text);
}

/** A star is any text within one label, alone any name at all; `**.` before a name is one label or more. */
function isName(names: readonly CiliumName[], text: string): boolean {
  const labels = text.toLowerCase().replace(/\.$/, '').split('.');
  return names.some((wanted) => {
    if ('name' in wanted) return wanted.name.toLowerCase().replace(/\.$/, '') === labels.join('.');
    if (wanted.pattern === '*') return true;
    return labelsMatch(wanted.pattern.toLowerCase().replace(/\.$/, '').split('.'), labels);
  });
}

function labelsMatch(patterns: readonly string[], labels: readonly string[]): boolean {
  const [pattern, ...rest] = patterns;
  if (pattern === undefined) return labels.length === 0;
  if (pattern === '**') return labels.some((_label, index) => labelsMatch(rest, labels.slice(index + 1)));
  const [label, ...more] = labels;
  return label !== undefined && labelMatches(pattern, label) && labelsMatch(rest, more);
}

function labelMatches(pattern: string, label: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === label;
  if (!label.startsWith(pattern.slice(0, star))) return false;
  const rest = pattern.slice(star + 1);
  for (let at = star; at <= label.length; at++) if (labelMatches(rest, label.slice(at))) return true;
  return false;
}
