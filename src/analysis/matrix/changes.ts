import type { DiffAnswer, EndpointEntry } from '#model/answers.ts';
import { CHANGE_CELLS, type ChangeCell } from '#model/matrix.ts';
import type { Analysis } from '../analysis.ts';
import { align } from '../diff/align.ts';
import type { Change } from '../diff/change.ts';
import { compareEngines } from '../diff/changed-pairs.ts';
import { gathered } from '../diff/gather.ts';
import type { Presence } from '../diff/twins.ts';
import { PORT_SCOPE, type Scope } from '../scope.ts';

/** Endpoints with a change, and which of their pairs changed. The same changes as `diff` tells. */
export interface ChangeMatrix {
  readonly engine: DiffAnswer['engine']['head'];
  readonly endpoints: readonly (EndpointEntry & { readonly presence: Presence })[];
  /** Whether endpoints are namespaces: more changed than anybody can read. */
  readonly folded: boolean;
  /** Cells of a row by column; a row without a change has no entry. */
  readonly rows: ReadonlyMap<number, Uint8Array>;
}

export function changeMatrixOf(base: Analysis, head: Analysis, scope: Scope = PORT_SCOPE): ChangeMatrix {
  const { twins, pairs, folded } = gathered(compareEngines(align(base, head), scope.traffic));
  const named = [...new Set(pairs.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const placeOf = new Map(named.map((index, place) => [index, place]));
  const rows = new Map<number, Uint8Array>();
  for (const { from, to, change } of pairs) {
    const place = placeOf.get(from)!;
    const row = rows.get(place) ?? new Uint8Array(named.length);
    rows.set(place, row);
    row[placeOf.get(to)!] = CHANGE_CELLS.indexOf(cellOf(change));
  }
  const endpoints = named.map((index) => ({ ...twins[index]!.entry, presence: twins[index]!.presence }));
  return { engine: head.entry, endpoints, folded, rows };
}

function cellOf({ opened, closed }: Change): ChangeCell {
  if (opened.length > 0) return closed.length > 0 ? 'both' : 'opened';
  return closed.length > 0 ? 'closed' : 'unsettled';
}
