import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { Chunks } from './chunks.ts';
import { paint } from './painter.ts';
import { type Palette, paletteNow, watchPalette } from './palette.ts';
import type { Matrix } from './use-matrix.ts';
import { type CellPlace, scrollForZoom, scrollTo, type Viewport, visibleColumns, visibleRows } from './viewport.ts';

export interface StageControl {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly left: number;
  readonly top: number;
  readonly view: () => Viewport;
  readonly hover: (place: CellPlace | undefined) => void;
}

interface StageProps {
  readonly matrix: Matrix;
  readonly cell: number;
  readonly cursor: CellPlace;
  readonly onZoom: (step: 1 | -1) => void;
  readonly onView: (view: Viewport) => void;
}

/** What the frames are drawn from. Not React's: a frame must not wait for it. */
interface Inner {
  props: StageProps;
  palette: Palette;
  chunks: Chunks | undefined;
  hover: CellPlace | undefined;
  frame: number;
}

/** Draws the canvas in the frame, once a frame of the browser at most, and only when something changed. */
export function useStage(frame: RefObject<HTMLDivElement | null>, props: StageProps): StageControl {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { left, top } = headingsOf(props);
  const inner = useRef<Inner>({
    props,
    palette: useMemo(paletteNow, []),
    chunks: undefined,
    hover: undefined,
    frame: 0,
  });
  inner.current.props = props;
  const view = useCallback((): Viewport => {
    const { scrollLeft = 0, scrollTop = 0, clientWidth = 0, clientHeight = 0 } = frame.current ?? {};
    const { store } = inner.current.props.matrix;
    const room = { width: clientWidth, height: clientHeight, scrollX: scrollLeft, scrollY: scrollTop };
    return { cell: inner.current.props.cell, ...room, left, top, rows: store.rows, columns: store.columns };
  }, [frame, left, top]);
  const schedule = useCallback(() => {
    inner.current.frame ||= requestAnimationFrame(() => {
      inner.current.frame = 0;
      if (canvas.current !== null) draw(canvas.current, inner.current, view());
    });
  }, [view]);
  const { matrix, cell, cursor } = props;
  useLayoutEffect(() => {
    inner.current.chunks = undefined;
    schedule();
    return matrix.watch(schedule);
  }, [matrix, schedule]);
  useKeptInSight(frame, view, { matrix, cell, cursor });
  useLayoutEffect(() => schedule());
  useBrowser(frame, inner, schedule);
  useWheelZoom(frame, inner);
  const hover = useCallback(
    (place: CellPlace | undefined) => {
      inner.current.hover = place;
      schedule();
    },
    [schedule],
  );
  return { canvas, left, top, view, hover };
}

/** Room for the longest names, within reason. */
function headingsOf({ matrix, cell }: StageProps): { readonly left: number; readonly top: number } {
  const isNamed = cell >= 12;
  const longest = matrix.seats.reduce((most, { label }) => Math.max(most, label.length), 0);
  const names = Math.min(170, Math.max(90, longest * 7));
  return isNamed ? { left: names + 34, top: Math.min(names, 150) + 34 } : { left: 150, top: 62 };
}

function draw(canvas: HTMLCanvasElement, inner: Inner, view: Viewport): void {
  const { props, palette, hover } = inner;
  const { matrix, cursor } = props;
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${view.width}px`;
    canvas.style.height = `${view.height}px`;
  }
  const context = canvas.getContext('2d', { alpha: false })!;
  const { store, cells } = matrix;
  if (inner.chunks?.cell !== view.cell) inner.chunks = new Chunks({ store, cells, palette, cell: view.cell, ratio });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const { chunks } = inner;
  const hasFocus = canvas.closest('.matrix')?.contains(document.activeElement) === true;
  paint(context, { view, chunks, rows: matrix.rows, columns: matrix.columns, palette, cursor, hover, hasFocus });
  store.want(visibleRows(view), visibleColumns(view));
  props.onView(view);
}

type Sight = Pick<StageProps, 'matrix' | 'cell' | 'cursor'>;

/** The cursor is followed; another size keeps its place; another matrix begins where the cursor is. */
function useKeptInSight(frame: RefObject<HTMLDivElement | null>, view: () => Viewport, sight: Sight): void {
  const before = useRef<Sight | undefined>(undefined);
  useLayoutEffect(() => {
    const { matrix, cell, cursor } = sight;
    const old = before.current;
    before.current = sight;
    const shown = view();
    const isNew = old === undefined || old.matrix.level !== matrix.level || old.matrix.asked.base !== matrix.asked.base;
    if (isNew) {
      // A row and a column of what stands before it stay in sight.
      frame.current?.scrollTo(Math.max(0, (cursor.column - 1) * cell), Math.max(0, (cursor.row - 1) * cell));
      return;
    }
    if (old.cell !== cell) {
      const at = {
        x: shown.left + (cursor.column + 0.5) * old.cell - shown.scrollX,
        y: shown.top + (cursor.row + 0.5) * old.cell - shown.scrollY,
      };
      const { x, y } = scrollForZoom({ ...shown, cell: old.cell }, cell, at);
      frame.current?.scrollTo(x, y);
      return;
    }
    if (old.cursor.row === cursor.row && old.cursor.column === cursor.column) return;
    const { x, y } = scrollTo(shown, cursor);
    frame.current?.scrollTo(x, y);
  });
  // What opens beside the matrix makes it narrower: a cursor that was in sight stays so.
  useEffect(() => {
    const element = frame.current!;
    let size = { width: view().width, height: view().height };
    const sizes = new ResizeObserver(() => {
      const now = view();
      const { cursor } = before.current!;
      const wasSeen = isInSight({ ...now, ...size }, cursor);
      size = { width: now.width, height: now.height };
      if (!wasSeen || isInSight(now, cursor)) return;
      const { x, y } = scrollTo(now, cursor);
      element.scrollTo(x, y);
    });
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [frame, view]);
}

function isInSight(
  { cell, left, top, width, height, scrollX, scrollY }: Viewport,
  { row, column }: CellPlace,
): boolean {
  const [x, y] = [left + column * cell - scrollX, top + row * cell - scrollY];
  return x >= left && x + cell <= width && y >= top && y + cell <= height;
}

const CHANGES = ['scroll', 'focusin', 'focusout'] as const;

/** What the browser tells: scrolls, sizes, focus, themes. */
function useBrowser(frame: RefObject<HTMLDivElement | null>, inner: RefObject<Inner>, schedule: () => void): void {
  useEffect(() => {
    const element = frame.current!;
    const anew = () => {
      inner.current.palette = paletteNow();
      inner.current.chunks = undefined;
      schedule();
    };
    const sizes = new ResizeObserver(schedule);
    sizes.observe(element);
    const unwatch = watchPalette(anew);
    for (const name of CHANGES) element.addEventListener(name, schedule, { passive: true });
    return () => {
      cancelAnimationFrame(inner.current.frame);
      inner.current.frame = 0;
      unwatch();
      sizes.disconnect();
      for (const name of CHANGES) element.removeEventListener(name, schedule);
    };
  }, [frame, inner, schedule]);
}

/** With Ctrl, as in every map; React's own listener could not keep the page from being zoomed. */
function useWheelZoom(frame: RefObject<HTMLDivElement | null>, inner: RefObject<Inner>): void {
  useEffect(() => {
    const element = frame.current!;
    let turned = 0;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      turned += event.deltaY;
      if (Math.abs(turned) < 60) return;
      inner.current.props.onZoom(turned < 0 ? 1 : -1);
      turned = 0;
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [frame, inner]);
}
