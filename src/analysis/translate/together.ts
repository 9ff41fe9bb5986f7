import type { CalicoPolicy } from '#model/calico.ts';
import type { PlainObject } from '#model/plain.ts';
import type { ClusterPolicy, Resource } from '#model/resource.ts';
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
 * What must move at once: a tier whose priorities become orders of a tier of Calico; and under another engine all
 * policies of Calico as soon as one denies, since order decides between them. Everything else moves alone.
 */
export function grouped(all: readonly Said[], way: Way, isSameEngine: boolean): Grouped {
  if (way.dialect === 'cluster' && way.to === 'calico')
    return joined(
      Map.groupBy(all, ({ source }) => tierOf(source)),
      true,
    );
  if (way.dialect === 'calico' && !isSameEngine && all.some(hangsOnOrder)) return joined(new Map([['', all]]), false);
  if (way.dialect === 'cluster' && !isSameEngine && way.to === 'cilium')
    return joined(
      Map.groupBy(all, ({ source }) => tierOf(source)),
      false,
    );
  return {
    units: all.filter(({ objections }) => objections.length === 0).map((said) => unitOf([said])),
    refused: all.filter(({ objections }) => objections.length > 0),
  };
}

function tierOf(source: Resource): string {
  return (source as ClusterPolicy).tier;
}

/** Only allows of one tier may be asked in any order. */
function hangsOnOrder({ source }: Said): boolean {
  const { tier, ingress, egress } = source as CalicoPolicy;
  return tier !== 'default' || [...ingress, ...egress].some(({ action }) => action === 'deny' || action === 'pass');
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
