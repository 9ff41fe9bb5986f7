import '../style/screens/reach.css';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useLive } from '../api/live.ts';
import { useCommand } from '../parts/command.ts';
import { FilterBox } from '../parts/filter-box.tsx';
import { Problem } from '../parts/problem.tsx';
import { Screen, Waiting } from '../parts/screen.tsx';
import { choose, usePlace } from '../shell/location.tsx';
import { Grid } from './reach/grid.tsx';
import { Legend } from './reach/legend.tsx';
import { type Pair, pairAt, placeOf } from './reach/pair.ts';
import { PairList } from './reach/pair-list.tsx';
import { Said } from './reach/said.tsx';
import { Side } from './reach/side.tsx';
import { TakeAlong } from './reach/take-along.tsx';
import { Toolbar } from './reach/toolbar.tsx';
import { type Matrix, useMatrix } from './reach/use-matrix.ts';
import { fittingSize, SIZES, type Viewport, zoomed } from './reach/viewport.ts';

/** So many workloads are told apart at first sight. */
const FEW = 150;
/** Pixels that a matrix has for its cells on a usual screen. */
const USUAL_ROOM = 560;

/** Who can reach whom, all of it: from namespaces to workloads to the ports of a pair. */
export function Reach(): ReactNode {
  const { query } = usePlace();
  const workloads = useLive().environment?.counts.workloads;
  const base = query.get('base') ?? '';
  const chosen = query.get('level');
  const level =
    (chosen ?? ((workloads ?? FEW + 1) > FEW ? 'namespace' : 'workload')) === 'workload' ? 'workload' : 'namespace';
  const filter = query.get('q') ?? '';
  const state = useMatrix({ level, base, port: query.get('port') ?? '', filter });
  const command = useCommand(['map'], level === 'namespace' ? ['--fold', 'always'] : []);
  const { matrix, size, problem } = state;
  return (
    <Screen title="Reach" about="Who can reach whom: a row sends, a column receives" command={command}>
      <div className="reach-bar">
        <FilterBox
          filter={filter}
          problem={state.filterProblem}
          shown={matrix?.store.rows ?? 0}
          of={`${size} rows, ${matrix?.store.columns ?? 0} of ${size} columns`}
          hint="from:shop to:*/db -kind:external"
        />
        <Toolbar level={matrix?.level ?? level} isCompared={base !== ''} />
      </div>
      {problem !== undefined && <Problem of={problem} />}
      {matrix === undefined && problem === undefined && <Waiting />}
      {matrix !== undefined && <Shown matrix={matrix} isLoading={state.loading} />}
    </Screen>
  );
}

function Shown({ matrix, isLoading }: { readonly matrix: Matrix; readonly isLoading: boolean }): ReactNode {
  if (matrix.store.rows === 0 || matrix.store.columns === 0) return <Nothing matrix={matrix} />;
  return (
    <div aria-busy={isLoading}>
      <Board matrix={matrix} />
    </div>
  );
}

function Nothing({ matrix }: { readonly matrix: Matrix }): ReactNode {
  const isSame = matrix.asked.base !== '' && matrix.seats.length === 0;
  return (
    <p className="card quiet" role="status">
      {isSame
        ? 'Nothing changed since that snapshot: who can reach whom is what it was.'
        : 'No row and column is left by the filter.'}
    </p>
  );
}

/** The matrix, or its list, with what is said about the cell that the reader is at. */
function Board({ matrix }: { readonly matrix: Matrix }): ReactNode {
  const { query } = usePlace();
  const opened: Pair = { from: query.get('from') ?? '', to: query.get('to') ?? '' };
  const isOpened = opened.from !== '' && opened.to !== '';
  const [pair, setPair] = useState(opened);
  useFollowed(opened, setPair);
  const cursor = placeOf(matrix, pair);
  const view = useRef<Viewport | undefined>(undefined);
  const onView = useCallback((seen: Viewport) => {
    view.current = seen;
  }, []);
  const cell = sizeIn(query.get('z'), matrix);
  const open = (at: Pair) => {
    setPair(at);
    choose({ ...at }, 'push');
  };
  const isList = query.get('view') === 'list';
  return (
    <div className={isOpened ? 'reach with-side' : 'reach'}>
      <div className="reach-main">
        {isList ? (
          <PairList matrix={matrix} cursor={cursor} onOpen={(place) => open(pairAt(matrix, place))} />
        ) : (
          <Grid
            matrix={matrix}
            cell={cell}
            cursor={cursor}
            onMove={(place) => setPair(pairAt(matrix, place))}
            onOpen={(place) => open(pairAt(matrix, place))}
            onZoom={(step) => zoom(matrix, { cell, step, pair: pairAt(matrix, cursor) })}
            onView={onView}
          />
        )}
        <Said matrix={matrix} place={cursor} />
        <div className="reach-foot">
          <Legend matrix={matrix} />
          <TakeAlong matrix={matrix} view={() => view.current} cursor={cursor} isList={isList} />
        </div>
      </div>
      {isOpened && <Side matrix={matrix} pair={opened} />}
    </div>
  );
}

/** A link, or Back, opened another pair. */
function useFollowed({ from, to }: Pair, setPair: (pair: Pair) => void): void {
  const before = useRef(`${from} ${to}`);
  useEffect(() => {
    if (before.current === `${from} ${to}`) return;
    before.current = `${from} ${to}`;
    if (from !== '' && to !== '') setPair({ from, to });
  }, [from, to, setPair]);
}

function sizeIn(text: string | null, { store }: Matrix): number {
  const told = SIZES.find((size) => `${size}` === text);
  return told ?? Math.max(16, fittingSize(USUAL_ROOM, Math.max(store.rows, store.columns)));
}

interface Zooming {
  readonly cell: number;
  readonly step: 1 | -1;
  readonly pair: Pair;
}

/** Past the largest namespaces come their workloads, and past the smallest workloads their namespaces. */
function zoom({ level, asked }: Matrix, { cell, step, pair }: Zooming): void {
  const next = zoomed(cell, step);
  const isFolding = asked.base === '';
  if (isFolding && level === 'namespace' && step === 1 && cell >= 24)
    choose({ level: 'workload', z: '12', from: pair.from, to: pair.to });
  else if (next !== undefined) choose({ z: `${next}` });
  else if (isFolding && level === 'workload') choose({ level: 'namespace', z: undefined });
}
