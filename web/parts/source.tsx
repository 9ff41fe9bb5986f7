import { type ReactNode, useSyncExternalStore } from 'react';
import type { Origin } from '#model/origin.ts';
import type { SourceAnswer } from '../api/answers.ts';
import { withQuery } from '../api/client.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Excerpt } from './code-frame.tsx';
import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';
import { Problem } from './problem.tsx';

export type SourceLine = Pick<Origin, 'file' | 'line'>;

let shown: SourceLine | undefined;
const listeners = new Set<() => void>();

/** Shows the lines around one line of a file that was read. */
export function openSource(line: SourceLine): void {
  show({ file: line.file, line: line.line });
}

export function SourceDialog(): ReactNode {
  const line = useSyncExternalStore(subscribe, () => shown);
  if (line === undefined) return null;
  return (
    <Dialog title={<code>{`${line.file}:${line.line}`}</code>} onClose={() => show(undefined)} className="source">
      <SourceLines line={line} around={14} />
      <CopyButton text={`${line.file}:${line.line}`} label="Copy the place" />
    </Dialog>
  );
}

/** Nothing while they are on their way: what stands around them must not wait. */
export function SourceLines({ line, around }: { readonly line: SourceLine; readonly around: number }): ReactNode {
  const { data, problem } = useAnswer<SourceAnswer>(
    withQuery('/source', { file: line.file, line: `${line.line}`, around: `${around}` }),
  );
  if (problem !== undefined) return <Problem of={problem} />;
  if (data === undefined) return null;
  return <Excerpt lines={data.lines} line={line.line} />;
}

function show(line: SourceLine | undefined): void {
  shown = line;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
