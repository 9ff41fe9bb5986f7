import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Code } from './code.ts';

interface EditorProps {
  readonly file: string;
  readonly text: string;
  readonly hidden: readonly number[];
  readonly fixed: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Where to go: a new object goes there again. */
  readonly goal: { readonly line: number } | undefined;
  readonly onChange: (text: string) => void;
}

/** The code of the editor is read when the first file is opened. One of these is for one file: give it a key. */
export function Editor({ file, text, hidden, fixed, diagnostics, goal, onChange }: EditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const [code, setCode] = useState<Code>();
  const told = useRef(onChange);
  told.current = onChange;
  const first = useRef({ text, hidden });
  useEffect(() => {
    let open: Code | undefined;
    let isGone = false;
    void import('./code.ts').then(({ openCode }) => {
      if (isGone) return;
      const label = fixed ? `${file}, read only` : file;
      const onTyped = (next: string) => told.current(next);
      open = openCode({ parent: host.current!, label, readOnly: fixed, onChange: onTyped, ...first.current });
      setCode(open);
    });
    return () => {
      isGone = true;
      open?.close();
    };
  }, [file, fixed]);
  useEffect(() => code?.replace(text), [code, text]);
  useEffect(() => code?.mark(diagnostics), [code, diagnostics]);
  useEffect(() => {
    if (goal !== undefined) code?.goTo(goal.line);
  }, [code, goal]);
  return (
    <div className="editor">
      {code === undefined && <p className="quiet pad">Reading the editor …</p>}
      <div ref={host} className="code" />
    </div>
  );
}

interface BothProps {
  readonly theirs: string;
  readonly mine: string;
  readonly onChange: (text: string) => void;
}

export function Both({ theirs, mine, onChange }: BothProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const first = useRef(mine);
  useEffect(() => {
    let close: (() => void) | undefined;
    let isGone = false;
    void import('./code.ts').then(({ openBoth }) => {
      if (!isGone)
        close = openBoth({
          parent: host.current!,
          theirs,
          mine: first.current,
          onChange: (text) => told.current(text),
        });
    });
    return () => {
      isGone = true;
      close?.();
    };
  }, [theirs]);
  return (
    <div className="editor both">
      <div ref={host} className="code" />
    </div>
  );
}
