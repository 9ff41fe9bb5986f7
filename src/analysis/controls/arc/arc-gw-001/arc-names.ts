import type { ApplicationRule } from '#model/azure/firewall.ts';
import { ENDPOINT_ROWS } from '../../../../data/azure/endpoints.ts';

/** Documented names of Azure Arc in lower case, without the parts that Azure or a region makes. */
const NAMES = new Set(
  ENDPOINT_ROWS.filter(({ feature }) => /^arc/.test(feature)).flatMap(({ name }) =>
    name === undefined ? [] : [name.toLowerCase().replace(/<[a-z]+>/g, '*')],
  ),
);

/** Names of a rule with a wildcard that hold a documented name of Azure Arc and are not that name. */
export function widerThanArc({ names }: ApplicationRule): string[] {
  return names.flatMap((item) => {
    if (item.kind !== 'name' || !item.name.startsWith('*.')) return [];
    const text = item.name.toLowerCase();
    if (NAMES.has(text)) return [];
    const ending = text.slice(1);
    return [...NAMES].some((known) => known.endsWith(ending)) ? [item.name] : [];
  });
}
