import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { announce } from '../../parts/announce.tsx';
import { cellAtPlace, nextOfInterest, seatsAt, sentenceOf } from './pair.ts';
import { type StageControl, useStage } from './stage.ts';
import { type Matrix, useComing } from './use-matrix.ts';
import { type CellPlace, cellAt, type Viewport, visibleColumns, visibleRows } from './viewport.ts';

export interface GridProps {
  readonly matrix: Matrix;
  readonly cell: number;
  readonly cursor: CellPlace;
  readonly onMove: (place: CellPlace) => void;
  readonly onOpen: (place: CellPlace) => void;
  readonly onZoom: (step: 1 | -1) => void;
  /** What is on screen, whenever it changes: for copies of the visible part. */
  readonly onView: (view: Viewport) => void;
}

/** The matrix: a picture for the eye, and a grid with one cell at a time for whoever listens. */
export function Grid(props: GridProps): ReactNode {
  const { matrix, cursor, cell } = props;
  const frame = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const stage = useStage(frame, props);
  const drag = useDrag({ frame, grid }, stage, props);
  const { rows, columns } = matrix.store;
  useComing(matrix);
  const { from, to } = seatsAt(matrix, cursor);
  return (
    <div ref={frame} className="matrix" {...drag}>
      <div className="voice">
        <table
          ref={grid}
          className="unseen"
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the grid of the ARIA Authoring Practices, one cell of it at a time
          role="grid"
          tabIndex={0}
          aria-label="Who can reach whom"
          aria-describedby="reach-keys"
          aria-rowcount={rows + 1}
          aria-colcount={columns + 1}
          aria-activedescendant={`cell-${cursor.row}-${cursor.column}`}
          aria-readonly="true"
          onKeyDown={(event) => onKey(event, props, stage.view())}
        >
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" aria-colindex={1}>
                from
              </th>
              <th scope="col" aria-colindex={cursor.column + 2}>
                {to.name}
              </th>
            </tr>
          </thead>
          <tbody>
            <tr aria-rowindex={cursor.row + 2}>
              <th scope="row" aria-colindex={1}>
                {from.name}
              </th>
              <td
                id={`cell-${cursor.row}-${cursor.column}`}
                aria-colindex={cursor.column + 2}
                data-cell={cellAtPlace(matrix, cursor)}
              >
                {sentenceOf(matrix, cursor)}
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      <div className="plane" style={{ width: stage.left + columns * cell + 24, height: stage.top + rows * cell + 24 }}>
        <canvas ref={stage.canvas} />
      </div>
    </div>
  );
}

function onKey(event: KeyboardEvent, props: GridProps, view: Viewport): void {
  if (event.altKey || event.metaKey || !act(event, props, view)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Whether the key meant something. */
function act({ key, ctrlKey }: KeyboardEvent, props: GridProps, view: Viewport): boolean {
  const { matrix, cursor, onMove, onOpen, onZoom } = props;
  const moved = movedBy(key, { cursor, ctrlKey, view });
  if (moved !== undefined) {
    onMove({ row: clamp(moved.row, view.rows), column: clamp(moved.column, view.columns) });
    return true;
  }
  if (ctrlKey) return false;
  if (key === 'Enter') onOpen(cursor);
  else if (key === '+' || key === '=') onZoom(1);
  else if (key === '-') onZoom(-1);
  else if (key === ']' || key === '[') void step(props, key === ']' ? 1 : -1);
  else return false;
  return matrix.store.rows > 0;
}

async function step({ matrix, cursor, onMove }: GridProps, way: 1 | -1): Promise<void> {
  const what = matrix.asked.base === '' ? 'denied' : 'changed';
  const found = await nextOfInterest(matrix, cursor, way);
  if (found === undefined) announce(`no ${what} cell ${way === 1 ? 'after' : 'before'} this one`);
  else onMove(found);
}

interface Moving {
  readonly cursor: CellPlace;
  readonly ctrlKey: boolean;
  readonly view: Viewport;
}

function movedBy(key: string, { cursor: { row, column }, ctrlKey, view }: Moving): CellPlace | undefined {
  const shown = visibleRows(view);
  const page = Math.max(1, shown.end - shown.first - 2);
  const wide = visibleColumns(view);
  const across = Math.max(1, wide.end - wide.first - 2);
  switch (key) {
    case 'ArrowDown':
      return { row: row + (ctrlKey ? page : 1), column };
    case 'ArrowUp':
      return { row: row - (ctrlKey ? page : 1), column };
    case 'ArrowRight':
      return { row, column: column + (ctrlKey ? across : 1) };
    case 'ArrowLeft':
      return { row, column: column - (ctrlKey ? across : 1) };
    case 'PageDown':
      return { row: row + page, column };
    case 'PageUp':
      return { row: row - page, column };
    case 'Home':
      return ctrlKey ? { row: 0, column: 0 } : { row, column: 0 };
    case 'End':
      return ctrlKey ? { row: view.rows - 1, column: view.columns - 1 } : { row, column: view.columns - 1 };
    default:
      return undefined;
  }
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index));
}

/** Pixels that a press may move and still be a click. */
const CLICK = 4;

interface Elements {
  readonly frame: React.RefObject<HTMLDivElement | null>;
  readonly grid: React.RefObject<HTMLTableElement | null>;
}

/** A drag moves the picture; a click takes the cell, and a second one on it opens it. */
function useDrag({ frame, grid }: Elements, stage: StageControl, props: GridProps) {
  const start = useRef<{ x: number; y: number; left: number; top: number; moved: boolean } | undefined>(undefined);
  const placeOf = (event: PointerEvent | React.MouseEvent) => {
    const box = frame.current!.getBoundingClientRect();
    return cellAt(stage.view(), event.clientX - box.left, event.clientY - box.top);
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = frame.current!;
      const box = frame.current!.getBoundingClientRect();
      // Scroll bars are the browser's own.
      if (event.button !== 0 || event.clientX - box.left > clientWidth || event.clientY - box.top > clientHeight)
        return;
      event.preventDefault();
      grid.current!.focus({ preventScroll: true });
      start.current = { x: event.clientX, y: event.clientY, left: scrollLeft, top: scrollTop, moved: false };
    },
    onPointerMove: (event: PointerEvent) => {
      const from = start.current;
      if (from === undefined || event.buttons === 0) {
        stage.hover(placeOf(event));
        return;
      }
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!from.moved && Math.hypot(dx, dy) > CLICK) {
        from.moved = true;
        frame.current!.setPointerCapture(event.pointerId);
      }
      if (from.moved) frame.current!.scrollTo(from.left - dx, from.top - dy);
    },
    onPointerUp: (event: PointerEvent) => {
      const wasDrag = start.current?.moved ?? true;
      start.current = undefined;
      const place = wasDrag ? undefined : placeOf(event);
      if (place === undefined) return;
      const isSame = place.row === props.cursor.row && place.column === props.cursor.column;
      if (!isSame) props.onMove(place);
      props.onOpen(place);
    },
    onPointerLeave: () => stage.hover(undefined),
    onDoubleClick: (event: React.MouseEvent) => {
      if (placeOf(event) !== undefined && props.matrix.level === 'namespace') props.onZoom(1);
    },
  };
}
