import { useEffect, useMemo, useState } from 'react';
import { narrowed } from '#analysis/matrix/narrow.ts';
import type { MatrixAnswer } from '../../api/answers.ts';
import { getBytes, Problem, withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { groupsOf, type Seat, seatsOf } from './axis.ts';
import type { AnyCell } from './looks.ts';
import type { Heading } from './painter.ts';
import { TileStore } from './tiles.ts';

/** What is asked of the matrix: a part of the address. */
export interface MatrixAsked {
  readonly level: 'namespace' | 'workload';
  readonly port: string;
  /** Id of a snapshot to compare with. */
  readonly base: string;
  readonly filter: string;
}

export interface Matrix {
  readonly asked: MatrixAsked;
  readonly level: 'namespace' | 'workload';
  readonly seats: readonly Seat[];
  readonly rows: Heading;
  readonly columns: Heading;
  readonly cells: readonly AnyCell[];
  readonly store: TileStore;
  /** Has tiles that come told; gives back how to stop. */
  readonly watch: (listener: () => void) => () => void;
}

export interface MatrixState {
  readonly matrix: Matrix | undefined;
  readonly size: number;
  readonly problem: Problem | undefined;
  /** Why the filter means nothing; the matrix is then whole. */
  readonly filterProblem: string | undefined;
  readonly loading: boolean;
}

/** Rows and columns at once, cells as they are looked at. A newer revision takes the place of the older when it is there. */
export function useMatrix(given: MatrixAsked): MatrixState {
  const { level, port, base, filter } = given;
  const compared = base === '' ? {} : { base, port };
  const path = withQuery('/matrix', { level, ...compared, limit: '50000' });
  const { data, problem, loading } = useAnswer<MatrixAnswer>(path);
  const [tileProblem, setTileProblem] = useState<Problem | undefined>(undefined);
  const { seats, narrowing } = useMemo(() => {
    const own = data === undefined ? [] : seatsOf(data);
    return { seats: own, narrowing: narrowed(data?.endpoints ?? [], filter) };
  }, [data, filter]);
  const matrix = useMemo(() => {
    if (data === undefined) return undefined;
    const asked = { level, port, base, filter: narrowing.kind === 'ok' ? filter : '' };
    return matrixOf({ data, seats, narrowing, asked, onProblem: setTileProblem });
  }, [data, seats, narrowing, level, port, base, filter]);
  useEffect(() => {
    setTileProblem(undefined);
    return () => matrix?.store.close();
  }, [matrix]);
  const near = narrowing.kind === 'ok' || narrowing.near.length === 0 ? '' : `: ${narrowing.near.join(', ')}`;
  return {
    matrix,
    size: data?.size ?? 0,
    problem: problem ?? tileProblem,
    filterProblem: narrowing.kind === 'ok' ? undefined : `${narrowing.message}${near}`,
    loading,
  };
}

/** Shows anew when tiles come. */
export function useComing(matrix: Matrix): void {
  const [, setComes] = useState(0);
  useEffect(() => matrix.watch(() => setComes((count) => count + 1)), [matrix]);
}

interface Parts {
  readonly data: MatrixAnswer;
  readonly seats: readonly Seat[];
  readonly narrowing: ReturnType<typeof narrowed>;
  readonly asked: MatrixAsked;
  readonly onProblem: (problem: Problem) => void;
}

function matrixOf({ data, seats, narrowing, asked, onProblem }: Parts): Matrix {
  const all = [...seats.keys()];
  const rows = narrowing.kind === 'ok' ? narrowing.rows : all;
  const columns = narrowing.kind === 'ok' ? narrowing.columns : all;
  const listeners = new Set<() => void>();
  const { level, port, base, filter } = asked;
  const store = new TileStore({
    rows: rows.length,
    columns: columns.length,
    load: (high, wide, signal) => {
      const part = { rows: `${high.first}-${high.end}`, columns: `${wide.first}-${wide.end}` };
      return getBytes(withQuery('/matrix/tile', { level, port, base, filter, ...part }), signal);
    },
    onCome: () => {
      for (const listener of listeners) listener();
    },
    onProblem: (error) => onProblem(error instanceof Problem ? error : new Problem(0, String(error))),
  });
  return {
    asked,
    level: data.level,
    seats,
    rows: { seats, places: rows, groups: groupsOf(seats, rows) },
    columns: { seats, places: columns, groups: groupsOf(seats, columns) },
    cells: data.cells,
    store,
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
