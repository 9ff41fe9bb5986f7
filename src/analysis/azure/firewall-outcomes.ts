import { subtract } from '#base/intervals.ts';
import { remembered } from '#base/remembered.ts';
import { cellTable } from '#engine/cells.ts';
import { exactly, type Layer, type Rule, type Tier } from '#engine/form.ts';
import type { Grant, GrantTable } from '#engine/grants.ts';
import { settleRequests } from '#engine/requests.ts';
import { type Row, type RowTable, rowTable } from '#engine/rows.ts';
import { assemble, listPolicies, type PolicyList, signatureOf } from '#engine/signatures.ts';
import type { World } from '#engine/world.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import { ALL_TRAFFIC, type TrafficSet } from '#model/traffic.ts';

/** What each kind of rule may do with connections, apart: an address decides about the one, a name about the other. */
export interface FirewallOutcomes {
  /** Equal for sources that no rule tells apart. */
  signatureOf(source: number): string;
  /** What network rules may do with what the source sends to each address, in three rows: see `networkFate`. */
  networkRows(source: number): readonly Row[];
  /** What application rules may do with what it asks of each name. */
  applicationRow(source: number): Row;
}

/** How many rows `networkRows` gives. */
export const NETWORK_ROWS = 3;

/** Traffic for which each end is possible. */
export interface Fate {
  readonly allow: TrafficSet;
  readonly deny: TrafficSet;
  /** No network rule matches: application rules are asked. */
  readonly none: TrafficSet;
}

export function networkFate([allowing, denying, passing]: readonly Grant[]): Fate {
  return {
    allow: allowing!.possible,
    deny: subtract(ALL_TRAFFIC, denying!.allowed),
    none: passing!.possible,
  };
}

export function applicationFate(grant: Grant): Omit<Fate, 'none'> {
  return { allow: grant.possible, deny: subtract(ALL_TRAFFIC, grant.allowed) };
}

/** Rules compiled in a world. */
export interface RulesIn {
  readonly world: World;
  readonly rules: readonly Rule[];
}

/** Sources have one number in both worlds. */
export function outcomesOf(
  grants: GrantTable,
  { network, application }: { readonly network: RulesIn; readonly application: RulesIn },
): FirewallOutcomes {
  const cells = cellTable();
  const listed = ({ world, rules }: RulesIn, onEnd: Tier['onEnd']) => listPolicies(stackOf(world, rules, onEnd), cells);
  const denied = network.rules.map((rule): Rule => (rule.action === 'allow' ? { ...rule, action: 'deny' } : rule));
  // The first says who may be allowed, the second who is not denied, the third, in which every match denies, whom none matches.
  const forNetwork = [listed(network, 'deny'), listed(network, 'pass'), listed({ ...network, rules: denied }, 'pass')];
  const networkTable = rowTable(network.world.everything, grants, cells);
  const nameTable = rowTable(application.world.everything, grants, cells);
  const forNames = listed(application, 'deny');
  const rows = new Map<string, Row>();
  return {
    signatureOf: (source) => `${signatureOf(forNetwork[0]!, ALONE, source)} ${signatureOf(forNames, ALONE, source)}`,
    networkRows: (source) => forNetwork.map((list, index) => rowOf({ list, table: networkTable, index }, source)),
    applicationRow: (source) => rowOf({ list: forNames, table: nameTable, index: NETWORK_ROWS }, source),
  };

  function rowOf({ list, table, index }: Listed, source: number): Row {
    const key = `${index} ${signatureOf(list, ALONE, source)}`;
    return remembered(rows, key, () => table.rowOf(assemble(list, ALONE, source)));
  }
}

interface Listed {
  readonly list: PolicyList;
  readonly table: RowTable;
  readonly index: number;
}

/** The only policy, which selects everybody for certain (`Selected`). */
const ALONE = [1];

function stackOf(world: World, rules: readonly Rule[], onEnd: Tier['onEnd']): Layer['egress'] {
  const ref = { kind: 'AzureFirewall', namespace: '', name: '', origin: NO_ORIGIN };
  const policy = { ref, subject: exactly(world.everything), isolates: true, rules };
  const layer: Layer = { name: 'firewall', egress: [{ name: '', levels: [[policy]], onEnd }], ingress: [] };
  return settleRequests(layer, undefined).egress;
}
