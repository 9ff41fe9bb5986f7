import type { ReactNode } from 'react';
import type { EgressAnswer } from '#model/egress.ts';
import { egressSummary } from '#report/egress-words.ts';
import { useLive } from '../api/live.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useCommand } from '../parts/command.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Sentence } from '../parts/prose.tsx';
import { Answered, Screen } from '../parts/screen.tsx';
import { Segments } from '../parts/segments.tsx';
import { usePlace } from '../shell/location.tsx';
import '../style/screens/common.css';
import '../style/screens/azure.css';
import { Checks } from './azure/checks.tsx';
import { Differences } from './azure/differences.tsx';
import { Needs } from './azure/needs.tsx';
import { OnePath } from './azure/path.tsx';
import type { Question } from './sentence.ts';

const VIEWS = [
  ['ways', 'Ways out'],
  ['differences', 'Where it differs from policy'],
  ['checks', 'Rules and checks'],
  ['path', 'One path'],
] as const;

const ABOUT = 'The layers outside the cluster: what leaves it, by which way, and which rules of the network decide';

/** The network around the cluster. */
export function Azure(): ReactNode {
  const { query } = usePlace();
  const { environment } = useLive();
  const question = { from: query.get('from') ?? '', to: query.get('to') ?? '', port: query.get('port') ?? '' };
  const view = query.get('view') ?? (question.from === '' ? 'ways' : 'path');
  const command = useCommand(view === 'path' ? pathWords(question) : ['egress']);
  if (environment?.counts.azure === 0) {
    return (
      <Screen title="Azure" about={ABOUT}>
        <NoEstate />
      </Screen>
    );
  }
  return (
    <Screen title="Azure" about={ABOUT} command={command}>
      <div className="toolbar azure-views">
        <Segments
          name="view"
          label="View"
          chosen={view}
          options={VIEWS}
          also={{ q: undefined, layer: undefined, branch: undefined }}
        />
      </div>
      {view === 'path' ? <OnePath question={question} /> : <Egress view={view} />}
    </Screen>
  );
}

function pathWords({ from, to, port }: Question): readonly string[] {
  return from === '' || to === '' ? ['egress'] : ['can', from, to, port].filter((word) => word !== '');
}

function Egress({ view }: { readonly view: string }): ReactNode {
  const asked = useAnswer<EgressAnswer>('/egress');
  return (
    <Answered asked={asked}>
      {(answer) => (
        <>
          <p className="egress-summary">
            <b>
              <Sentence text={egressSummary(answer)} />
            </b>
          </p>
          {view === 'differences' ? (
            <Differences answer={answer} />
          ) : view === 'checks' ? (
            <Checks answer={answer} />
          ) : (
            <Needs answer={answer} />
          )}
        </>
      )}
    </Answered>
  );
}

/** Not an error: most clusters are looked at without it first. */
function NoEstate(): ReactNode {
  const fromFiles = useCommand(['serve'], ['--azure', 'FOLDER']);
  const live = useCommand(['serve'], ['--azure', 'sub:NAME']);
  return (
    <section className="card no-estate" aria-labelledby="no-estate">
      <h2 id="no-estate">The network around the cluster was not read</h2>
      <p>
        No resource of Azure is in the input, so nothing is said here about security groups, routes, firewalls or
        private endpoints, and no verdict rests on them. Start the server with the network beside the manifests:
      </p>
      <Way command={fromFiles} about="From templates of ARM or Bicep, Terraform, or exports of Azure Resource Graph" />
      <Way
        command={live}
        about="From a subscription as it is now, read with the sign-in of the Azure CLI; nothing is changed"
      />
    </section>
  );
}

function Way({ command, about }: { readonly command: string; readonly about: string }): ReactNode {
  return (
    <div className="way-in">
      <p className="quiet">{about}</p>
      <p className="buttons">
        <code>{command}</code>
        <CopyButton text={command} label="Copy command" />
      </p>
    </div>
  );
}
