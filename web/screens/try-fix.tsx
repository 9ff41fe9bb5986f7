import { type ReactNode, useState } from 'react';
import { count } from '#report/words.ts';
import type { FixAnswer } from '../api/answers.ts';
import { withQuery } from '../api/client.ts';
import { openDraft } from '../api/drafts.ts';
import { useAnswer } from '../api/use-answer.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Prose, Sentence } from '../parts/prose.tsx';
import { Answered } from '../parts/screen.tsx';
import { Scrolled } from '../parts/scrolled.tsx';
import { go } from '../shell/location.tsx';

/** A fix that can be written: made on the model when it is asked for, with its proof, and opened where edits are tried. */
export function TryFix({ fingerprint }: { readonly fingerprint: string }): ReactNode {
  const [isAsked, setAsked] = useState(false);
  const asked = useAnswer<FixAnswer>(isAsked ? withQuery('/fix', { fingerprint }) : undefined);
  if (!isAsked)
    return (
      <p className="buttons">
        <button type="button" className="primary" onClick={() => setAsked(true)}>
          Prove the fix
        </button>
        <span className="quiet">Made on the model; nothing is written.</span>
      </p>
    );
  return <Answered asked={asked}>{(fix) => <MadeFix fix={fix} />}</Answered>;
}

/** Edited files, tried on the Change screen. */
export function TryButton({ files, label }: { readonly files: FixAnswer['files']; readonly label: string }): ReactNode {
  return (
    <button
      type="button"
      className="primary"
      onClick={() => {
        openDraft(files);
        go(withQuery('/change', { file: files[0]?.file }));
      }}
    >
      {label}
    </button>
  );
}

function MadeFix({ fix }: { readonly fix: FixAnswer }): ReactNode {
  if (!fix.made)
    return (
      <p className="card unsure">
        The fix is not made: <Prose text={fix.why ?? ''} />.
      </p>
    );
  return (
    <section aria-labelledby="proof">
      <h3 id="proof">Proof</h3>
      {fix.proof !== undefined && (
        <>
          <p>
            The control passes with it and no other is worse. It opens {count(fix.proof.opened, 'connection')} and
            closes {fix.proof.closed}.
          </p>
          <ul className="notes">
            {fix.proof.examples.map((example) => (
              <li key={example}>
                <code>{example}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="buttons">
        <TryButton files={fix.files} label="Try the fix" />
        {fix.patch !== undefined && <CopyButton text={fix.patch} label="Copy patch" />}
      </p>
      {fix.patch === undefined ? (
        <p className="quiet">
          <Sentence text={fix.withoutPatch ?? ''} />
        </p>
      ) : (
        <Scrolled className="patch" label="the fix as a patch">
          <pre>{fix.patch}</pre>
        </Scrolled>
      )}
    </section>
  );
}
