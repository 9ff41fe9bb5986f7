import { type Family, HIGHEST } from '#base/address.ts';
import type { CalicoRule } from '#model/calico.ts';

/**
 * The address families in which a rule is programmed at all: for each list of blocks that has entries, those of its
 * entries, and not one of which a negative list takes out everything (felix/rules FilterRuleToIPVersion).
 */
export function familiesOf({ ipVersion, source, destination }: CalicoRule): Family[] {
  const positive = [source.nets, destination.nets];
  const negative = [source.notNets, destination.notNets];
  return ([4, 6] as const).filter((family) => {
    if (ipVersion !== undefined && ipVersion !== family) return false;
    if (![...positive, ...negative].every((list) => list.length === 0 || list.some((net) => net.family === family)))
      return false;
    const isWhole = (net: CalicoRule['source']['nets'][number]) =>
      net.family === family && net.lo === 0n && net.hi === HIGHEST[family];
    return !negative.some((list) => list.some(isWhole));
  });
}
