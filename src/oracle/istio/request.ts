import type { IstioMatch } from '#model/istio.ts';
import { isPerhaps, type Question } from '../party.ts';
import { hostMatches } from './hosts.ts';
import { pathMatches, textMatches } from './patterns.ts';

/** One attribute of a request and what a rule wants of it. */
interface RequestAttribute extends IstioMatch {
  readonly key: string;
}

/** What every request has, so that `*` is no question to it. */
const ALWAYS_THERE = ['request.host', 'request.method', 'request.path'];

/** Without a request in the question: `some`, unless every request is meant or none. */
export function requestMatches(question: Question, attribute: RequestAttribute): 'no' | 'some' | 'yes' {
  const { key, values, not } = attribute;
  if (ALWAYS_THERE.includes(key)) {
    if (not.includes('*')) return 'no';
    if (not.length === 0 && values.includes('*')) return 'yes';
  }
  if (question.request === undefined) return 'some';
  const holds = (value: string) => valueHolds(question, key, value);
  return (values.length === 0 || values.some(holds)) && !not.some(holds) ? 'yes' : 'no';
}

/** What the request does not say may be so or not. */
function valueHolds(question: Question, key: string, value: string): boolean {
  const said = saidOf(question, key);
  if (said === undefined) return isPerhaps(question, `the request's ${key} matches ${value}`);
  switch (key) {
    case 'request.host':
      return hostMatches(value, said) || textMatches(value.toLowerCase(), said);
    case 'request.path':
      return pathMatches(value, said);
    default:
      return textMatches(value, said);
  }
}

/** Headers that the question does not name are not sent. */
function saidOf({ request }: Question, key: string): string | undefined {
  switch (key) {
    case 'request.host':
      return request?.host;
    case 'request.method':
      return request?.method;
    case 'request.path':
      return request?.path;
  }
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1];
  return header === undefined ? undefined : (request?.headers.get(header.toLowerCase()) ?? '');
}
