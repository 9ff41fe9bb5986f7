import type { ReactNode } from 'react';
import type { PathAnswer } from '#model/answers.ts';
import { askedText, trafficText } from '#report/words.ts';
import { withQuery } from '../api/client.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Arrow } from '../parts/arrow.tsx';
import { useCommand } from '../parts/command.ts';
import { EndpointName } from '../parts/endpoint-name.tsx';
import { Answered, Screen } from '../parts/screen.tsx';
import { Verdict } from '../parts/verdict.tsx';
import { usePlace } from '../shell/location.tsx';
import { AskBox } from './ask-box.tsx';
import { Branches, Lane, NearMisses } from './ask-lane.tsx';
import { AskSide } from './ask-side.tsx';
import type { Question } from './sentence.ts';

/** May one endpoint reach another, hop by hop, and what would change it. */
export function Ask(): ReactNode {
  const { query } = usePlace();
  const question = { from: query.get('from') ?? '', to: query.get('to') ?? '', port: query.get('port') ?? '' };
  const whole = question.from !== '' && question.to !== '';
  const path = whole ? withQuery('/path', { ...question }) : undefined;
  const asked = useAnswer<PathAnswer>(path);
  const command = useCommand(['can', question.from, question.to, question.port].filter((word) => word !== ''));
  return (
    <Screen title="Ask" about="May one endpoint reach another, and which rules decide" {...(whole && { command })}>
      <AskBox question={question} />
      {whole ? (
        <Answered asked={asked}>{(answer) => <Path answer={answer} question={question} />}</Answered>
      ) : (
        <Hints question={question} />
      )}
    </Screen>
  );
}

function Path({ answer, question }: { readonly answer: PathAnswer; readonly question: Question }): ReactNode {
  return (
    <article aria-labelledby="verdict">
      <div className={`answer ${answer.verdict}`} role="status">
        <Verdict of={answer.verdict} />
        <h2 id="verdict">
          <EndpointName id={answer.from} /> <Arrow /> <EndpointName id={answer.to} />
        </h2>
        <span className="asked">{answer.allowed === undefined ? askedText(answer) : openText(answer)}</span>
      </div>
      <div className="columns wide-left">
        <section aria-label="The path, hop by hop">
          {answer.branches.length > 1 ? <Branches branches={answer.branches} /> : <Lane hops={answer.hops} />}
          <NearMisses misses={answer.nearMisses} />
        </section>
        <AskSide answer={answer} question={question} />
      </div>
    </article>
  );
}

/** Where no port was asked about: which are open. */
function openText({ allowed = [] }: PathAnswer): string {
  const text = trafficText(allowed);
  return text === '' ? 'no port is open' : `open: ${text}`;
}

const FORMS: readonly (readonly [string, string])[] = [
  ['shop/web', 'a workload, of any kind'],
  ['svc:shop/web', 'a Service, and the pods behind it'],
  ['ns:shop', 'everything in a namespace'],
  ['internet', 'any public address'],
  ['203.0.113.7', 'an address or a CIDR'],
  ['node:NAME', 'a node'],
  ['apiserver', 'the API server of the cluster'],
  ['dns:api.example.com', 'a name on the internet'],
];

function Hints({ question }: { readonly question: Question }): ReactNode {
  return (
    <section className="card hints">
      <h2>{question.from === '' ? 'Name two endpoints, and a port if you like' : 'To which endpoint?'}</h2>
      <p className="quiet">
        As in <code>shop/web to shop/db on 5432</code>. Without a port, every open port is told. Endpoints are named so:
      </p>
      <dl className="forms">
        {FORMS.map(([form, what]) => (
          <div key={form}>
            <dt>
              <code>{form}</code>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
