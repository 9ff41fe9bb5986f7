import { type Address, isInRange } from '#base/address.ts';
import type {
  LinkerdAuthorization,
  LinkerdBlock,
  LinkerdIdentity,
  LinkerdRef,
  LinkerdServerAuthorization,
} from '#model/linkerd.ts';
import { isPerhaps, type Question } from '../party.ts';
import { dialedBy, servicePath } from '../service-path.ts';
import { addressOf } from '../where.ts';
import { isMeshed, skipsPort } from './membership.ts';

/** Who the client is, as its certificate says. */
export interface ClientIdentity {
  readonly namespace: string;
  readonly account: string;
}

/** Absent: the client shows none, since it has no proxy or its proxy leaves the connection alone. */
export function identityOf(question: Question): ClientIdentity | undefined {
  const { from, to } = question.connection;
  if (!isMeshed(question, from) || to.kind !== 'pod') return undefined;
  const { port } = dialedBy(question, servicePath(question));
  if (skipsPort(question, from, { name: 'skip-outbound-ports', port })) return undefined;
  return { namespace: from.namespace, account: from.shape.serviceAccount };
}

// ---------------------------------------------------------------- default policies

/** What a default policy, or a Server's `accessPolicy`, says to the client. `audit` only writes down what it lets in. */
export function policyAdmits(question: Question, policy: string): boolean {
  const isKnown = identityOf(question) !== undefined;
  const isNear = isInCluster(question, addressOf(question, 'from'));
  switch (policy) {
    case 'all-unauthenticated':
    case 'audit':
      return true;
    case 'all-authenticated':
    case 'all-tls-unauthenticated':
      return isKnown;
    case 'cluster-unauthenticated':
      return isNear;
    case 'cluster-authenticated':
    case 'cluster-tls-unauthenticated':
      return isKnown && isNear;
    default:
      return false;
  }
}

// ---------------------------------------------------------------- authorizations

/** All that is required holds. Of what refers to something that is not there, nothing holds; no requirement: everybody. */
export function authorizationAdmits(question: Question, policy: LinkerdAuthorization): boolean {
  if (policy.gaps.length > 0)
    return isPerhaps(question, `AuthorizationPolicy ${policy.namespace}/${policy.name} admits`);
  return policy.required.every((ref) => authenticates(question, ref, policy.namespace));
}

function authenticates(question: Question, ref: LinkerdRef, home: string): boolean {
  const { snapshot } = question;
  const namespace = ref.namespace === '' ? home : ref.namespace;
  const isNamed = (each: { readonly namespace: string; readonly name: string }) =>
    each.namespace === namespace && each.name === ref.name;
  switch (ref.kind) {
    case 'ServiceAccount':
      return isAccount(question, { namespace, name: ref.name });
    case 'MeshTLSAuthentication': {
      const found = snapshot.linkerdIdentities.find(isNamed);
      return found !== undefined && isAmong(question, found);
    }
    case 'NetworkAuthentication': {
      const found = snapshot.linkerdNetworks.find(isNamed);
      if (found === undefined) return false;
      if (found.gaps.length > 0) return isPerhaps(question, `NetworkAuthentication ${namespace}/${ref.name} holds`);
      return isInBlocks(addressOf(question, 'from'), found.networks);
    }
    default:
      return false;
  }
}

function isAmong(question: Question, { identities, refs, namespace, name, gaps }: LinkerdIdentity): boolean {
  if (gaps.length > 0) return isPerhaps(question, `MeshTLSAuthentication ${namespace}/${name} holds`);
  if (identities.some((identity) => isIdentity(question, identity))) return true;
  return refs.some((ref) => {
    if (ref.kind === 'Namespace') return identityOf(question)?.namespace === ref.name;
    return isAccount(question, { namespace: ref.namespace === '' ? namespace : ref.namespace, name: ref.name });
  });
}

/** `*`, `*.suffix`, or a whole name. */
function isIdentity(question: Question, wanted: string): boolean {
  const client = identityOf(question);
  if (client === undefined) return false;
  const { namespace: home, trustDomain } = question.linkerd;
  const name = `${client.account}.${client.namespace}.serviceaccount.identity.${home}.${trustDomain}`;
  if (wanted === '*') return true;
  return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
}

function isAccount(question: Question, wanted: { readonly namespace: string; readonly name: string }): boolean {
  const client = identityOf(question);
  return client !== undefined && client.namespace === wanted.namespace && client.account === wanted.name;
}

/** Where it names no networks, those of the cluster. */
export function serverAuthorizationAdmits(question: Question, policy: LinkerdServerAuthorization): boolean {
  const { client, namespace, name, gaps } = policy;
  if (gaps.length > 0) return isPerhaps(question, `ServerAuthorization ${namespace}/${name} admits`);
  const address = addressOf(question, 'from');
  const isNear = client.networks === undefined ? isInCluster(question, address) : isInBlocks(address, client.networks);
  if (!isNear) return false;
  if (client.unauthenticated) return true;
  return (
    (client.unauthenticatedTls && identityOf(question) !== undefined) ||
    client.identities.some((identity) => isIdentity(question, identity)) ||
    client.accounts.some((account) => isAccount(question, account))
  );
}

// ---------------------------------------------------------------- addresses

export function isInCluster({ linkerd }: Question, address: Address): boolean {
  return linkerd.clusterNetworks.some((network) => isInRange(address, network));
}

export function isInBlocks(address: Address, blocks: readonly LinkerdBlock[]): boolean {
  return blocks.some(
    ({ cidr, except }) => isInRange(address, cidr) && !except.some((hole) => isInRange(address, hole)),
  );
}
