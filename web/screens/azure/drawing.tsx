import type { ReactNode } from 'react';
import type { RequiredEndpoint } from '#model/egress.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { count, MARKS } from '#report/words.ts';
import { Link } from '../../shell/location.tsx';
import { type FlowBox, type FlowLine, flowsOf, together } from './flows.ts';

const WIDTH = 1000;
const BOX = { width: 236, height: 56 };
const GAP = 18;
const TOP = 34;
const COLUMNS = [
  { x: 2, title: 'Nodes' },
  { x: (WIDTH - BOX.width) / 2, title: 'Way out' },
  { x: WIDTH - BOX.width - 2, title: 'What they need' },
] as const;

interface DrawingProps {
  readonly required: readonly RequiredEndpoint[];
  /** Those that fit the filter: the others step back. */
  readonly shown: ReadonlySet<RequiredEndpoint>;
}

/** Subnets of nodes, ways out, destinations. Whatever is chosen narrows the table below. */
export function EgressDrawing({ required, shown }: DrawingProps): ReactNode {
  const { subnets, ways, features, lines } = flowsOf(required);
  const columns = [subnets, ways, features];
  const rows = Math.max(...columns.map((boxes) => boxes.length));
  const height = TOP + rows * (BOX.height + GAP);
  const spots = new Map(
    columns.flatMap((boxes, column) =>
      boxes.map((box, at) => [box.id, spotOf({ column, at, of: boxes.length, rows })] as const),
    ),
  );
  const isOff = (endpoints: readonly RequiredEndpoint[]) => !endpoints.some((each) => shown.has(each));
  return (
    <div className="egress-frame">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset holds no drawing */}
      <svg
        className="egress"
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="group"
        aria-label="What leaves the nodes, as a drawing; the table has the same"
      >
        {COLUMNS.map(({ x, title }) => (
          <text key={title} x={x + 2} y={16} className="column">
            {title}
          </text>
        ))}
        {lines.map((line) => (
          <Line key={`${line.from} ${line.to}`} line={line} spots={spots} isOff={isOff(line.endpoints)} />
        ))}
        {columns.flat().map((box) => (
          <Box key={box.id} box={box} spot={spots.get(box.id)!} isOff={isOff(box.endpoints)} />
        ))}
      </svg>
    </div>
  );
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

interface Seat {
  readonly column: number;
  readonly at: number;
  readonly of: number;
  readonly rows: number;
}

/** Columns with fewer boxes stand in the middle. */
function spotOf({ column, at, of, rows }: Seat): Spot {
  const step = BOX.height + GAP;
  return { x: COLUMNS[column]!.x, y: TOP + ((rows - of) * step) / 2 + at * step };
}

interface LineProps {
  readonly line: FlowLine;
  readonly spots: ReadonlyMap<string, Spot>;
  readonly isOff: boolean;
}

function Line({ line: { from, to, filter, endpoints }, spots, isOff }: LineProps): ReactNode {
  const [start, end] = [spots.get(from)!, spots.get(to)!];
  const [x1, y1] = [start.x + BOX.width, start.y + BOX.height / 2];
  const [x2, y2] = [end.x, end.y + BOX.height / 2];
  const [middle, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const path = `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
  const verdict = together(endpoints);
  return (
    <g className={isOff ? 'flow is-off' : 'flow'}>
      <Link to={filterUrl(filter)} label={`${nameIn(from)} to ${nameIn(to)}: ${verdictText(endpoints)}`}>
        <path d={path} className="reach-of" />
        <path
          d={path}
          className={`flow-line ${verdict}`}
          strokeWidth={Math.min(6, 1.5 + Math.log2(endpoints.length))}
        />
        <circle cx={middle} cy={y} r={11} className={`flow-mark ${verdict}`} />
        <text x={middle} y={y + 4.5} className={`flow-mark-text ${verdict}`}>
          {MARKS[verdict]}
        </text>
      </Link>
    </g>
  );
}

function nameIn(id: string): string {
  return id.slice(id.indexOf(' ') + 1);
}

interface BoxProps {
  readonly box: FlowBox;
  readonly spot: Spot;
  readonly isOff: boolean;
}

function Box({ box: { name, note, filter, endpoints }, spot, isOff }: BoxProps): ReactNode {
  const said = verdictText(endpoints);
  return (
    <g className={isOff ? 'flow-box is-off' : 'flow-box'}>
      <Link to={filterUrl(filter)} row label={note === '' ? `${name} ${said}` : `${name} ${note}, ${said}`}>
        <rect x={spot.x} y={spot.y} {...BOX} rx={8} className={`box ${together(endpoints)}`} />
        <text x={spot.x + 12} y={spot.y + 23} className="name">
          {shortened(name, 30)}
        </text>
        <text x={spot.x + 12} y={spot.y + 42} className="note">
          {/* A space before it parts the words where they are read as one name. */}
          {` ${shortened(note === '' ? said : note, 36)}`}
        </text>
      </Link>
    </g>
  );
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

const WORDS: readonly PathVerdict[] = ['allowed', 'denied', 'mixed', 'unknown'];

/** `9 allowed, 1 denied` */
export function verdictText(endpoints: readonly RequiredEndpoint[]): string {
  const parts = WORDS.flatMap((verdict) => {
    const own = endpoints.filter((each) => each.verdict === verdict).length;
    return own === 0 ? [] : [`${own} ${verdict}`];
  });
  return parts.length === 0 ? count(0, 'endpoint') : parts.join(', ');
}

function filterUrl(filter: string): string {
  return `/azure?${new URLSearchParams({ q: filter })}`;
}
