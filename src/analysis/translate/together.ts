import type { PlainObject } from '#model/plain.ts';
import type { Resource } from '#model/resource.ts';
import type { Objection } from './plain.ts';
import type { Unit } from './prove.ts';
import type { Said } from './said.ts';
import type { Way } from './ways.ts';
import { tierDocument } from './write-calico.ts';

export interface Grouped {
  readonly units: readonly Unit[];
  readonly refused: readonly { readonly source: Resource; readonly objections: readonly Objection[] }[];
}

/**
 * What must move at once: a tier whose priorities become orders of a tier of Calico; and under another engine policies of
 * Calico for the same pods as soon as one denies, since order decides between them. Everything else moves alone.
 */
export function grouped(all: readonly Said[], way: Way, isSameEngine: boolean): Grouped {
  if (way.dialect === 'cluster' && way.to === 'calico') return joined(byTier(all), true);
  if (way.dialect === 'cluster' && way.to === 'cilium') return joined(byTier(all), false);
  if (way.dialect === 'calico' && !isSameEngine) return joined(neighbours(all), false);
  return joined(new Map(all.map((said, index) => [`${index}`, [said]])), false);
}

function byTier(all: readonly Said[]): ReadonlyMap<string, readonly Said[]> {
  return Map.groupBy(all, ({ tier }) => tier ?? '');
}

/**
 * Policies of different namespaces are for different pods, unless one is for the cluster; and where all only allow, in
 * one tier, they may be asked in any order.
 */
function neighbours(all: readonly Said[]): ReadonlyMap<string, readonly Said[]> {
  const isOfCluster = all.some(({ source }) => source.namespace === '');
  const ordered = new Set(all.filter((said) => said.hangsOnOrder).map(({ source }) => source.namespace));
  if (isOfCluster && ordered.size > 0) return new Map([['', all]]);
  return Map.groupBy(all, ({ source: { kind, namespace, name } }) =>
    ordered.has(namespace) ? namespace : `${kind}/${namespace}/${name}`,
  );
}

function joined(groups: ReadonlyMap<string, readonly Said[]>, withTier: boolean): Grouped {
  const units: Unit[] = [];
  const refused: { source: Resource; objections: readonly Objection[] }[] = [];
  for (const [tier, group] of groups) {
    const stuck = group.find(({ objections }) => objections.length > 0);
    if (stuck === undefined)
      units.push(unitOf(group, withTier ? [tierDocument(tier === 'Admin' ? 'Admin' : 'Baseline')] : []));
    else for (const said of group) refused.push({ source: said.source, objections: objectionsOf(said, stuck) });
  }
  return { units, refused };
}

function objectionsOf({ source, objections }: Said, stuck: Said): readonly Objection[] {
  if (objections.length > 0) return objections;
  const { kind, namespace, name } = stuck.source;
  const other = `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
  const why = `its order beside ${other} decides, which cannot be translated`;
  return [{ reason: 'moves-together', path: 'spec', why, origin: source.origin }];
}

function unitOf(group: readonly Said[], first: readonly PlainObject[] = []): Unit {
  const namespaces = new Set(group.map(({ source }) => source.namespace));
  return {
    sources: group.map(({ source }) => source),
    documents: [...first, ...group.flatMap(({ documents }) => documents)],
    notes: [...new Set(group.flatMap(({ notes }) => notes))],
    namespace: namespaces.size === 1 ? [...namespaces][0]! : '',
  };
}
