import { escapeControl } from '#base/escape.ts';
import type { PathNormalization } from '#model/istio.ts';
import type { AskedRequest, RequestMatch } from '#model/request.ts';
import { anyOf, wildcardOf } from './identities.ts';

/** One field of a rule that looks into the request. */
export interface RequestCondition {
  readonly kind: 'method' | 'path' | 'host' | 'header' | 'opaque';
  /** Of a header, or of an attribute that no question tells: `request.auth.principal`. */
  readonly name: string;
  readonly values: readonly string[];
  readonly not: readonly string[];
}

type Answer = 'yes' | 'no' | 'perhaps';

/** All conditions together; undefined where there are none: every request. */
export function requestOf(
  conditions: readonly RequestCondition[],
  normalization: PathNormalization,
): RequestMatch | undefined {
  if (conditions.length === 0) return undefined;
  const tests = conditions.map((condition) => testOf(condition, normalization));
  return {
    text: escapeControl(conditions.map(textOf).join(', ')),
    matches: (request) => allOf(tests.map((test) => test(request))),
  };
}

function allOf(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('perhaps') ? 'perhaps' : 'yes';
}

function textOf({ kind, name, values, not }: RequestCondition): string {
  const noun = kind === 'header' ? `header ${name}` : kind === 'opaque' ? name : kind;
  const parts = [
    ...(values.length > 0 ? [`${noun} ${values.join(' or ')}`] : []),
    ...(not.length > 0 ? [`${noun} not ${not.join(' or ')}`] : []),
  ];
  return parts.join(', ');
}

function testOf(condition: RequestCondition, normalization: PathNormalization): (request: AskedRequest) => Answer {
  const { kind, values, not } = condition;
  if (kind === 'opaque') return () => 'perhaps';
  const positive = values.map((value) => valueTest(kind, value));
  const negative = not.map((value) => valueTest(kind, value));
  return (request) => {
    const text = request.kind === 'http' ? textIn(request, condition, normalization) : undefined;
    if (text === undefined) return 'perhaps';
    const some = positive.length === 0 ? 'yes' : anyOf(positive.map((test) => (test(text) ? 'yes' : 'no')));
    const none = negative.some((test) => test(text)) ? 'no' : 'yes';
    return allOf([some, none]);
  };
}

/** What the request has; undefined where the question does not say. Hosts compare without regard to case. */
function textIn(request: AskedRequest, { kind, name }: RequestCondition, normalization: PathNormalization) {
  switch (kind) {
    case 'method':
      return request.method;
    case 'host':
      return request.host?.toLowerCase();
    case 'header':
      return request.headers.get(name.toLowerCase());
    case 'path':
      return request.path === undefined ? undefined : normalized(request.path, normalization);
    case 'opaque':
      return undefined;
  }
}

function valueTest(kind: RequestCondition['kind'], value: string): (text: string) => boolean {
  if (kind === 'host') return wildcardOf(value.toLowerCase());
  return kind === 'path' && /\{\*\*?\}/.test(value) ? templateOf(value) : wildcardOf(value);
}

/** `{*}` is one segment that is not empty, `{**}` any number of characters (Envoy's URI template matcher). */
function templateOf(template: string): (path: string) => boolean {
  const wanted = template.split('/');
  const any = wanted.indexOf('{**}');
  const head = any < 0 ? wanted : wanted.slice(0, any);
  const tail = any < 0 ? [] : wanted.slice(any + 1);
  return (path) => {
    const segments = path.split('/');
    if (any < 0 ? segments.length !== head.length : segments.length <= head.length + tail.length) return false;
    const end = segments.slice(segments.length - tail.length);
    return head.every((own, i) => fits(own, segments[i]!)) && tail.every((own, i) => fits(own, end[i]!));
  };
}

function fits(wanted: string, segment: string): boolean {
  return wanted === '{*}' ? segment !== '' : wanted === segment;
}

const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/** As proxies normalise a path before they compare it (MeshConfig `pathNormalization`). */
function normalized(path: string, normalization: PathNormalization): string {
  if (normalization === 'NONE') return path;
  let text = path.replaceAll('\\', '/');
  text = text.replace(/%([0-9a-fA-F]{2})/g, (escape, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    const slash = normalization === 'DECODE_AND_MERGE_SLASHES' && (character === '/' || character === '\\');
    if (slash) return '/';
    return UNRESERVED.test(character) ? character : escape;
  });
  if (normalization !== 'BASE') text = text.replace(/\/{2,}/g, '/');
  return withoutDots(text);
}

/** RFC 3986 §5.2.4. */
function withoutDots(path: string): string {
  const out: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..' && out.length > 1) out.pop();
    if (segment !== '.' && segment !== '..') out.push(segment);
    else if (last) out.push('');
  }
  return out.join('/');
}
