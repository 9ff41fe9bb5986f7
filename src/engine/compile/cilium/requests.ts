import { RE2JS } from 're2js';
import { escapeControl } from '#base/escape.ts';
import type { CiliumHeader, CiliumHttp, CiliumName, CiliumPorts } from '#model/cilium.ts';
import type { AskedRequest, RequestMatch } from '#model/request.ts';

type Answer = 'yes' | 'no' | 'perhaps';

/** The requests that an entry lets through; undefined where it lets all through. */
export function requestsOf(ports: CiliumPorts): readonly RequestMatch[] | undefined {
  const names = ports.serverNames.length === 0 ? undefined : serverNames(ports.serverNames);
  const inside = insideOf(ports);
  if (inside === undefined) return names === undefined ? undefined : [names];
  return names === undefined ? inside : inside.map((match) => both(names, match));
}

/** An empty list, or an entry that asks for nothing, lets every request of the protocol through. */
function insideOf({ http, dns, kafka, otherProtocol }: CiliumPorts): readonly RequestMatch[] | undefined {
  if (http !== undefined) return http.length === 0 || http.some(isAnything) ? undefined : http.map(httpMatch);
  if (dns !== undefined) return dns.length === 0 ? undefined : dns.map(dnsMatch);
  if (kafka !== undefined) {
    if (kafka.length === 0) return undefined;
    return kafka.map(({ topic, text }) => ({
      text,
      matches: (request) =>
        request.kind !== 'kafka' ? 'no' : topic === undefined ? 'perhaps' : exact(request.topic, topic),
    }));
  }
  return otherProtocol === undefined
    ? undefined
    : [{ text: `rules of ${escapeControl(otherProtocol)}`, matches: () => 'perhaps' }];
}

function isAnything({ method, path, host, headers }: CiliumHttp): boolean {
  return (method ?? path ?? host) === undefined && headers.length === 0;
}

/** Patterns are for the whole text (Envoy safe_regex, RE2). */
function httpMatch({ method, path, host, headers }: CiliumHttp): RequestMatch {
  const tests = [patternTest(method), patternTest(path), patternTest(host)] as const;
  const words = [method, `${host ?? ''}${path ?? ''}`, ...headers.map(headerText)].filter(
    (word) => word !== undefined && word !== '',
  );
  return {
    text: escapeControl(words.join(' ')),
    matches: (request) => {
      if (request.kind !== 'http') return 'no';
      return allOf([
        tests[0](request.method),
        tests[1](request.path),
        tests[2](request.host),
        ...headers.map((header) => headerAnswer(header, request)),
      ]);
    },
  };
}

function patternTest(pattern: string | undefined): (text: string | undefined) => Answer {
  if (pattern === undefined) return () => 'yes';
  const compiled = RE2JS.compile(pattern);
  return (text) => (text === undefined ? 'perhaps' : compiled.matches(text) ? 'yes' : 'no');
}

function headerText({ name, value }: CiliumHeader): string {
  return value === undefined ? `with header ${name}` : `with header ${name}: ${value}`;
}

/** Which headers a client sends is asked about in full where any is. */
function headerAnswer({ name, value, open }: CiliumHeader, { headers }: AskedRequest): Answer {
  const has = headers.get(name);
  if (open || (has === undefined && headers.size === 0)) return 'perhaps';
  if (has === undefined) return 'no';
  return value === undefined || has === value ? 'yes' : 'no';
}

function dnsMatch(name: CiliumName): RequestMatch {
  const text = 'name' in name ? name.name : name.pattern;
  return {
    text: `DNS ${escapeControl(text)}`,
    matches: ({ kind, host }) =>
      kind !== 'dns' ? 'no' : host === undefined ? 'perhaps' : matchesName(name, host) ? 'yes' : 'no',
  };
}

/** The server name of TLS is no part of a question; a request for another host most likely has another. */
function serverNames(names: readonly string[]): RequestMatch {
  return { text: `TLS server name ${names.map(escapeControl).join(' or ')}`, matches: () => 'perhaps' };
}

function both(a: RequestMatch, b: RequestMatch): RequestMatch {
  return { text: `${b.text}, ${a.text}`, matches: (request) => allOf([a.matches(request), b.matches(request)]) };
}

function allOf(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('perhaps') ? 'perhaps' : 'yes';
}

function exact(text: string | undefined, wanted: string): Answer {
  return text === undefined ? 'perhaps' : text === wanted ? 'yes' : 'no';
}

/** `*` is any characters of one label; `**.` in front is one or more labels; a lone `*` is every name (pkg/fqdn/matchpattern). */
export function matchesName(name: CiliumName, asked: string): boolean {
  const host = asked.toLowerCase().replace(/\.$/, '');
  if ('name' in name) return host === name.name;
  const { pattern } = name;
  if (pattern === '*') return true;
  if (pattern.startsWith('**.')) {
    const rest = pattern.slice(3).split('.');
    const labels = host.split('.');
    return labels.length > rest.length && labelsMatch(rest, labels.slice(labels.length - rest.length));
  }
  return labelsMatch(pattern.split('.'), host.split('.'));
}

function labelsMatch(patterns: readonly string[], labels: readonly string[]): boolean {
  return patterns.length === labels.length && patterns.every((pattern, index) => labelMatches(pattern, labels[index]!));
}

/** Parts between stars must follow each other: linear, first fit is as good as any. */
function labelMatches(pattern: string, label: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return label === pattern;
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!label.startsWith(first) || !label.endsWith(last) || label.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = label.indexOf(part, at);
    if (found < 0 || found + part.length > label.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
