import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { HistoryEntry } from '../api/answers.ts';
import '../style/timeline.css';
import { momentText } from './moment-text.ts';

const STEP = 30;
const MIDDLE = 46;
const TALLEST = 34;
const HEIGHT = 112;

interface TimelineProps {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  readonly base?: string;
  readonly head?: string;
  /** Shows what it changed. */
  readonly onPick: (entry: HistoryEntry) => void;
  /** Puts a pin there. */
  readonly onPin?: (pin: 'base' | 'head', entry: HistoryEntry) => void;
}

/**
 * Snapshots side by side: what opened rises, what closed falls, a dot for findings that came or went. One stop for Tab; arrows
 * move, Enter shows what the snapshot changed, `a` and `b` pin it as the one before and the one after.
 */
export function Timeline({ entries, base, head, onPick, onPin }: TimelineProps): ReactNode {
  const svg = useRef<SVGSVGElement>(null);
  const [at, setAt] = useState(entries.length - 1);
  const cursor = Math.min(Math.max(at, 0), entries.length - 1);
  const most = Math.max(1, ...entries.map((entry) => Math.max(openedIn(entry), closedIn(entry))));
  const move = (to: number): void => {
    const next = Math.min(Math.max(to, 0), entries.length - 1);
    setAt(next);
    svg.current?.querySelectorAll<SVGGElement>('[role="button"]')[next]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = actionOf(event.key, { cursor, last: entries.length - 1 });
    if (typeof act === 'number') move(act);
    else if (act === 'pick') onPick(entries[cursor]!);
    else if (act !== undefined && onPin !== undefined) onPin(act, entries[cursor]!);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const width = entries.length * STEP + 8;
  return (
    <div className="timeline">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing whose marks are buttons */}
      <svg
        ref={svg}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="group"
        aria-label="Time line"
      >
        <line className="axis" x1="0" x2={width} y1={MIDDLE} y2={MIDDLE} />
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useSemanticElements: SVG has no button
          <g
            key={entry.id}
            role="button"
            tabIndex={index === cursor ? 0 : -1}
            aria-label={spoken(entry, pinOf(entry.id, base, head))}
            transform={`translate(${index * STEP + 4} 0)`}
            onKeyDown={onKeyDown}
            onFocus={() => setAt(index)}
            onClick={() => onPick(entry)}
          >
            <title>{spoken(entry, pinOf(entry.id, base, head))}</title>
            <Mark entry={entry} most={most} pin={pinOf(entry.id, base, head)} />
          </g>
        ))}
      </svg>
    </div>
  );
}

function actionOf(
  key: string,
  { cursor, last }: { readonly cursor: number; readonly last: number },
): number | 'pick' | 'base' | 'head' | undefined {
  switch (key) {
    case 'ArrowRight':
      return cursor + 1;
    case 'ArrowLeft':
      return cursor - 1;
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Enter':
    case ' ':
      return 'pick';
    case 'a':
      return 'base';
    case 'b':
      return 'head';
    default:
      return undefined;
  }
}

interface MarkProps {
  readonly entry: HistoryEntry;
  readonly most: number;
  readonly pin: string;
}

function Mark({ entry, most, pin }: MarkProps): ReactNode {
  const scaled = (count: number): number => (count === 0 ? 0 : Math.max(4, Math.sqrt(count / most) * TALLEST));
  const [up, down] = [scaled(openedIn(entry)), scaled(closedIn(entry))];
  const { came = 0, went = 0 } = entry.findings ?? {};
  return (
    <>
      <rect className="room" x="1" y="2" width={STEP - 4} height={HEIGHT - 4} rx="5" />
      <rect className="opened" x="8" y={MIDDLE - up} width="12" height={up} rx="2" />
      <rect className="closed" x="8" y={MIDDLE} width="12" height={down} rx="2" />
      <circle className="point" cx="14" cy={MIDDLE} r={entry.by === undefined ? 3 : 4.5} />
      {came > 0 && <path className="came" d={`M14 ${MIDDLE - up - 9} l4 6 h-8 z`} />}
      {went > 0 && <path className="went" d={`M14 ${MIDDLE + down + 9} l4 -6 h-8 z`} />}
      {pin !== '' && (
        <>
          <circle className="pin" cx="14" cy={HEIGHT - 14} r="9" />
          <text className="letter" x="14" y={HEIGHT - 10} textAnchor="middle">
            {pin}
          </text>
        </>
      )}
    </>
  );
}

export function openedIn({ reachability }: HistoryEntry): number {
  return reachability?.opened ?? 0;
}

export function closedIn({ reachability }: HistoryEntry): number {
  return reachability?.closed ?? 0;
}

function pinOf(id: string, base: string | undefined, head: string | undefined): string {
  if (id === base) return 'A';
  return id === head ? 'B' : '';
}

function spoken(entry: HistoryEntry, pin: string): string {
  const { came = 0, went = 0 } = entry.findings ?? {};
  const parts = [
    momentText(entry.taken),
    ...(entry.note === undefined ? [] : [escapeControl(entry.note)]),
    `${openedIn(entry)} opened, ${closedIn(entry)} closed`,
    `${came} findings came, ${went} went`,
    ...(pin === '' ? [] : [`pin ${pin}`]),
  ];
  return parts.join('; ');
}
