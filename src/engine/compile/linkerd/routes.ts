import { RE2JS } from 're2js';
import { escapeControl } from '#base/escape.ts';
import type { LinkerdRoute, LinkerdRouteMatch } from '#model/linkerd.ts';
import type { AskedRequest, RequestMatch } from '#model/request.ts';
import type { Resource } from '#model/resource.ts';
import type { Mesh } from './mesh.ts';

type Answer = 'yes' | 'no' | 'perhaps';

/** Routes attached to a Server or an EgressNetwork. Where a Server has any, a request that none matches gets a 404. */
export function routesOf({ snapshot }: Mesh, target: Resource): LinkerdRoute[] {
  return snapshot.linkerdRoutes.filter(
    ({ namespace, parents }) =>
      namespace === target.namespace && parents.some(({ kind, name }) => kind === target.kind && name === target.name),
  );
}

/** The requests of a route; of several, those of any. */
export function requestsOf(routes: readonly LinkerdRoute[]): RequestMatch[] {
  return routes.flatMap(({ matches, hostnames }) => matches.map((match) => requestOf(match, hostnames)));
}

function requestOf(match: LinkerdRouteMatch, hostnames: readonly string[]): RequestMatch {
  const { method, path, headers, queryParams } = match;
  const pathTest = path === undefined ? () => 'yes' as const : testOfPath(path);
  const patterns = headers.map(({ value, regex }) => (regex ? RE2JS.compile(value) : undefined));
  const words = [
    method,
    path === undefined ? undefined : textOfPath(path),
    ...headers.map(({ name }) => `with header ${name}`),
  ];
  const text = words.filter((word) => word !== undefined).join(' ') || 'any HTTP request';
  return {
    text: escapeControl(hostnames.length === 0 ? text : `${text} of ${hostnames.join(' or ')}`),
    matches: (request) => {
      if (request.kind !== 'http') return 'no';
      return allOf([
        method === undefined ? 'yes' : equal(request.method, method),
        pathTest(request.path),
        hostAnswer(hostnames, request.host),
        queryParams ? 'perhaps' : 'yes',
        ...headers.map(({ name, value }, index) => headerAnswer(request, { name, value, pattern: patterns[index] })),
      ]);
    },
  };
}

type Path = NonNullable<LinkerdRouteMatch['path']>;

function testOfPath({ type, value }: Path): (path: string | undefined) => Answer {
  const pattern = type === 'RegularExpression' ? RE2JS.compile(value) : undefined;
  const prefix = value.replace(/\/$/, '');
  return (path) => {
    if (path === undefined) return 'perhaps';
    if (pattern !== undefined) return pattern.matches(path) ? 'yes' : 'no';
    const fits = type === 'Exact' ? path === value : path === prefix || path.startsWith(`${prefix}/`) || value === '/';
    return fits ? 'yes' : 'no';
  };
}

function textOfPath({ type, value }: Path): string {
  return type === 'PathPrefix' ? `${value.replace(/\/$/, '')}/*` : value;
}

/** `*.example.com` stands for one or more labels in front. */
function hostAnswer(hostnames: readonly string[], host: string | undefined): Answer {
  if (hostnames.length === 0) return 'yes';
  if (host === undefined) return 'perhaps';
  const fits = (name: string) => (name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name);
  return hostnames.some(fits) ? 'yes' : 'no';
}

interface HeaderTest {
  readonly name: string;
  readonly value: string;
  readonly pattern: RE2JS | undefined;
}

function headerAnswer({ headers }: AskedRequest, { name, value, pattern }: HeaderTest): Answer {
  const has = headers.get(name);
  if (has === undefined) return headers.size === 0 ? 'perhaps' : 'no';
  return (pattern === undefined ? has === value : pattern.matches(has)) ? 'yes' : 'no';
}

function equal(text: string | undefined, wanted: string): Answer {
  return text === undefined ? 'perhaps' : text === wanted ? 'yes' : 'no';
}

function allOf(answers: readonly Answer[]): Answer {
  if (answers.includes('no')) return 'no';
  return answers.includes('perhaps') ? 'perhaps' : 'yes';
}
