import type {
  LinkerdEgressNetwork,
  LinkerdRoute,
  LinkerdRouteMatch,
  LinkerdServer,
  ProxyProtocol,
} from '#model/linkerd.ts';
import type { AskedRequest } from '#model/request.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { oldestOf } from '../age.ts';
import { isPerhaps, type Question } from '../party.ts';

/** The routes that are attached to a Server or an EgressNetwork of their own namespace. */
export function routesTo({ snapshot }: Question, target: LinkerdServer | LinkerdEgressNetwork): LinkerdRoute[] {
  const others = target.kind === 'Server' ? gatewayRoutes(snapshot) : [];
  return [...snapshot.linkerdRoutes, ...others].filter(
    ({ kind, namespace, parents }) =>
      (target.kind !== 'Server' || ROUTES_BY_PROTOCOL[target.protocol] === kind) &&
      namespace === target.namespace &&
      parents.some(
        (parent) =>
          parent.kind === target.kind &&
          parent.name === target.name &&
          (parent.namespace === '' || parent.namespace === target.namespace),
      ),
  );
}

/** What the proxy takes requests for, where it looks into connections at all. */
const ROUTES_BY_PROTOCOL: Partial<Record<ProxyProtocol, LinkerdRoute['kind']>> = {
  unknown: 'HTTPRoute',
  'HTTP/1': 'HTTPRoute',
  'HTTP/2': 'HTTPRoute',
  gRPC: 'GRPCRoute',
};

function gatewayRoutes({ routes }: Snapshot): LinkerdRoute[] {
  return routes.flatMap((route) => {
    const { kind, parents, requests: matches } = route;
    if (matches === undefined || (kind !== 'HTTPRoute' && kind !== 'GRPCRoute')) return [];
    const own = parents.filter(({ group }) => group === 'policy.linkerd.io');
    return [{ ...route, kind, parents: own, matches, gaps: [] }];
  });
}

/**
 * The route that takes the request: the most specific host, then an exact path before the longest prefix, then a method,
 * then the most headers (Gateway API); of equals the oldest.
 */
export function routeFor(
  question: Question,
  routes: readonly LinkerdRoute[],
  request: AskedRequest,
): LinkerdRoute | undefined {
  const ranked = routes.flatMap((route) => {
    const rank = rankOf(question, route, request);
    return rank === undefined ? [] : [{ route, rank }];
  });
  const [best] = ranked.map(({ rank }) => rank).sort(compareRanks);
  const equals = ranked.filter(({ rank }) => best !== undefined && compareRanks(rank, best) === 0);
  return oldestOf(
    question.world,
    equals.map(({ route }) => route),
  );
}

/** Higher numbers first, the first that differs decides; undefined where nothing of the route matches. */
type Rank = readonly number[];

function rankOf(question: Question, route: LinkerdRoute, request: AskedRequest): Rank | undefined {
  if (route.gaps.length > 0 && !isPerhaps(question, `HTTPRoute ${route.namespace}/${route.name} is read`)) {
    return undefined;
  }
  const host = hostRank(question, route.hostnames, request.host);
  const matches = route.matches.filter((match) => isMatch(question, match, request));
  if (host === undefined || matches.length === 0) return undefined;
  return matches.map((match) => [host, ...matchRank(match)]).sort(compareRanks)[0];
}

function hostRank(question: Question, hostnames: readonly string[], host: string | undefined): number | undefined {
  if (hostnames.length === 0) return 0;
  const ranks = hostnames.filter((name) => isHost(question, name, host)).map((name) => name.length);
  return ranks.length === 0 ? undefined : Math.max(...ranks);
}

function isHost(question: Question, name: string, host: string | undefined): boolean {
  if (host === undefined) return isPerhaps(question, `the request is to ${name}`);
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
}

/** What the request does not say may be so or not. */
function isMatch(question: Question, match: LinkerdRouteMatch, request: AskedRequest): boolean {
  const { method, path, headers, queryParams } = match;
  if (queryParams && !isPerhaps(question, 'the query is what a route wants')) return false;
  if (method !== undefined && !isMethod(question, method, request.method)) return false;
  if (path !== undefined && !isPath(question, path, request.path)) return false;
  return headers.every(({ name, value, regex }) =>
    regex ? isPerhaps(question, `header ${name} fits ${value}`) : (request.headers.get(name) ?? '') === value,
  );
}

function isMethod(question: Question, wanted: string, method: string | undefined): boolean {
  return method === undefined ? isPerhaps(question, `the method is ${wanted}`) : method === wanted;
}

/** A prefix is one of whole segments. */
function isPath(
  question: Question,
  { type, value }: NonNullable<LinkerdRouteMatch['path']>,
  said: string | undefined,
): boolean {
  if (said === undefined) return isPerhaps(question, `the path is ${type} ${value}`);
  switch (type) {
    case 'Exact':
      return said === value;
    case 'PathPrefix': {
      const prefix = value.endsWith('/') ? value.slice(0, -1) : value;
      return said === prefix || said.startsWith(`${prefix}/`);
    }
    case 'RegularExpression':
      return isPerhaps(question, `the path fits ${value}`);
  }
}

function matchRank({ method, path, headers }: LinkerdRouteMatch): number[] {
  const exact = path?.type === 'Exact' ? 1 : 0;
  return [exact, path?.value.length ?? 1, method === undefined ? 0 : 1, headers.length];
}

function compareRanks(a: Rank, b: Rank): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return other - value;
  }
  return 0;
}
