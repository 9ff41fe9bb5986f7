import { RE2JS } from 're2js';
import { escapeControl } from '#base/escape.ts';
import type { GatewayRoute } from '#model/exposure.ts';
import type { LinkerdEgressNetwork, LinkerdRoute, LinkerdRouteMatch, LinkerdServer } from '#model/linkerd.ts';
import type { AskedRequest, RequestMatch } from '#model/request.ts';
import { byAge, knowsAge } from '../age.ts';
import type { Mesh } from './mesh.ts';

type Answer = 'yes' | 'no' | 'perhaps';

/** Routes attached to a Server or an EgressNetwork. Where a Server has any, a request that none matches gets a 404. */
export function routesOf({ snapshot }: Mesh, target: LinkerdServer | LinkerdEgressNetwork): LinkerdRoute[] {
  const ofGateways = target.kind === 'Server' ? snapshot.routes.flatMap(fromGateway) : [];
  return [...snapshot.linkerdRoutes, ...ofGateways].filter(
    ({ namespace, parents, kind }) =>
      namespace === target.namespace &&
      parents.some((parent) => parent.kind === target.kind && parent.name === target.name) &&
      (target.kind !== 'Server' || kind === kindRead(target)),
  );
}

/** Which kind of route a proxy looks at: none where it reads no requests. */
function kindRead({ protocol }: LinkerdServer): LinkerdRoute['kind'] | undefined {
  if (protocol === 'opaque' || protocol === 'TLS') return undefined;
  return protocol === 'gRPC' ? 'GRPCRoute' : 'HTTPRoute';
}

const FROM_GATEWAYS = new WeakMap<GatewayRoute, readonly LinkerdRoute[]>();

/** Routes of the Gateway API whose parent is a Server. */
export function fromGateway(route: GatewayRoute): readonly LinkerdRoute[] {
  const known = FROM_GATEWAYS.get(route);
  if (known !== undefined) return known;
  const { kind, requests, hostnames } = route;
  const parents = route.parents.filter(
    ({ group, namespace }) => group === 'policy.linkerd.io' && namespace === route.namespace,
  );
  const isRead = (kind === 'HTTPRoute' || kind === 'GRPCRoute') && requests !== undefined;
  const names = hostnames.map((name) => name.toLowerCase());
  const read = isRead ? [{ ...route, kind, parents, hostnames: names, matches: requests, gaps: [] }] : [];
  FROM_GATEWAYS.set(route, read);
  return read;
}

/** The requests of any of these routes: each of its matches by itself. */
export function requestsOf(routes: readonly LinkerdRoute[]): RequestMatch[] {
  return routes.flatMap((route) =>
    testsOf(route).map(({ text, answer }) => ({ text, matches: (request) => answer(request) })),
  );
}

/**
 * The requests that one of the routes of a Server takes: those that no other of them takes before it. The most specific
 * host counts, then an exact path, then the longest, then a method, then the most headers, then age (Gateway API).
 */
export function requestsTo(route: LinkerdRoute, all: readonly LinkerdRoute[]): RequestMatch[] {
  const own = testsOf(route);
  if (own.length === 0) return [];
  const others = all.filter((other) => other !== route).map((other) => ({ other, tests: testsOf(other) }));
  const taken = (request: AskedRequest): Answer => {
    const mine = bestOf(own, request);
    if (mine === undefined) return 'no';
    const answers = others.map(({ other, tests }) => before({ route, ...mine }, other, bestOf(tests, request)));
    return allOf([mine.answer, ...answers]);
  };
  return [{ text: own.map(({ text }) => text).join(' or '), matches: taken }];
}

/** One match of a route, as a question to a request. */
interface RouteTest {
  readonly text: string;
  answer(request: AskedRequest): Answer;
  /** Higher numbers count first, from left to right. */
  rank(request: AskedRequest): readonly number[];
}

interface Best {
  readonly answer: Answer;
  readonly rank: readonly number[];
}

/** The best of the matches that a request fits, or may fit. */
function bestOf(tests: readonly RouteTest[], request: AskedRequest): Best | undefined {
  return tests
    .map((test): Best => ({ answer: test.answer(request), rank: test.rank(request) }))
    .filter(({ answer }) => answer !== 'no')
    .sort((a, b) => compareRanks(a.rank, b.rank))[0];
}

/** Whether a route takes a request before another one does that fits it too. */
function before(mine: Best & { readonly route: LinkerdRoute }, other: LinkerdRoute, theirs: Best | undefined): Answer {
  if (theirs === undefined) return 'yes';
  const order = compareRanks(mine.rank, theirs.rank);
  if (order < 0) return 'yes';
  if (theirs.answer === 'perhaps') return 'perhaps';
  if (order > 0) return 'no';
  if (!knowsAge(mine.route, other)) return 'perhaps';
  return byAge(mine.route, other) < 0 ? 'yes' : 'no';
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    if (value !== b[index]) return b[index]! - value;
  }
  return 0;
}

function testsOf({ matches, hostnames }: LinkerdRoute): RouteTest[] {
  return matches.map((match) => testOf(match, hostnames));
}

function testOf(match: LinkerdRouteMatch, hostnames: readonly string[]): RouteTest {
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
    answer: (request) => {
      if (request.kind !== 'http') return 'no';
      return allOf([
        method === undefined ? 'yes' : equal(request.method, method),
        pathTest(request.path),
        hostAnswer(hostnames, request.host),
        queryParams ? 'perhaps' : 'yes',
        ...headers.map(({ name, value }, index) => headerAnswer(request, { name, value, pattern: patterns[index] })),
      ]);
    },
    rank: ({ host }) => [
      hostRank(hostnames, host),
      path?.type === 'Exact' ? 1 : 0,
      path?.value.length ?? 1,
      method === undefined ? 0 : 1,
      headers.length,
    ],
  };
}

function hostRank(hostnames: readonly string[], host: string | undefined): number {
  const fitting = hostnames.filter((name) => hostAnswer([name], host) !== 'no');
  return Math.max(0, ...fitting.map(({ length }) => length));
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
