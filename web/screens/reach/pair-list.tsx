import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Form } from './legend.tsx';
import { LOOKS } from './looks.ts';
import { cellAtPlace, seatsAt } from './pair.ts';
import { type Matrix, useComing } from './use-matrix.ts';
import type { CellPlace } from './viewport.ts';

/** Pixels of a row: fixed, so that the list need not know the rows that it does not show. */
const ROW = 32;
/** Rows beyond the edge, so that a scroll shows no gap. */
const SPARE = 6;

interface PairListProps {
  readonly matrix: Matrix;
  readonly cursor: CellPlace;
  readonly onOpen: (place: CellPlace) => void;
}

/** The same cells as a table, of one endpoint at a time: whom it reaches, or who reaches it. Only what is in sight is there. */
export function PairList({ matrix, cursor, onOpen }: PairListProps): ReactNode {
  const [isSending, setSending] = useState(true);
  const frame = useRef<HTMLDivElement>(null);
  const count = isSending ? matrix.store.columns : matrix.store.rows;
  const at = isSending ? cursor.column : cursor.row;
  const { first, end } = useSeen(frame, count);
  useWanted(matrix, { cursor, isSending, first, end });
  useKept(frame, at);
  const placeOf = (index: number) =>
    isSending ? { row: cursor.row, column: index } : { row: index, column: cursor.column };
  const { from, to } = seatsAt(matrix, cursor);
  const fixed = isSending ? from : to;
  const title = isSending ? `From ${fixed.name}` : `To ${fixed.name}`;
  return (
    <div className="pair-list">
      <div className="pair-head">
        <h2>{title}</h2>
        <button type="button" className="copy" onClick={() => setSending(!isSending)}>
          {isSending ? `Who reaches ${to.name}` : `Whom ${from.name} reaches`}
        </button>
      </div>
      <div ref={frame} className="pair-frame">
        <ul className="pair-plane" aria-label={title} style={{ height: count * ROW }}>
          {Array.from({ length: end - first }, (_, offset) => first + offset).map((index) => (
            <PairRow
              key={index}
              matrix={matrix}
              place={placeOf(index)}
              index={index}
              isSending={isSending}
              isHere={index === at}
              of={count}
              onOpen={onOpen}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

interface PairRowProps {
  readonly matrix: Matrix;
  readonly place: CellPlace;
  readonly index: number;
  readonly isSending: boolean;
  readonly isHere: boolean;
  readonly of: number;
  readonly onOpen: (place: CellPlace) => void;
}

function PairRow({ matrix, place, index, isSending, isHere, of, onOpen }: PairRowProps): ReactNode {
  const { from, to } = seatsAt(matrix, place);
  const other = isSending ? to : from;
  const cell = cellAtPlace(matrix, place);
  return (
    <li className="pair-row" aria-posinset={index + 1} aria-setsize={of} style={{ top: index * ROW }}>
      <span>{cell !== undefined && <Form of={cell} />}</span>
      <span>
        <button type="button" data-row aria-current={isHere} onClick={() => onOpen(place)} onKeyDown={onRowKey}>
          {other.name}
        </button>
      </span>
      <span className="quiet">{cell === undefined ? 'on its way' : LOOKS[cell].word}</span>
    </li>
  );
}

/** Rows that are not there yet come when the last one is reached. */
function onRowKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'j' && event.key !== 'k') return;
  const row = event.currentTarget.closest('.pair-row')!;
  const frame = row.closest('.pair-frame')!;
  frame.scrollBy(0, event.key === 'j' ? ROW : -ROW);
}

function useSeen(frame: React.RefObject<HTMLDivElement | null>, count: number): { first: number; end: number } {
  const [seen, setSeen] = useState({ scroll: 0, height: 600 });
  useEffect(() => {
    const element = frame.current!;
    const look = () => setSeen({ scroll: element.scrollTop, height: element.clientHeight });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [frame]);
  const first = Math.max(0, Math.floor(seen.scroll / ROW) - SPARE);
  return { first, end: Math.min(count, Math.ceil((seen.scroll + seen.height) / ROW) + SPARE) };
}

interface Coming {
  readonly cursor: CellPlace;
  readonly isSending: boolean;
  readonly first: number;
  readonly end: number;
}

function useWanted(matrix: Matrix, { cursor: { row, column }, isSending, first, end }: Coming): void {
  useComing(matrix);
  useEffect(() => {
    const line = { first, end };
    if (isSending) matrix.store.want({ first: row, end: row + 1 }, line);
    else matrix.store.want(line, { first: column, end: column + 1 });
  }, [matrix, row, column, isSending, first, end]);
}

/** The pair that was chosen in the matrix is in sight in the list. */
function useKept(frame: React.RefObject<HTMLDivElement | null>, at: number): void {
  const before = useRef(-1);
  useLayoutEffect(() => {
    const element = frame.current!;
    if (before.current === at) return;
    before.current = at;
    const isSeen = at * ROW >= element.scrollTop && (at + 1) * ROW <= element.scrollTop + element.clientHeight;
    if (!isSeen) element.scrollTop = Math.max(0, (at - 2) * ROW);
  }, [frame, at]);
}
