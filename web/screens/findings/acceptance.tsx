import { type ReactNode, useState } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { Finding } from '#model/scan.ts';
import type { Decision, FindingAnswer, FixAnswer, SessionAnswer } from '../../api/answers.ts';
import { Problem, post, remove, withQuery } from '../../api/client.ts';
import { openDraft } from '../../api/drafts.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { announce } from '../../parts/announce.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { momentText } from '../../parts/moment-text.ts';
import { Problem as ProblemNote } from '../../parts/problem.tsx';
import { Scrolled } from '../../parts/scrolled.tsx';
import { go } from '../../shell/location.tsx';
import '../../style/screens/acceptance.css';
import { type AcceptanceWords, acceptanceEntry } from './acceptance-entry.ts';

/** Since when a finding is there, who accepted it, and how to. It stays what it is. */
export function AcceptanceView({ finding }: { readonly finding: Finding }): ReactNode {
  const { fingerprint, suppressed } = finding;
  const told = useAnswer<FindingAnswer>(withQuery('/finding', { fingerprint })).data;
  return (
    <section>
      <h3>{suppressed === null ? 'Live with it for now' : 'Accepted'}</h3>
      {suppressed !== null && <Accepted finding={finding} by={lastOf(told)?.by} />}
      <Past told={told} />
      {suppressed === null && <AcceptForm finding={finding} told={told} />}
    </section>
  );
}

function lastOf(told: FindingAnswer | undefined): Decision | undefined {
  return told?.past?.acceptances.findLast(({ withdrawn }) => withdrawn === undefined);
}

function Accepted({ finding, by }: { readonly finding: Finding; readonly by: string | undefined }): ReactNode {
  const act = useAct();
  const { suppressed, fingerprint } = finding;
  if (suppressed === null) return null;
  const { owner, reason, until, from } = suppressed;
  const isOurs = from === 'console';
  return (
    <div className={`banner${isOurs ? ' unsure' : ''}`}>
      <span>
        Accepted {isOurs && 'in this console '}by <b>{escapeControl(owner)}</b>
        {until !== undefined && (
          <>
            {' '}
            until <b>{until}</b>
          </>
        )}
        {isOurs && ', not in ringfence.yaml'}: {escapeControl(reason)}
      </span>
      {isOurs && by !== undefined && <span className="quiet">written down by {escapeControl(by)}</span>}
      <span className="quiet">It stays a finding, and its control fails as before.</span>
      {isOurs && (
        <p className="buttons">
          <CopyButton
            text={acceptanceEntry(finding, { reason, owner, until: until ?? '' })}
            label="Copy the entry for ringfence.yaml"
          />
          <button
            type="button"
            className="copy"
            disabled={act.isBusy}
            onClick={() => void act.run('it counts again', () => remove(withQuery('/acceptances', { fingerprint })))}
          >
            Have it count again
          </button>
        </p>
      )}
      {act.problem !== undefined && <ProblemNote of={act.problem} />}
    </div>
  );
}

/** Since when, and earlier decisions. */
function Past({ told }: { readonly told: FindingAnswer | undefined }): ReactNode {
  const spans = told?.past?.spans ?? [];
  const first = spans[0];
  const earlier = told?.past?.acceptances.filter(({ withdrawn }) => withdrawn !== undefined) ?? [];
  if (first === undefined) return null;
  return (
    <>
      <p className="quiet">
        First seen {momentText(first.opened)}
        {spans.length > 1 && `, and again ${spans.length - 1} times`}.
      </p>
      {earlier.length > 0 && (
        <details>
          <summary>Accepted before</summary>
          <ul className="notes">
            {earlier.map(({ owner, reason, at, withdrawn = '' }) => (
              <li key={at}>
                {escapeControl(`${owner}: ${reason}`)}{' '}
                <span className="quiet">
                  {momentText(at)} to {momentText(withdrawn)}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

const QUARTER_MS = 90 * 86_400_000;

interface FormProps {
  readonly finding: Finding;
  readonly told: FindingAnswer | undefined;
}

function AcceptForm({ finding, told }: FormProps): ReactNode {
  const session = useAnswer<SessionAnswer>('/session').data;
  const [words, setWords] = useState<AcceptanceWords>(() => ({
    reason: '',
    owner: '',
    until: new Date(Date.now() + QUARTER_MS).toISOString().slice(0, 10),
  }));
  const act = useAct();
  const isKept = told !== undefined && told.keeping.kind !== 'memory' && told.keeping.state !== 'failed';
  const mayKeep = isKept && session !== undefined && session.role !== 'viewer';
  const isWhole = words.reason.trim() !== '' && words.owner.trim() !== '' && words.until !== '';
  const field = (name: keyof AcceptanceWords, label: string, type: 'text' | 'date') => (
    <label>
      <span>{label}</span>
      <input
        type={type}
        maxLength={name === 'reason' ? 1_000 : 200}
        value={words[name]}
        onChange={(event) => setWords({ ...words, [name]: event.target.value })}
      />
    </label>
  );
  return (
    <details className="accept">
      <summary>Accept it, with a reason, an owner and an end</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!mayKeep || !isWhole) return;
          const { fingerprint } = finding;
          void act.run('it is accepted', () => post('/acceptances', { fingerprint, ...words }));
        }}
      >
        {field('reason', 'Reason', 'text')}
        {field('owner', 'Owner', 'text')}
        {field('until', 'Until', 'date')}
        {isWhole && (
          <>
            <p className="quiet">For ringfence.yaml, where everybody and every run sees it:</p>
            <Scrolled className="patch" label="entry for ringfence.yaml">
              <pre>{acceptanceEntry(finding, words)}</pre>
            </Scrolled>
          </>
        )}
        <p className="buttons">
          {isWhole && <CopyButton text={acceptanceEntry(finding, words)} label="Copy the entry" />}
          <button
            type="button"
            className="copy"
            disabled={!isWhole || act.isBusy}
            onClick={() => void act.run('the edit is open in Change', () => openInChange(finding, words))}
          >
            Take it to Change
          </button>
          {mayKeep && (
            <button type="submit" className="copy" disabled={!isWhole || act.isBusy}>
              Accept in this console
            </button>
          )}
        </p>
        <p className="quiet small">{whyNot({ told, isKept, role: session?.role })}</p>
      </form>
      {act.problem !== undefined && <ProblemNote of={act.problem} />}
    </details>
  );
}

/** As an edit of the settings, to be taken along as a patch. */
async function openInChange({ fingerprint }: Finding, words: AcceptanceWords): Promise<void> {
  const { made, why = '', files } = await post<FixAnswer>('/acceptances/draft', { fingerprint, ...words });
  if (!made) throw new Problem(409, why);
  openDraft(files);
  go(withQuery('/change', { file: files[0]?.file }));
}

interface WhyNot {
  readonly told: FindingAnswer | undefined;
  readonly isKept: boolean;
  readonly role: SessionAnswer['role'] | undefined;
}

function whyNot({ told, isKept, role }: WhyNot): string {
  if (isKept && role !== 'viewer')
    return 'Accepted here, it counts at once in what this server answers, and nowhere else.';
  if (told?.keeping.state === 'failed') return `History cannot be used: ${told.keeping.why ?? 'no reason was given'}.`;
  if (role === 'viewer') return 'To accept it in the console takes the role of an editor.';
  return 'To accept it in the console takes a server that keeps history: ringfence serve --store FOLDER.';
}

/** Something that is sent, and what came of it. The answers follow by themselves: a decision makes a new revision. */
function useAct() {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  return {
    isBusy,
    problem,
    run: async (done: string, send: () => Promise<unknown>): Promise<void> => {
      setBusy(true);
      try {
        await send();
        setProblem(undefined);
        announce(done);
      } catch (error) {
        setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
      }
      setBusy(false);
    },
  };
}
