import {
  AUTHORIZATION_ACTIONS,
  type AuthorizationAction,
  type IstioAuthorization,
  type IstioCondition,
  type IstioMatch,
  type IstioOperation,
  type IstioRule,
  type IstioSource,
  OPERATION_FIELDS,
  SOURCE_FIELDS,
} from '#model/istio.ts';
import type { Gap } from '#model/resource.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { checkAddresses, checkNotEmpty, checkPaths, checkPorts, checkServiceAccounts } from './authorization-values.ts';
import { readTargets } from './target.ts';

const MOST = 512;
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];

/** `security.istio.io` AuthorizationPolicy. What only istiod's own validation refuses is RF2016. */
export function readAuthorizationPolicy(object: Reader, meta: Meta): IstioAuthorization {
  const spec = object.childOrEmpty('spec');
  spec.bounded('rules', 0, MOST);
  const action = spec.choice('action', AUTHORIZATION_ACTIONS) ?? 'ALLOW';
  const provider = readProvider(spec, action);
  if (action === 'DENY' && !spec.has('rules')) {
    spec.draft.warn('RF3010', spec.place('action'), {
      message: 'is `DENY` without rules: it never denies anything',
      help: 'write `rules: [{}]` to deny everything, or remove the policy',
    });
  }
  return {
    ...meta,
    kind: 'AuthorizationPolicy',
    ...readTargets(spec),
    action,
    ...(provider !== undefined && { provider }),
    rules: spec.children('rules').map((rule) => readRule(rule, action)),
    // Go's strconv.ParseBool; anything else counts as false.
    dryRun: TRUE.includes(meta.annotations.get('istio.io/dry-run') ?? ''),
    gaps: [...object.unread('spec'), ...spec.unread('rules')],
  };
}

function readProvider(spec: Reader, action: AuthorizationAction): string | undefined {
  const name = spec.child('provider')?.text('name');
  if (action !== 'CUSTOM') {
    if (spec.has('provider')) spec.refuse('RF2016', 'provider', 'is for the action `CUSTOM` only');
    return undefined;
  }
  if (!spec.has('rules')) spec.refuse('RF2016', 'rules', 'is missing: `CUSTOM` without rules never asks its provider');
  if (name === undefined || name === '') spec.refuse('RF2016', 'provider', 'is missing, and `CUSTOM` needs its `name`');
  return name;
}

function readRule(rule: Reader, action: AuthorizationAction): IstioRule {
  rule.bounded('from', 1, MOST);
  rule.bounded('to', 1, MOST);
  const conditions = rule.children('when').map((when) => readCondition(when, action));
  return {
    sources: rule.children('from').map((from) => readSource(from, action)),
    operations: rule.children('to').map(readOperation),
    conditions: conditions.map(({ condition }) => condition),
    path: rule.path,
    origin: rule.origin,
    gaps: [...rule.unread(), ...conditions.flatMap(({ gaps }) => gaps)],
  };
}

const NOT_FOR_CUSTOM = ['principals', 'requestPrincipals', 'namespaces', 'serviceAccounts'];

function readSource(from: Reader, action: AuthorizationAction): IstioSource {
  const source = from.requiredChild('source');
  const fields = readFields(source, SOURCE_FIELDS);
  const has = (name: (typeof SOURCE_FIELDS)[number]) => fields.has(name);
  if (fields.size === 0 && knowsAll(source, SOURCE_FIELDS)) {
    source.refuse('RF2016', undefined, 'is empty; leave `from` out to mean any source');
  }
  if (has('serviceAccounts') && (has('principals') || has('namespaces'))) {
    source.refuse('RF2009', undefined, 'has `serviceAccounts` beside `principals` or `namespaces`');
  }
  const barred = NOT_FOR_CUSTOM.find((name) => SOURCE_FIELDS.some((field) => field === name && has(field)));
  if (action === 'CUSTOM' && barred !== undefined) {
    source.refuse('RF2016', barred, 'cannot be used with the action `CUSTOM`');
  }
  checkSource(source);
  return { fields, path: source.path, origin: source.origin };
}

function checkSource(source: Reader): void {
  for (const name of SOURCE_FIELDS) {
    for (const key of [name, negated(name)]) {
      if (name === 'ipBlocks' || name === 'remoteIpBlocks') checkAddresses(source, key);
      else if (name === 'serviceAccounts') checkServiceAccounts(source, key);
      else checkNotEmpty(source, key);
    }
  }
}

function readOperation(to: Reader): IstioOperation {
  const operation = to.requiredChild('operation');
  const fields = readFields(operation, OPERATION_FIELDS);
  if (fields.size === 0 && knowsAll(operation, OPERATION_FIELDS)) {
    operation.refuse('RF2016', undefined, 'is empty; leave `to` out to mean any operation');
  }
  for (const name of OPERATION_FIELDS) {
    for (const key of [name, negated(name)]) {
      if (name === 'ports') checkPorts(operation, key);
      else if (name === 'paths') checkPaths(operation, key);
      else checkNotEmpty(operation, key);
    }
  }
  return { fields, path: operation.path, origin: operation.origin };
}

/** Attributes that every rule may ask for. */
const KEYS = [
  'source.ip',
  'source.namespace',
  'source.principal',
  'source.serviceAccount',
  'remote.ip',
  'destination.ip',
  'destination.port',
  'connection.sni',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
];
/** Attributes with a name in brackets. */
const NAMED_KEYS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];
const IDENTITY_KEYS = ['source.namespace', 'source.principal', 'source.serviceAccount'];

function readCondition(
  when: Reader,
  action: AuthorizationAction,
): { readonly condition: IstioCondition; readonly gaps: readonly Gap[] } {
  const key = when.requiredText('key');
  const values = when.texts('values').map(({ text }) => text);
  const not = when.texts('notValues').map(({ text }) => text);
  if (values.length + not.length === 0) {
    when.refuse('RF2016', undefined, 'needs at least one entry in `values` or `notValues`');
  }
  if (action === 'CUSTOM' && (IDENTITY_KEYS.includes(key) || key.startsWith('request.auth.'))) {
    when.refuse('RF2016', 'key', `is ${quote(key)}, which cannot be used with the action \`CUSTOM\``);
  }
  for (const field of ['values', 'notValues']) checkCondition(when, key, field);
  const condition = { key, values, not, path: when.path, origin: when.origin };
  return { condition, gaps: isKnownKey(key) ? [] : [reportKey(when, key)] };
}

function isKnownKey(key: string): boolean {
  return key === '' || KEYS.includes(key) || NAMED_KEYS.some((known) => key.startsWith(known) && /\[.+\]$/.test(key));
}

function checkCondition(when: Reader, key: string, field: string): void {
  if (key === 'source.ip' || key === 'remote.ip' || key === 'destination.ip') checkAddresses(when, field);
  else if (key === 'destination.port') checkPorts(when, field);
  else if (key === 'source.serviceAccount') checkServiceAccounts(when, field);
  else checkNotEmpty(when, field);
}

/** Istio refuses attributes that it does not know; a newer one may know more than we do. */
function reportKey(when: Reader, key: string): Gap {
  const place = when.place('key');
  when.draft.warn('RF2013', place, `is ${quote(key)}, an attribute that Ringfence does not know`);
  return { path: place.path, reason: 'unread-field', origin: when.originOf('key') };
}

function readFields<const Name extends string>(reader: Reader, names: readonly Name[]): ReadonlyMap<Name, IstioMatch> {
  const fields = new Map<Name, IstioMatch>();
  for (const name of names) {
    const values = reader.texts(name).map(({ text }) => text);
    const not = reader.texts(negated(name)).map(({ text }) => text);
    if (values.length + not.length > 0) fields.set(name, { values, not });
  }
  return fields;
}

/** Whether all fields that are set are known: one that is not may be what fills the mapping. */
function knowsAll(reader: Reader, names: readonly string[]): boolean {
  return reader.keys().every((key) => names.some((name) => key === name || key === negated(name)));
}

/** `notPorts` of `ports`. */
function negated(name: string): string {
  return `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
