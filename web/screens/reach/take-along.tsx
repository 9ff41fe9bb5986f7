import type { ReactNode } from 'react';
import { CopyButton } from '../../parts/copy-button.tsx';
import { paletteNow } from './palette.ts';
import type { Matrix } from './use-matrix.ts';
import type { CellPlace, Viewport } from './viewport.ts';
import { csvOf, markdownOf, svgOf, type VisiblePart, visiblePart } from './visible-part.ts';

interface TakeAlongProps {
  readonly matrix: Matrix;
  readonly view: () => Viewport | undefined;
  readonly cursor: CellPlace;
  readonly isList: boolean;
}

/** What is in sight, for a ticket, a spreadsheet, a page. Made when it is asked for: it changes with each scroll. */
export function TakeAlong({ matrix, view, cursor, isList }: TakeAlongProps): ReactNode {
  const part = (): VisiblePart => {
    const seen = view();
    if (!isList && seen !== undefined) return visiblePart(seen);
    return { rows: [cursor.row], columns: [...matrix.columns.places.keys()] };
  };
  return (
    <p className="buttons">
      <span className="quiet small">Copy what is in sight:</span>
      <CopyButton label="Markdown" text={() => markdownOf(matrix, part())} />
      <CopyButton label="CSV" text={() => csvOf(matrix, part())} />
      <CopyButton label="SVG" text={() => svgOf(matrix, part(), paletteNow())} />
    </p>
  );
}
