import type {
  AuthorizationAction,
  IstioAuthorization,
  IstioMatch,
  IstioRule,
  OperationField,
  SourceField,
} from '#model/istio.ts';
import { isPerhaps, type PodParty, type Question } from '../party.ts';
import { selects } from '../selector.ts';
import { addressOf } from '../where.ts';
import type { Identity } from './identity.ts';
import { addressMatches, textMatches } from './patterns.ts';
import { requestMatches } from './request.ts';

/** The proxy that judges: a sidecar that knows the protocol to be HTTP or does not, or ztunnel. */
export type Judge = 'http' | 'tcp' | 'ztunnel';

export interface Arrival {
  readonly pod: PodParty;
  readonly port: number;
  /** Absent: nobody has shown a certificate of the mesh. */
  readonly identity?: Identity;
  readonly judge: Judge;
}

/** CUSTOM, then DENY, then ALLOW: the first two can only refuse, and any ALLOW at all refuses what none of them matches. */
export function authorizes(question: Question, arrival: Arrival): boolean {
  const policies = question.snapshot.istioAuthorizations.filter((policy) => appliesTo(question, policy, arrival.pod));
  return authorizesBy(question, policies, arrival);
}

/** The same for policies that are known to apply. */
export function authorizesBy(question: Question, policies: readonly IstioAuthorization[], arrival: Arrival): boolean {
  const of = (action: AuthorizationAction) => policies.filter((policy) => policy.action === action);
  const matches = (policy: IstioAuthorization) => policyMatches(question, policy, arrival);
  if (
    arrival.judge !== 'ztunnel' &&
    of('CUSTOM').some((policy) => matches(policy) && refuses(question, policy, arrival))
  )
    return false;
  if (of('DENY').some(matches)) return false;
  const allows = of('ALLOW');
  return allows.length === 0 || allows.some(matches);
}

/** Those with targets are for gateways and waypoints. One of the root namespace is for all namespaces. */
function appliesTo(question: Question, policy: IstioAuthorization, pod: PodParty): boolean {
  if (policy.dryRun || policy.targetRefs.length > 0) return false;
  if (policy.namespace !== pod.namespace && policy.namespace !== question.mesh.rootNamespace) return false;
  if (policy.gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} applies`);
  return policy.selector === undefined || selects(policy.selector, (key) => pod.shape.labels.get(key));
}

/** A provider that nobody defined refuses; one for HTTP is not asked about other traffic; else only it knows. */
function refuses(question: Question, { provider = '' }: IstioAuthorization, { judge }: Arrival): boolean {
  const kind = question.mesh.authorizers.get(provider);
  if (kind === undefined && question.mesh.given) return true;
  if (kind === 'http' && judge === 'tcp') return false;
  return isPerhaps(question, `${provider} refuses`);
}

/**
 * Whether a policy matches, as its action needs it: without a request in the question, one that allows matches where some
 * request may pass, one that refuses only where it refuses all of them.
 */
function policyMatches(question: Question, policy: IstioAuthorization, arrival: Arrival): boolean {
  return policy.rules.some((rule) => {
    if (rule.gaps.length > 0) return isPerhaps(question, `${nameOf(policy)} ${rule.path} matches`);
    const clauses = readFor(clausesOf(policy, rule), policy.action, arrival.judge);
    if (clauses === 'never') return false;
    const strengths = clauses.map((clause) => strongest(clause.map((each) => entryMatches(question, each, arrival))));
    const strength = weakest(strengths);
    return policy.action === 'ALLOW' ? strength !== 'no' : strength === 'yes';
  });
}

// ---------------------------------------------------------------- the shape of a rule

/** One attribute and what a rule wants of it. */
interface Attribute extends IstioMatch {
  readonly key: string;
  /** The namespace of the policy: service accounts without one are of it. */
  readonly home: string;
}

/** All attributes of an entry hold; one entry of a clause does; all clauses of a rule do. */
type Entry = readonly Attribute[];
type Clause = readonly Entry[];

const SOURCE_KEYS: Readonly<Record<SourceField, string>> = {
  principals: 'source.principal',
  requestPrincipals: 'request.auth.principal',
  namespaces: 'source.namespace',
  ipBlocks: 'source.ip',
  remoteIpBlocks: 'remote.ip',
  serviceAccounts: 'source.serviceAccount',
};
const OPERATION_KEYS: Readonly<Record<OperationField, string>> = {
  hosts: 'request.host',
  ports: 'destination.port',
  methods: 'request.method',
  paths: 'request.path',
};

function clausesOf({ namespace: home }: IstioAuthorization, rule: IstioRule): Clause[] {
  const sources = rule.sources.map(({ fields }) =>
    [...fields].map(([field, match]): Attribute => ({ key: SOURCE_KEYS[field], ...match, home })),
  );
  const operations = rule.operations.map(({ fields }) =>
    [...fields].map(([field, match]): Attribute => ({ key: OPERATION_KEYS[field], ...match, home })),
  );
  const conditions = rule.conditions.map(({ key, values, not }): Clause => [[{ key, values, not, home }]]);
  return [sources, operations, ...conditions].filter((clause) => clause.length > 0);
}

/**
 * The rule as one judge reads it. A sidecar that sees no HTTP drops a rule that allows and looks into it, and lets a rule
 * that refuses forget what it cannot see. ztunnel does so as well, but an entry with nothing left never matches there.
 */
function readFor(clauses: readonly Clause[], action: AuthorizationAction, judge: Judge): Clause[] | 'never' {
  if (judge === 'http') return [...clauses];
  const isSeen = ({ key }: Attribute) => (judge === 'tcp' ? !isOfHttp(key) : ZTUNNEL_KEYS.includes(key));
  if (action === 'ALLOW')
    return clauses.every((clause) => clause.every((each) => each.every(isSeen))) ? [...clauses] : 'never';
  const left = clauses.map((clause) => clause.map((entry) => entry.filter(isSeen)));
  return judge === 'tcp' ? left : left.map((clause) => clause.filter((entry) => entry.length > 0));
}

const ZTUNNEL_KEYS = [
  'source.ip',
  'source.namespace',
  'source.principal',
  'source.serviceAccount',
  'destination.ip',
  'destination.port',
];
const TCP_KEYS = [...ZTUNNEL_KEYS, 'connection.sni'];

function isOfHttp(key: string): boolean {
  return !TCP_KEYS.includes(key);
}

// ---------------------------------------------------------------- whether it matches

/** `some`: some requests of the connection match, and which one comes is not asked. */
type Strength = 'no' | 'some' | 'yes';

function strongest(all: readonly Strength[]): Strength {
  if (all.includes('yes')) return 'yes';
  return all.includes('some') ? 'some' : 'no';
}

function weakest(all: readonly Strength[]): Strength {
  if (all.includes('no')) return 'no';
  return all.includes('some') ? 'some' : 'yes';
}

function entryMatches(question: Question, entry: Entry, arrival: Arrival): Strength {
  return weakest(entry.map((attribute) => attributeMatches(question, attribute, arrival)));
}

function attributeMatches(question: Question, attribute: Attribute, arrival: Arrival): Strength {
  if (isOfHttp(attribute.key)) return requestMatches(question, attribute);
  const holds = (value: string) => valueHolds(question, { ...attribute, value }, arrival);
  const { values, not } = attribute;
  return (values.length === 0 || values.some(holds)) && !not.some(holds) ? 'yes' : 'no';
}

function valueHolds(
  question: Question,
  { key, value, home }: Attribute & { readonly value: string },
  arrival: Arrival,
): boolean {
  const { identity, port } = arrival;
  switch (key) {
    case 'source.principal':
      return principalMatches(question, value, arrival);
    case 'source.namespace':
      return identity !== undefined && textMatches(value, identity.namespace);
    case 'source.serviceAccount':
      return identity !== undefined && serviceAccountMatches(value, home, identity);
    case 'source.ip':
      return addressMatches(value, addressOf(question, 'from'));
    case 'destination.ip':
      return addressMatches(value, addressOf(question, 'to'));
    case 'destination.port':
      return Number(value) === port;
    default:
      return isPerhaps(question, `${key} is ${value}`);
  }
}

/**
 * `trust/ns/NAMESPACE/sa/ACCOUNT`. To sidecars the other names of the mesh's trust domain mean it too, `cluster.local`
 * always among them, where the principal is whole (istio/istio#47322); ztunnel takes every name as it is (istio/ztunnel#1260).
 */
function principalMatches({ mesh }: Question, value: string, { identity, judge }: Arrival): boolean {
  if (identity === undefined) return false;
  const own = [mesh.trustDomain, ...mesh.trustDomainAliases, 'cluster.local'];
  const [trust = '', ...rest] = value.split('/');
  const isOwn = judge !== 'ztunnel' && rest.length === 4 && own.includes(trust);
  const wanted = isOwn ? [mesh.trustDomain, ...rest].join('/') : value;
  return textMatches(wanted, `${mesh.trustDomain}/ns/${identity.namespace}/sa/${identity.serviceAccount}`);
}

/** `namespace/name`, or a name of the policy's own namespace. */
function serviceAccountMatches(value: string, home: string, { namespace, serviceAccount }: Identity): boolean {
  return (value.includes('/') ? value : `${home}/${value}`) === `${namespace}/${serviceAccount}`;
}

function nameOf({ namespace, name }: IstioAuthorization): string {
  return `AuthorizationPolicy ${namespace}/${name}`;
}
