import type { ReactNode } from 'react';
import type { HopEntry, PathAnswer, SmallestChange } from '#model/answers.ts';
import { count, layerText, reasonTexts } from '#report/words.ts';
import { getText, withQuery } from '../api/client.ts';
import { pathAssertion } from '../parts/assertion.ts';
import { CopyAssertion } from '../parts/copy-assertion.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { OriginLink } from '../parts/origin-link.tsx';
import { Prose, Sentence } from '../parts/prose.tsx';
import { Scrolled } from '../parts/scrolled.tsx';
import { markdownOf } from './ask-markdown.ts';
import type { Question } from './sentence.ts';
import { TryChange } from './try-change.tsx';

/** What stands in the way, what would change it, and what to take along. */
export function AskSide({ answer, question }: { readonly answer: PathAnswer; readonly question: Question }): ReactNode {
  return (
    <aside aria-label="What it means">
      <Blockers hops={answer.hops} />
      {answer.reasons.length > 0 && <Unknown answer={answer} />}
      {answer.changes.length > 0 && <Changes answer={answer} />}
      <section className="card">
        <h2>Take it along</h2>
        <p className="buttons">
          <CopyButton text={location.href} label="Link" />
          <CopyButton text={markdownOf(answer)} label="Markdown" />
          <CopyButton text={() => getText(withQuery('/path/report', { ...question, format: 'svg' }))} label="SVG" />
          <CopyAssertion of={pathAssertion(answer, question)} />
          <CopyButton text={JSON.stringify(answer, null, 2)} label="JSON" />
        </p>
        <p className="quiet small">
          Engine: {answer.engine.profile}, {answer.engine.why}
        </p>
        {answer.assumptions.map(({ code, text }) => (
          <p key={code} className="quiet small">
            Assumed: <Prose text={text} /> ({code})
          </p>
        ))}
      </section>
    </aside>
  );
}

/** All of them, not the first: opening one alone changes nothing. */
function Blockers({ hops }: { readonly hops: readonly HopEntry[] }): ReactNode {
  const blockers = hops.filter(({ verdict }) => verdict === 'denied');
  if (blockers.length === 0) return null;
  return (
    <section className="card">
      <h2>{blockers.length === 1 ? 'One thing stands in the way' : `All of these stand in the way`}</h2>
      <ol className="blockers">
        {blockers.map((hop) => (
          <li key={`${hop.layer} ${hop.at}`}>
            <b>{layerText(hop.layer, hop.at)}</b>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Unknown({ answer }: { readonly answer: PathAnswer }): ReactNode {
  return (
    <section className="card unsure">
      <h2>Why it is not known</h2>
      <ul>
        {reasonTexts(answer.reasons).map((text) => (
          <li key={text}>
            <Prose text={text} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Changes({ answer }: { readonly answer: PathAnswer }): ReactNode {
  const [first, ...others] = answer.changes;
  return (
    <section className="card">
      <h2>The smallest change that flips it</h2>
      <ChangeView answer={answer} change={first!} at={0} />
      {others.length > 0 && (
        <details>
          <summary>{count(others.length, 'other change')} would do</summary>
          {others.map((change, index) => (
            <ChangeView key={change.summary} answer={answer} change={change} at={index + 1} />
          ))}
        </details>
      )}
    </section>
  );
}

interface ChangeViewProps {
  readonly answer: PathAnswer;
  readonly change: SmallestChange;
  /** Which of the answer's changes it is. */
  readonly at: number;
}

function ChangeView({ answer, change, at }: ChangeViewProps): ReactNode {
  return (
    <div className="change">
      <p>
        <Sentence text={change.summary} /> <OriginLink origin={change.origin} />
      </p>
      <Scrolled className="patch" label="what to add">
        <pre>{change.patch}</pre>
      </Scrolled>
      <p className="buttons">
        <span className={change.alsoOpens > 0 ? 'unsure-text' : 'quiet'}>{sideEffects(change)}</span>
        <CopyButton text={change.patch} label="Copy patch" />
      </p>
      <TryChange answer={answer} at={at} />
    </div>
  );
}

function sideEffects({ alsoOpens, alsoCloses }: SmallestChange): string {
  if (alsoOpens === 0 && alsoCloses === 0) return 'Changes no other pair';
  const parts = [
    ...(alsoOpens > 0 ? [`opens ${count(alsoOpens, 'other pair')}`] : []),
    ...(alsoCloses > 0 ? [`closes ${count(alsoCloses, 'other pair')}`] : []),
  ];
  return `Also ${parts.join(' and ')}`;
}
