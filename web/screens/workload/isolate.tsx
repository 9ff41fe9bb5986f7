import type { ReactNode } from 'react';
import type { IsolationAnswer, IsolationWay } from '#model/workload.ts';
import { openDraft } from '../../api/drafts.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { usePreview } from '../../api/use-preview.ts';
import type { WorkloadAnswer } from '../../api/workload-answers.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { DownloadButton } from '../../parts/download-button.tsx';
import { Sentence } from '../../parts/prose.tsx';
import { Answered } from '../../parts/screen.tsx';
import { Scrolled } from '../../parts/scrolled.tsx';
import { choose, go } from '../../shell/location.tsx';
import { Effect } from './effect.tsx';

interface IsolateProps {
  readonly answer: WorkloadAnswer;
  readonly way: string;
}

/** How it would be cut off, and what that would do. Nothing is applied here, or anywhere. */
export function Isolate({ answer, way }: IsolateProps): ReactNode {
  const asked = useAnswer<IsolationAnswer>(`/workload/${encodeURIComponent(answer.id)}/isolation`);
  return (
    <section className="card part isolate" aria-labelledby="isolate">
      <h2 id="isolate">Isolate it, both ways</h2>
      <p className="quiet small">A patch to copy, with what it would do on the model. Nothing is applied.</p>
      <Answered asked={asked}>
        {(isolation) =>
          isolation.ways.length === 0 ? (
            <p>
              <Sentence text={isolation.why ?? 'there is no way to cut it off'} />
            </p>
          ) : (
            <Ways answer={answer} isolation={isolation} way={way} />
          )
        }
      </Answered>
    </section>
  );
}

interface WaysProps extends IsolateProps {
  readonly isolation: IsolationAnswer;
}

function Ways({ answer, isolation, way }: WaysProps): ReactNode {
  const { ways, alsoIsolates } = isolation;
  const chosen = ways.find(({ id }) => id === way) ?? ways[0]!;
  const asked = usePreview({ file: chosen.file, text: chosen.text });
  return (
    <>
      {ways.length > 1 && (
        <fieldset className="ways">
          <legend className="unseen">How</legend>
          {ways.map(({ id, kinds, summary }) => (
            <label key={id}>
              <input type="radio" name="way" checked={id === chosen.id} onChange={() => choose({ isolate: id })} />
              <span>
                <b>{kinds.join(' and ')}</b> <Sentence text={summary} />
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {alsoIsolates.length > 0 && (
        <p className="banner unsure">
          <b>Its labels select others too</b>
          <span>These would be cut off with it: {alsoIsolates.map((id) => id).join(', ')}</span>
        </p>
      )}
      <div className="columns even">
        <Patch way={chosen} />
        <div>
          <h3>What it would do</h3>
          {asked.data === undefined && asked.problem === undefined && (
            <p className="quiet" role="status">
              Judging everything with it …
            </p>
          )}
          <Answered asked={asked}>{(preview) => <Effect answer={answer} preview={preview} />}</Answered>
        </div>
      </div>
    </>
  );
}

function Patch({ way }: { readonly way: IsolationWay }): ReactNode {
  return (
    <div>
      <h3>
        <code>{way.file}</code>
      </h3>
      <Scrolled className="patch" label={`the patch ${way.file}`}>
        <pre>{way.text}</pre>
      </Scrolled>
      <div className="buttons">
        <CopyButton text={way.text} label="Copy patch" />
        <DownloadButton text={way.text} name={way.file} type="application/yaml" label="Download" />
        <button
          type="button"
          className="copy"
          onClick={() => {
            openDraft([{ file: way.file, text: way.text }]);
            go('/change');
          }}
        >
          Open in Change
        </button>
      </div>
      <ul className="notes">
        {way.notes.map((note) => (
          <li key={note}>
            <Sentence text={note} />
          </li>
        ))}
      </ul>
    </div>
  );
}
