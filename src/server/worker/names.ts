import { escapeControl } from '#base/escape.ts';
import { type Material, once } from './material.ts';

export interface KnownName {
  /** As questions take it: `shop/web`, `svc:shop/web`, `internet`. */
  readonly name: string;
  readonly kind: string;
}

const FIXED: readonly KnownName[] = [
  { name: 'internet', kind: 'the internet' },
  { name: 'apiserver', kind: 'the Kubernetes API' },
];

/** Names for completion. Those that begin so come first, then those with a part that begins so, then any that hold it. */
export function namesFor(material: Material, text: string, limit: number): readonly KnownName[] {
  const wanted = text.toLowerCase();
  const ranked: KnownName[][] = [[], [], []];
  for (const known of once(material, 'names', () => allNames(material))) {
    const rank = rankOf(known.name.toLowerCase(), wanted);
    if (rank !== undefined && ranked[rank]!.length < limit) ranked[rank]!.push(known);
  }
  return ranked.flat().slice(0, limit);
}

function rankOf(name: string, wanted: string): number | undefined {
  if (name.startsWith(wanted)) return 0;
  const at = name.indexOf(wanted);
  if (at < 0) return undefined;
  return /[/:.-]/.test(name[at - 1]!) ? 1 : 2;
}

function allNames({ analysis, snapshot }: Material): readonly KnownName[] {
  const { owners, namespaces, nodes } = analysis.engine.world;
  const kinds = new Map<string, Set<string>>();
  for (const { namespace, name, kind } of owners) {
    const key = `${namespace}/${name}`;
    kinds.set(key, (kinds.get(key) ?? new Set()).add(kind));
  }
  // A name that two kinds have says which it means.
  const workloads = owners.map(({ namespace, name, kind }) => ({
    name: kinds.get(`${namespace}/${name}`)!.size > 1 ? `${namespace}/${kind}/${name}` : `${namespace}/${name}`,
    kind,
  }));
  return [
    ...workloads,
    ...FIXED,
    ...[...namespaces.keys()].map((name) => ({ name: `ns:${name}`, kind: 'Namespace' })),
    ...snapshot.services.map(({ namespace, name }) => ({ name: `svc:${namespace}/${name}`, kind: 'Service' })),
    ...snapshot.pods.map(({ namespace, name }) => ({ name: `pod:${namespace}/${name}`, kind: 'Pod' })),
    ...nodes.map(({ name }) => ({ name: `node:${name}`, kind: 'Node' })),
  ].map(({ name, kind }) => ({ name: escapeControl(name), kind }));
}
