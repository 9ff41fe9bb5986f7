import type { ReactNode } from 'react';
import type { EgressAnswer } from '#model/egress.ts';
import { askedText, reasonTexts } from '#report/words.ts';
import { withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import type { AzurePathAnswer } from '../../api/workload-answers.ts';
import { Arrow } from '../../parts/arrow.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { askUrl } from '../../parts/endpoint-link.tsx';
import { EndpointName } from '../../parts/endpoint-name.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Answered } from '../../parts/screen.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { Link, usePlace } from '../../shell/location.tsx';
import { AskBox } from '../ask-box.tsx';
import type { Question } from '../sentence.ts';
import { pathUrl, questionsIn } from './links.ts';
import { csvOf, markdownOf, stagesOf } from './stages.ts';
import { Stages } from './stages-view.tsx';

/** The rules of Azure for one connection, list by list. */
export function OnePath({ question }: { readonly question: Question }): ReactNode {
  const isWhole = question.from !== '' && question.to !== '';
  const asked = useAnswer<AzurePathAnswer>(isWhole ? withQuery('/azure/path', { ...question }) : undefined);
  return (
    <>
      <AskBox question={question} />
      {isWhole ? (
        <Answered asked={asked}>{(answer) => <Path answer={answer} question={question} />}</Answered>
      ) : (
        <Suggestions />
      )}
    </>
  );
}

function Path({ answer, question }: { readonly answer: AzurePathAnswer; readonly question: Question }): ReactNode {
  const { query } = usePlace();
  const { branches } = answer;
  const branch = branches[Number(query.get('branch') ?? '0')] ?? branches[0];
  const stages = stagesOf(branch?.layers ?? []);
  return (
    <article aria-labelledby="verdict">
      <div className={`answer ${answer.verdict}`} role="status">
        <Verdict of={answer.verdict} />
        <h2 id="verdict">
          <EndpointName id={answer.from} /> <Arrow /> <EndpointName id={answer.to} />
        </h2>
        <span className="asked">{askedText(answer)}</span>
      </div>
      {reasonTexts(answer.reasons).map((text) => (
        <p key={text} className="unsure-text">
          ? <Prose text={text} />
        </p>
      ))}
      <p className="buttons azure-take">
        <span className="quiet">
          {networkText(answer)} <Link to={askUrl(question)}>The whole path, with policy of the cluster</Link>
        </span>
        <CopyButton text={csvOf(stages)} label="Copy CSV" />
        <CopyButton text={markdownOf(answer, stages)} label="Copy Markdown" />
      </p>
      {branches.length > 1 && <Branches answer={answer} question={question} chosen={branch} />}
      {stages.length === 0 ? (
        <p className="card">No layer of Azure is on this way: nothing around the cluster could stop it.</p>
      ) : (
        <Stages stages={stages} />
      )}
    </article>
  );
}

/** The verdict is of the whole path: it may not be the network's doing. */
function networkText({ verdict, branches }: AzurePathAnswer): string {
  const hops = branches.flatMap(({ layers }) => layers);
  const worst = (['denied', 'unknown'] as const).find((each) => hops.some((hop) => hop.verdict === each));
  if (verdict === 'allowed' || worst === verdict) return 'Below, what the network around the cluster says to it.';
  if (worst === undefined)
    return 'The network around the cluster lets it through: it is policy of the cluster that does not.';
  return `Below, what the network around the cluster says to it, ${worst} by itself.`;
}

interface BranchesProps {
  readonly answer: AzurePathAnswer;
  readonly question: Question;
  readonly chosen: AzurePathAnswer['branches'][number] | undefined;
}

/** Where pods, backends or address families differ. */
function Branches({ answer: { branches }, question, chosen }: BranchesProps): ReactNode {
  return (
    <nav className="azure-branches" aria-label="Branches of the path">
      <ul>
        {branches.map((branch, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two branches may have the same ends, and the place is the address
          <li key={at}>
            <Link to={pathUrl(question, { branch: `${at}` })} current={branch === chosen} row>
              <Verdict of={branch.verdict} /> <EndpointName id={branch.from} /> <Arrow />{' '}
              <EndpointName id={branch.to} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Where the layers are known to differ, and what everybody asks first. */
function Suggestions(): ReactNode {
  const asked = useAnswer<EgressAnswer>('/egress');
  return (
    <section className="card" aria-labelledby="to-ask">
      <h2 id="to-ask">Name two endpoints above, or begin with one of these</h2>
      <Answered asked={asked}>
        {(answer) => (
          <ul className="azure-questions">
            {questionsIn(answer).map((question) => (
              <li key={`${question.from} ${question.to} ${question.port}`}>
                <Link to={pathUrl(question)} row>
                  <EndpointName id={question.from} /> <Arrow /> <EndpointName id={question.to} />
                </Link>{' '}
                <span className="quiet">
                  {question.port}, {question.why}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </section>
  );
}
