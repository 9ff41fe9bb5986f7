import type { ClusterObject } from '#model/object.ts';

/** The objects of a snapshot by kind and by name. */
export interface ObjectIndex {
  readonly all: readonly ClusterObject[];
  /** Those of a kind of a group, whatever the version: `of('', 'Secret')`, `of('rbac.authorization.k8s.io', 'Role')`. */
  readonly of: (group: string, kind: string) => readonly ClusterObject[];
  readonly get: (name: ObjectName) => ClusterObject | undefined;
  readonly inNamespace: (namespace: string) => readonly ClusterObject[];
  /** Whether the input has any object of the group, or of a group that ends so (`.gatekeeper.sh`). */
  readonly hasGroup: (group: string) => boolean;
}

export interface ObjectName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function objectIndexOf(objects: readonly ClusterObject[]): ObjectIndex {
  const byKind = Map.groupBy(objects, ({ group, kind }) => `${group}/${kind}`);
  const byName = new Map(objects.map((object) => [objectId(object), object]));
  const byNamespace = Map.groupBy(objects, ({ namespace }) => namespace);
  const groups = new Set(objects.map(({ group }) => group));
  return {
    all: objects,
    of: (group, kind) => byKind.get(`${group}/${kind}`) ?? [],
    get: (name) => byName.get(objectId(name)),
    inNamespace: (namespace) => byNamespace.get(namespace) ?? [],
    hasGroup: (group) => [...groups].some((own) => own === group || (group.startsWith('.') && own.endsWith(group))),
  };
}

/** `apps/Deployment/shop/web`; `v1/…` is left out of the core group: `/Secret/shop/db`. */
export function objectId({ group, kind, namespace, name }: ObjectName): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
