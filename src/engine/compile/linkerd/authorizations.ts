import type {
  LinkerdAuthorization,
  LinkerdRef,
  LinkerdRoute,
  LinkerdServer,
  LinkerdServerAuthorization,
} from '#model/linkerd.ts';
import type { Gap } from '#model/resource.ts';
import type { PolicyRef } from '#model/verdict.ts';
import { exactly } from '../../form.ts';
import { matchesLabels } from '../../select.ts';
import { meetSpans } from '../span-sets.ts';
import { type Client, clusterNetworks, type Mesh, networksOf, withAccount, withIdentity } from './mesh.ts';

/** Somebody who is let in, by which object. */
export interface Grantee {
  readonly ref: PolicyRef;
  readonly client: Client;
  readonly gaps: readonly Gap[];
}

/** Who is let in to a whole Server: by its authorizations, and by those of its namespace. */
export function grantsTo(mesh: Mesh, server: LinkerdServer): Grantee[] {
  const { snapshot } = mesh;
  const own = snapshot.linkerdServerAuthorizations
    .filter((each) => each.namespace === server.namespace && isFor(each, server))
    .map((each) => ({ ref: refOf(each, each.kind), client: clientOf(mesh, each), gaps: each.gaps }));
  const targeted = snapshot.linkerdAuthorizations.filter(
    ({ namespace, target }) =>
      namespace === server.namespace &&
      ((target.kind === 'Server' && target.name === server.name) ||
        // Of another namespace it is for nobody.
        (target.kind === 'Namespace' && target.name === namespace)),
  );
  return [...own, ...targeted.flatMap((each) => granted(mesh, each))];
}

/** Who is let in by authorizations of a route. */
export function grantsToRoute(mesh: Mesh, route: LinkerdRoute): Grantee[] {
  const [group] = route.apiVersion.split('/');
  return mesh.snapshot.linkerdAuthorizations
    .filter(
      ({ namespace, target }) =>
        namespace === route.namespace &&
        target.kind === route.kind &&
        target.name === route.name &&
        // Two groups have an HTTPRoute; one that is not given is not told apart.
        (target.group === '' || target.group === group),
    )
    .flatMap((each) => granted(mesh, each));
}

function isFor({ server: wanted }: LinkerdServerAuthorization, server: LinkerdServer): boolean {
  return 'name' in wanted ? wanted.name === server.name : matchesLabels(wanted.selector, server.labels);
}

function clientOf(mesh: Mesh, { client }: LinkerdServerAuthorization): Client {
  const networks = client.networks === undefined ? clusterNetworks(mesh) : networksOf(mesh, client.networks);
  if (client.unauthenticated) return { networks, identity: 'none' };
  if (client.unauthenticatedTls) return { networks, identity: 'any' };
  const byName = withIdentity(mesh, client.identities);
  const byAccount = withAccount(mesh, client.accounts);
  const must = byName.must.map((word, index) => word | byAccount.must[index]!);
  return { networks, identity: exactly(must) };
}

/** A policy whose references are not all there is left out, which lets nobody in. */
function granted(mesh: Mesh, policy: LinkerdAuthorization): Grantee[] {
  const ref = refOf(policy, 'AuthorizationPolicy.policy.linkerd.io');
  let client: Client = { identity: 'none' };
  const gaps: Gap[] = [...policy.gaps];
  for (const required of policy.required) {
    const found = resolve(mesh, policy.namespace, required);
    if (found === undefined) return [];
    client = both(client, found.client);
    gaps.push(...found.gaps);
  }
  return [{ ref, client, gaps }];
}

function both(a: Client, b: Client): Client {
  const networks =
    a.networks === undefined || b.networks === undefined
      ? (a.networks ?? b.networks)
      : meetSpans(a.networks, b.networks);
  const identity = a.identity === 'none' || a.identity === 'any' ? b.identity : a.identity;
  return { identity, ...(networks !== undefined && { networks }) };
}

interface Resolved {
  readonly client: Client;
  readonly gaps: readonly Gap[];
}

/** What a reference of an authorization means; undefined where the object is not there. */
function resolve(mesh: Mesh, home: string, { kind, name, namespace }: LinkerdRef): Resolved | undefined {
  const { snapshot } = mesh;
  const space = namespace === '' ? home : namespace;
  const isIt = (each: { readonly namespace: string; readonly name: string }) =>
    each.namespace === space && each.name === name;
  switch (kind) {
    case 'ServiceAccount':
      return { client: { identity: withAccount(mesh, [{ name, namespace: space }]) }, gaps: [] };
    case 'NetworkAuthentication': {
      const found = snapshot.linkerdNetworks.find(isIt);
      return found && { client: { identity: 'none', networks: networksOf(mesh, found.networks) }, gaps: found.gaps };
    }
    case 'MeshTLSAuthentication': {
      const found = snapshot.linkerdIdentities.find(isIt);
      if (found === undefined) return undefined;
      const byName = withIdentity(mesh, found.identities);
      const accounts = found.refs.map((each) => ({
        namespace: each.kind === 'Namespace' ? each.name || found.namespace : each.namespace || found.namespace,
        ...(each.kind !== 'Namespace' && { name: each.name }),
      }));
      const byAccount = withAccount(mesh, accounts);
      const must = byName.must.map((word, index) => word | byAccount.must[index]!);
      return { client: { identity: found.identities.includes('*') ? 'any' : exactly(must) }, gaps: found.gaps };
    }
    default:
      return undefined;
  }
}

function refOf(
  { namespace, name, origin }: LinkerdServerAuthorization | LinkerdAuthorization,
  kind: string,
): PolicyRef {
  return { kind, namespace, name, origin };
}
