import type { AddressItem, Settled } from '#model/azure/entity.ts';
import type { DnatRule, Firewall, RuleCollection } from '#model/azure/firewall.ts';
import { addressReaderOf } from './address-items.ts';
import { firewallTraffic } from './firewall-rule.ts';
import { policyChain } from './firewall-rules.ts';
import type { RangeSpan } from './ranges.ts';
import type { TrafficSpan } from './traffic.ts';
import type { AzureView } from './view.ts';

/** What a firewall translates and lets in: "a match is allowed, no other rule is needed" (rule processing logic). */
export interface DnatTarget {
  readonly collection: RuleCollection;
  readonly rule: DnatRule;
  readonly sources: RangeSpan;
  /** Addresses of the firewall that are dialled. */
  readonly destinations: RangeSpan;
  readonly traffic: TrafficSpan;
  /** An address, or a name that the firewall resolves; absent where the rule names none that could be read. */
  readonly to?: AddressItem;
  /** Absent: as dialled. */
  readonly port?: Settled<number>;
}

/** In the order in which they are asked: of several that match the first counts. */
export function dnatTargets(view: AzureView, firewall: Firewall): readonly DnatTarget[] {
  const reader = addressReaderOf(view);
  return policyChain(view, firewall).collections.flatMap((collection) =>
    collection.rules.flatMap((rule): DnatTarget[] => {
      if (rule.kind !== 'dnat') return [];
      const { sources, destinations, translatedAddress, translatedPort } = rule;
      return [
        {
          collection,
          rule,
          sources: reader.ranges(sources),
          destinations: reader.ranges(destinations),
          traffic: firewallTraffic(rule),
          ...(translatedAddress !== undefined && { to: translatedAddress }),
          ...(translatedPort !== undefined && { port: translatedPort }),
        },
      ];
    }),
  );
}
