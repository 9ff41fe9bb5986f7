import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { TextFile, TextsAnswer } from '../api/answers.ts';
import { type Drafts, discardDraft, discardDrafts, keepDraft, useDrafts } from '../api/drafts.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useCommand } from '../parts/command.ts';
import { Answered, Screen } from '../parts/screen.tsx';
import { choose, usePlace } from '../shell/location.tsx';
import { Both, Editor } from './change/editor.tsx';
import { Effects } from './change/effects.tsx';
import { Export } from './change/export.tsx';
import { Files } from './change/files.tsx';
import { Problems } from './change/problems.tsx';
import { usePreview } from './change/use-preview.ts';
import '../style/screens/change.css';

/** What an edit would open and close, while it is being typed and before it is saved. */
export function Change(): ReactNode {
  const asked = useAnswer<TextsAnswer>('/texts');
  const command = useCommand(['diff', 'BASE']);
  return (
    <Screen title="Change" about="What an edit would open and close, before anything is saved" command={command}>
      <Answered asked={asked}>{(texts) => <Desk texts={texts} />}</Answered>
    </Screen>
  );
}

function Desk({ texts }: { readonly texts: TextsAnswer }): ReactNode {
  const { query } = usePlace();
  const drafts = useBasedDrafts(texts);
  const edits = useMemo(() => editsIn(drafts), [drafts]);
  const previewed = usePreview(texts, edits);
  const [goal, setGoal] = useState(() => lineIn(query));
  const wanted = query.get('file');
  const current = wanted ?? edits[0]?.file ?? texts.files.find(({ fixed }) => fixed === undefined)?.file;
  const goTo = useCallback((file: string, line: number) => {
    choose({ file, line: `${line}` });
    setGoal({ line });
  }, []);
  const { diagnostics } = previewed;
  return (
    <div className="change-desk">
      <Files files={texts.files} drafts={drafts} current={current} filter={query.get('q') ?? ''} />
      <section className="change-text" aria-label="Text">
        {current === undefined ? (
          <p className="card">No file was read that can be edited.</p>
        ) : (
          <OneFile
            key={current}
            name={current}
            entry={texts.files.find(({ file }) => file === current)}
            drafts={drafts}
            goal={goal}
            diagnostics={diagnostics.filter(({ origin }) => origin?.file === current)}
          />
        )}
        <Problems diagnostics={diagnostics} stale={previewed.connectionsStale} onGo={goTo} />
      </section>
      <section className="change-effects" aria-label="What changes">
        <Effects previewed={previewed} edited={edits.length} whole={texts.whole} why={texts.why} />
        {edits.length > 0 && <Export drafts={drafts} files={texts.files} previewed={previewed} />}
        {edits.length > 0 && (
          <p className="buttons">
            <button type="button" className="copy" onClick={discardDrafts}>
              Discard all edits
            </button>
          </p>
        )}
      </section>
    </div>
  );
}

interface OneFileProps {
  readonly name: string;
  readonly entry: TextFile | undefined;
  readonly drafts: Drafts;
  readonly goal: { readonly line: number } | undefined;
  readonly diagnostics: Parameters<typeof Editor>[0]['diagnostics'];
}

function OneFile({ name, entry, drafts, goal, diagnostics }: OneFileProps): ReactNode {
  const draft = drafts.get(name);
  const now = entry?.text ?? null;
  const base = draft?.base === undefined ? now : draft.base;
  const text = draft === undefined ? now : draft.text;
  const [isBoth, setBoth] = useState(false);
  const isMoved = draft !== undefined && base !== now;
  const keep = useCallback((next: string | null) => keepDraft({ file: name, text: next, base }), [name, base]);
  if (entry !== undefined && entry.text === undefined)
    return (
      <p className="card unsure">
        <b>{escapeControl(name)}</b> {entry.fixed}.
      </p>
    );
  return (
    <>
      <header className="change-head">
        <h2>{escapeControl(name)}</h2>
        {entry?.fixed !== undefined && <span className="quiet">Read only: it {entry.fixed}</span>}
        {draft !== undefined && (
          <button type="button" className="copy" onClick={() => discardDraft(name)}>
            Discard edits
          </button>
        )}
        {entry?.fixed === undefined && text !== null && (
          <button type="button" className="copy" onClick={() => keep(null)}>
            Remove file
          </button>
        )}
      </header>
      {isMoved && (
        <Moved
          both={isBoth}
          onBoth={() => setBoth(!isBoth)}
          onMine={() => keepDraft({ file: name, text: draft.text, base: now })}
          onTheirs={() => discardDraft(name)}
        />
      )}
      {text === null && <p className="card">The file is taken away. Discard the edit to have it again.</p>}
      {text !== null && isMoved && isBoth && <Both theirs={now ?? ''} mine={text} onChange={keep} />}
      {text !== null && !(isMoved && isBoth) && (
        <Editor
          file={name}
          text={text}
          hidden={entry?.hidden ?? []}
          fixed={entry?.fixed !== undefined}
          diagnostics={diagnostics}
          goal={goal}
          onChange={keep}
        />
      )}
    </>
  );
}

interface MovedProps {
  readonly both: boolean;
  readonly onBoth: () => void;
  readonly onMine: () => void;
  readonly onTheirs: () => void;
}

/** The file was saved by somebody else while it is edited here: neither text is lost. */
function Moved({ both, onBoth, onMine, onTheirs }: MovedProps): ReactNode {
  return (
    <div className="banner unsure" role="status">
      <b>The file changed since you began to edit it</b>
      <span>Your text is as it was. What is told beside it compares it with the file as it is now.</span>
      <span className="buttons">
        <button type="button" className="copy" aria-pressed={both} onClick={onBoth}>
          {both ? 'Show my text alone' : 'Show both'}
        </button>
        <button type="button" className="copy" onClick={onMine}>
          Keep mine
        </button>
        <button type="button" className="copy" onClick={onTheirs}>
          Take the file
        </button>
      </span>
    </div>
  );
}

/** Drafts that were opened elsewhere are compared with the files as they are here for the first time. */
function useBasedDrafts(texts: TextsAnswer): Drafts {
  const drafts = useDrafts();
  useEffect(() => {
    const known = new Map(texts.files.map(({ file, text }) => [file, text ?? null]));
    for (const draft of drafts.values())
      if (draft.base === undefined) keepDraft({ ...draft, base: known.get(draft.file) ?? null });
  }, [drafts, texts]);
  return drafts;
}

function editsIn(drafts: Drafts) {
  return [...drafts.values()].map(({ file, text }) => ({ file, text }));
}

function lineIn(query: URLSearchParams): { readonly line: number } | undefined {
  const line = Number(query.get('line') ?? '');
  return Number.isInteger(line) && line > 0 ? { line } : undefined;
}
