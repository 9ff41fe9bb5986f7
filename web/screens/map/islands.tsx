import type { ReactNode } from 'react';
import type { DrawingAnswer } from '../../api/answers.ts';
import { Link, usePlace } from '../../shell/location.tsx';
import { askUrl, type DrawnLine, lineText } from './line.ts';

interface IslandsProps {
  readonly answer: DrawingAnswer;
  /** The line that the reader is at. */
  readonly at: number | undefined;
  readonly onAt: (at: number | undefined) => void;
}

const MARGIN = 12;

/** The drawing, placed by the server. Every box and every line can be reached with Tab and with j and k. */
export function Islands({ answer, at, onAt }: IslandsProps): ReactNode {
  const [width, height] = [answer.width + 2 * MARGIN, answer.height + 2 * MARGIN];
  const line = at === undefined ? undefined : answer.edges[at];
  return (
    <div className="islands-frame">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset holds no drawing */}
      <svg
        className="islands"
        viewBox={`${-MARGIN} ${-MARGIN} ${width} ${height}`}
        style={{ minWidth: width * 0.72, maxWidth: width * 1.2 }}
        role="group"
        aria-label="Who can reach whom, as a drawing; the list has the same"
      >
        <Tips />
        {answer.groups.map(({ id, spot }) => (
          <rect key={id} {...spot} rx={12} className="island" />
        ))}
        {answer.edges.map((edge, index) => (
          <Line
            key={`${edge.from} ${edge.to} ${edge.tone}`}
            answer={answer}
            line={edge}
            index={index}
            at={at}
            onAt={onAt}
          />
        ))}
        {answer.groups.map((group) => (
          <Island key={group.id} group={group} isEnd={line?.from === group.id || line?.to === group.id} />
        ))}
        {answer.nodes.map((node) => (
          <Box key={node.id} node={node} isEnd={line?.from === node.id || line?.to === node.id} />
        ))}
        {answer.edges.map((edge, index) =>
          edge.at === undefined ? null : (
            <text
              key={`${edge.from} ${edge.to} ${edge.tone}`}
              x={edge.at.x + 3}
              y={edge.at.y + 11}
              className={index === at ? `label ${edge.tone} is-at` : `label ${edge.tone}`}
            >
              {labelText(edge)}
            </text>
          ),
        )}
      </svg>
    </div>
  );
}

/** Longer ones would push islands apart: the layout made room for as much. */
const MOST = 40;

function labelText({ label, tone }: DrawnLine): string {
  const text = label.length > MOST ? `${label.slice(0, MOST - 1)}…` : label;
  if (tone === 'unknown') return `? ${text}`;
  return tone === 'mixed' ? `± ${text}` : text;
}

function Tips(): ReactNode {
  return (
    <defs>
      {(['allowed', 'mixed', 'unknown'] as const).map((tone) => (
        <marker
          key={tone}
          id={`tip-${tone}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0L8 4L0 8z" className={`tip ${tone}`} />
        </marker>
      ))}
    </defs>
  );
}

interface LineProps {
  readonly answer: DrawingAnswer;
  readonly line: DrawnLine;
  readonly index: number;
  readonly at: number | undefined;
  readonly onAt: (at: number | undefined) => void;
}

function Line({ answer, line, index, at, onAt }: LineProps): ReactNode {
  if (line.path === '') return null;
  const here = at === undefined ? '' : at === index ? ' is-at' : ' is-off';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the link inside has the focus, and tells the same of it
    <g
      className={`way${here}`}
      onMouseEnter={() => onAt(index)}
      onMouseLeave={() => onAt(undefined)}
      onFocus={() => onAt(index)}
      onBlur={() => onAt(undefined)}
    >
      <Link to={askUrl(answer, line)} row label={lineText(answer, line)}>
        <path d={line.path} className="reach-of" />
        <path d={line.path} className={`line ${line.tone}`} markerEnd={`url(#tip-${line.tone})`} />
      </Link>
    </g>
  );
}

function Island({
  group,
  isEnd,
}: {
  readonly group: DrawingAnswer['groups'][number];
  readonly isEnd: boolean;
}): ReactNode {
  const { query } = usePlace();
  const { id, label, notes, outside, spot } = group;
  const name = (
    <text x={spot.x + 14} y={spot.y + 22} className="name">
      {label}
    </text>
  );
  const isNamespace = !outside && label !== 'cluster nodes';
  return (
    <g className={isEnd ? 'is-end' : ''} key={id}>
      {isNamespace ? (
        <Link
          to={withFocus(query, `ns:${label}`)}
          row
          label={`namespace ${label}: ${notes.join('; ') || 'look closer'}`}
        >
          {name}
        </Link>
      ) : (
        name
      )}
      {notes.map((note, at) => (
        <text key={note} x={spot.x + 14} y={spot.y + 40 + at * 16} className="note">
          {note}
        </text>
      ))}
    </g>
  );
}

function Box({ node, isEnd }: { readonly node: DrawingAnswer['nodes'][number]; readonly isEnd: boolean }): ReactNode {
  const { query } = usePlace();
  const { id, label, lines, spot } = node;
  const canFocus = id.startsWith('ns:') || /^[^:]+\/[A-Z]/.test(id) || id.startsWith('group ');
  const drawn = (
    <>
      <rect {...spot} rx={6} className="box" />
      <text x={spot.x + 10} y={spot.y + 20} className="box-name">
        {label}
      </text>
      {lines.map((line, at) => (
        <text key={line} x={spot.x + 10} y={spot.y + 38 + at * 16} className="note">
          {/* A space before it parts the words where they are read as one name. */}
          {` ${line}`}
        </text>
      ))}
    </>
  );
  const target = id.startsWith('group ') ? `ns:${label}` : id.replace(/#\d+$/, '');
  return (
    <g className={isEnd ? 'node is-end' : 'node'}>
      {canFocus ? (
        <Link to={withFocus(query, target)} row>
          {drawn}
        </Link>
      ) : (
        drawn
      )}
    </g>
  );
}

/** The same layers, around one endpoint. */
function withFocus(query: URLSearchParams, focus: string): string {
  const next = new URLSearchParams(query);
  next.set('focus', focus);
  next.delete('q');
  return `/map?${next}`;
}
