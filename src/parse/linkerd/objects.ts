import type {
  LinkerdAuthorization,
  LinkerdBlock,
  LinkerdEgressNetwork,
  LinkerdIdentity,
  LinkerdNetwork,
  LinkerdRef,
  LinkerdRoute,
  LinkerdServer,
  LinkerdServerAuthorization,
} from '#model/linkerd.ts';
import type { Gap } from '#model/resource.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readSelector } from '../kubernetes/selector.ts';
import { readPortOrName } from '../kubernetes/values.ts';
import { readNet, readNets } from '../nets.ts';
import { readRequests } from '../route-requests.ts';

const ACCESS = [
  'deny',
  'audit',
  'all-authenticated',
  'all-unauthenticated',
  'cluster-authenticated',
  'cluster-unauthenticated',
  'all-tls-unauthenticated',
  'cluster-tls-unauthenticated',
] as const;

const PROTOCOLS = ['unknown', 'HTTP/1', 'HTTP/2', 'gRPC', 'opaque', 'TLS'] as const;

function gapsOf(object: Reader): Gap[] {
  return [...object.unread('spec'), ...object.childOrEmpty('spec').unread()];
}

export function readServer(object: Reader, meta: Meta): LinkerdServer {
  const spec = object.childOrEmpty('spec');
  const hasPods = spec.has('podSelector');
  if (hasPods === spec.has('externalWorkloadSelector'))
    spec.refuse('RF2016', undefined, 'needs `podSelector` or `externalWorkloadSelector`, and not both');
  const port = readPortOrName(spec, 'port');
  if (port === undefined && !spec.has('port')) spec.missing('port');
  return {
    ...meta,
    kind: 'Server',
    ...(hasPods && { podSelector: readSelector(spec.childOrEmpty('podSelector')) }),
    port: port ?? '',
    protocol: spec.choice('proxyProtocol', PROTOCOLS) ?? 'unknown',
    accessPolicy: spec.choice('accessPolicy', ACCESS) ?? 'deny',
    gaps: gapsOf(object),
  };
}

function readRef(ref: Reader): LinkerdRef {
  return {
    group: ref.text('group') ?? '',
    kind: ref.requiredText('kind'),
    name: ref.text('name') ?? '',
    namespace: ref.text('namespace') ?? '',
  };
}

export function readAuthorization(object: Reader, meta: Meta): LinkerdAuthorization {
  const spec = object.childOrEmpty('spec');
  const required = spec.children('requiredAuthenticationRefs').map(readRef);
  const identities = required.filter(({ kind }) => kind === 'MeshTLSAuthentication' || kind === 'ServiceAccount');
  const networks = required.filter(({ kind }) => kind === 'NetworkAuthentication');
  if (identities.length > 1 || networks.length > 1)
    spec.refuse('RF2016', 'requiredAuthenticationRefs', 'names more than one identity or more than one network');
  if (!spec.has('requiredAuthenticationRefs')) spec.missing('requiredAuthenticationRefs');
  return {
    ...meta,
    kind: 'AuthorizationPolicy',
    target: readRef(spec.requiredChild('targetRef')),
    required,
    gaps: gapsOf(object),
  };
}

export function readServerAuthorization(object: Reader, meta: Meta): LinkerdServerAuthorization {
  const spec = object.childOrEmpty('spec');
  const server = spec.childOrEmpty('server');
  const client = spec.childOrEmpty('client');
  const tls = client.childOrEmpty('meshTLS');
  const name = server.text('name');
  if (name === undefined && !server.has('selector')) server.refuse('RF2016', undefined, 'needs `name` or `selector`');
  return {
    ...meta,
    kind: 'ServerAuthorization',
    server: name === undefined ? { selector: readSelector(server.childOrEmpty('selector')) } : { name },
    client: {
      unauthenticated: client.boolean('unauthenticated') ?? false,
      unauthenticatedTls: tls.boolean('unauthenticatedTLS') ?? false,
      identities: tls.texts('identities').map(({ text }) => text),
      accounts: tls.children('serviceAccounts').map((account) => ({
        name: account.requiredText('name'),
        namespace: account.text('namespace') || meta.namespace,
      })),
      ...(client.has('networks') && { networks: readBlocks(client) }),
    },
    gaps: gapsOf(object),
  };
}

function readBlocks(reader: Reader): LinkerdBlock[] {
  return reader.children('networks').flatMap((entry): LinkerdBlock[] => {
    const cidr = readNet(entry, 'cidr');
    if (cidr === undefined && !entry.has('cidr')) entry.missing('cidr');
    return cidr === undefined ? [] : [{ cidr, except: readNets(entry, 'except') }];
  });
}

export function readIdentity(object: Reader, meta: Meta): LinkerdIdentity {
  const spec = object.childOrEmpty('spec');
  const identities = spec.texts('identities').map(({ text }) => text);
  const refs = spec.children('identityRefs').map(readRef);
  if (identities.length + refs.length === 0) spec.refuse('RF2016', undefined, 'names nobody');
  return { ...meta, kind: 'MeshTLSAuthentication', identities, refs, gaps: gapsOf(object) };
}

export function readNetwork(object: Reader, meta: Meta): LinkerdNetwork {
  const spec = object.childOrEmpty('spec');
  return { ...meta, kind: 'NetworkAuthentication', networks: readBlocks(spec), gaps: gapsOf(object) };
}

export function readEgressNetwork(object: Reader, meta: Meta): LinkerdEgressNetwork {
  const spec = object.childOrEmpty('spec');
  const action = spec.choice('trafficPolicy', ['Allow', 'Deny']);
  if (action === undefined && !spec.has('trafficPolicy')) spec.missing('trafficPolicy');
  return {
    ...meta,
    kind: 'EgressNetwork',
    ...(spec.has('networks') && { networks: readBlocks(spec) }),
    action: action === 'Allow' ? 'allow' : 'deny',
    gaps: gapsOf(object),
  };
}

export function readRoute(object: Reader, meta: Meta): LinkerdRoute {
  const spec = object.childOrEmpty('spec');
  const rules = spec.children('rules');
  return {
    ...meta,
    kind: 'HTTPRoute',
    parents: spec.children('parentRefs').map(readRef),
    hostnames: spec.texts('hostnames').map(({ text }) => text.toLowerCase()),
    matches: rules.flatMap((rule) => readRequests(rule, 'HTTPRoute')),
    gaps: gapsOf(object),
  };
}
