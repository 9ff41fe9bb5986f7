import { RE2JS } from 're2js';
import type { LinkerdRouteMatch } from '#model/linkerd.ts';
import { quote } from './kubernetes/draft.ts';
import type { Reader } from './kubernetes/reader.ts';

/** Which requests a rule of a route means; a rule without matches means all. */
export function readRequests(rule: Reader, kind: 'HTTPRoute' | 'GRPCRoute'): LinkerdRouteMatch[] {
  if (rule.length('matches') === 0) return [anything(rule)];
  return rule.children('matches').map(kind === 'HTTPRoute' ? readHttp : readGrpc);
}

function anything({ origin }: Reader): LinkerdRouteMatch {
  return { headers: [], queryParams: false, origin };
}

function readHttp(match: Reader): LinkerdRouteMatch {
  const path = match.child('path');
  const method = match.text('method');
  const type = path?.choice('type', ['Exact', 'PathPrefix', 'RegularExpression']) ?? 'PathPrefix';
  const value = path?.text('value') ?? '/';
  if (path !== undefined && type === 'RegularExpression') checkPattern(path, 'value');
  return {
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(path !== undefined && { path: { type, value } }),
    headers: readHeaders(match),
    queryParams: match.length('queryParams') > 0,
    origin: match.origin,
  };
}

/** A call is a request for `/service/method`. */
function readGrpc(match: Reader): LinkerdRouteMatch {
  const called = match.child('method');
  const service = called?.text('service');
  const method = called?.text('method');
  const type = called?.choice('type', ['Exact', 'RegularExpression']) ?? 'Exact';
  const rest = { headers: readHeaders(match), queryParams: false, origin: match.origin };
  if (called === undefined || (service === undefined && method === undefined)) return rest;
  if (type === 'RegularExpression') {
    for (const key of ['service', 'method']) checkPattern(called, key);
    const value = `/(?:${service ?? '[^/]+'})/(?:${method ?? '[^/]+'})`;
    return { path: { type, value }, ...rest };
  }
  if (service === undefined)
    return { path: { type: 'RegularExpression', value: `/[^/]+/${RE2JS.quote(method!)}` }, ...rest };
  if (method === undefined) return { path: { type: 'PathPrefix', value: `/${service}` }, ...rest };
  return { path: { type: 'Exact', value: `/${service}/${method}` }, ...rest };
}

function readHeaders(match: Reader): LinkerdRouteMatch['headers'] {
  return match.children('headers').map((header) => {
    const regex = header.choice('type', ['Exact', 'RegularExpression']) === 'RegularExpression';
    if (regex) checkPattern(header, 'value');
    return { name: header.requiredText('name').toLowerCase(), value: header.text('value') ?? '', regex };
  });
}

function checkPattern(reader: Reader, key: string): void {
  const text = reader.text(key) ?? '';
  try {
    RE2JS.compile(text);
  } catch {
    reader.refuse('RF2016', key, `is ${quote(text)}, which is no regular expression`);
  }
}
