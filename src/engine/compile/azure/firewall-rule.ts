import { unite } from '#base/intervals.ts';
import type { DnatRule, FirewallRule, NetworkRule } from '#model/azure/firewall.ts';
import { ALL_TRAFFIC, NO_TRAFFIC, type TrafficSet } from '#model/traffic.ts';
import { type Box, exactTraffic } from '../../form.ts';
import { perhaps } from '../../spans.ts';
import type { Azure } from './context.ts';
import { applicationBoxes } from './firewall-application.ts';
import { type FirewallEnds, withTraffic } from './firewall-ends.ts';
import { isEveryPort, ruleTraffic, type TrafficSpan } from './traffic.ts';

/** What the rules of one firewall are read with. */
export interface RuleReading {
  readonly azure: Azure;
  readonly ends: FirewallEnds;
  /** Whether a policy has a certificate to look into TLS with. */
  readonly inspectsTls: boolean;
}

/** The connections that one rule means. */
export function boxesOfRule(reading: RuleReading, rule: FirewallRule): Box[] {
  switch (rule.kind) {
    case 'network':
    case 'dnat':
      return networkBoxes(reading, rule);
    case 'application':
      return applicationBoxes(reading, rule);
    case 'unread':
      return [{ peers: perhaps(reading.azure.world.everything, 'unread-field'), traffic: exactTraffic(ALL_TRAFFIC) }];
  }
}

// ---------------------------------------------------------------- network rules

function networkBoxes({ ends }: RuleReading, rule: NetworkRule | DnatRule): Box[] {
  const traffic = firewallTraffic(rule);
  return withTraffic(ends.boxes(rule.sources, ends.destinations(rule.destinations)), traffic);
}

/** "Any" is every protocol; with ports it is those that Azure Firewall knows ports of, TCP and UDP. */
export function firewallTraffic({ protocols, ports }: Pick<NetworkRule, 'protocols' | 'ports'>): TrafficSpan {
  const spans = protocols.flatMap((protocol): TrafficSpan[] => {
    if (protocol !== 'any' || ports.length === 0 || isEveryPort(ports)) return [ruleTraffic(protocol, ports)];
    return [ruleTraffic('tcp', ports), ruleTraffic('udp', ports)];
  });
  const doubt = spans.find((span) => span.doubt !== undefined)?.doubt;
  const must = spans.reduce<TrafficSet>((sum, span) => unite(sum, span.must), NO_TRAFFIC);
  if (doubt === undefined) return { must, may: must };
  return { must, may: spans.reduce<TrafficSet>((sum, span) => unite(sum, span.may), NO_TRAFFIC), doubt };
}
