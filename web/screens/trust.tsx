import type { ReactNode } from 'react';
import type { ControlState } from '#model/control.ts';
import { CONTROL_STATES } from '#model/control.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { OpenEntry, ScanAnswer } from '#model/scan.ts';
import { count } from '#report/words.ts';
import { useLive } from '../api/live.ts';
import { useAnswer } from '../api/use-answer.ts';
import { CodeFrame } from '../parts/code-frame.tsx';
import { useCommand } from '../parts/command.ts';
import { OriginLink } from '../parts/origin-link.tsx';
import { placeText } from '../parts/place-text.ts';
import { Prose, Sentence } from '../parts/prose.tsx';
import { Answered, Screen } from '../parts/screen.tsx';

/** Can this be believed: what was read, what was assumed, what is not understood. */
export function Trust(): ReactNode {
  const asked = useAnswer<ScanAnswer>('/scan');
  const command = useCommand(['scan'], ['--verbose']);
  return (
    <Screen
      title="Trust"
      about="What the answers rest on: what was read, assumed, and not understood"
      command={command}
    >
      <Answered asked={asked}>
        {(scan) => (
          <div className="columns even">
            <div>
              <Facts scan={scan} />
              <Assumed scan={scan} />
              <Coverage scan={scan} />
            </div>
            <div>
              <Diagnostics diagnostics={scan.diagnostics} />
              <Undecided scan={scan} />
            </div>
          </div>
        )}
      </Answered>
    </Screen>
  );
}

function Facts({ scan }: { readonly scan: ScanAnswer }): ReactNode {
  const { environment, status } = useLive();
  if (environment === undefined) return null;
  const { counts, sources, total } = environment;
  return (
    <section className="card">
      <h2>What was read</h2>
      <dl className="facts">
        <dt>Input</dt>
        <dd>
          {environment.input.join(', ')}: {count(total, 'file')}, {count(scan.coverage.resources, 'resource')}
        </dd>
        <dt>In it</dt>
        <dd>
          {count(counts.namespaces, 'namespace')}, {count(counts.workloads, 'workload')},{' '}
          {count(counts.services, 'Service')}, {count(counts.nodes, 'node')}
          {counts.azure > 0 && `, ${count(counts.azure, 'resource')} of Azure`}
        </dd>
        <dt>Engine</dt>
        <dd>
          <b>{environment.engine.profile}</b>: {environment.engine.why}
        </dd>
        <dt>Read</dt>
        <dd>
          <time dateTime={environment.taken}>{new Date(environment.taken).toLocaleString()}</time>, revision{' '}
          {environment.revision}, {status?.state}
        </dd>
        <dt>Ringfence</dt>
        <dd>
          {environment.versions.ringfence}, Node {environment.versions.node}
        </dd>
      </dl>
      <details>
        <summary>The files</summary>
        <ul className="notes">
          {sources.map(({ file, objects }) => (
            <li key={file}>
              <code>{file}</code> <span className="quiet">{count(objects, 'object')}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function Assumed({ scan }: { readonly scan: ScanAnswer }): ReactNode {
  return (
    <section className="card">
      <h2>Assumed</h2>
      {scan.assumptions.length === 0 && <p>Nothing: the input states all that the answers rest on.</p>}
      <ul className="notes">
        {scan.assumptions.map(({ code, text }) => (
          <li key={`${code} ${text}`}>
            <Sentence text={text} /> <span className="quiet">{code}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const STATE_WORDS: Readonly<Record<ControlState, string>> = {
  FAIL: 'fail',
  PARTIAL: 'fail at some places',
  WARN: 'are met by one layer only, or barely',
  UNKNOWN: 'lack evidence in the input',
  MANUAL: 'need an answer of a person',
  PASS: 'pass',
  'PASS-PLATFORM': 'are met by the provider',
  NA: 'are about what is not there',
  'NA-PROVIDER': 'are run by the provider',
};

function Coverage({ scan }: { readonly scan: ScanAnswer }): ReactNode {
  const { unsupported } = scan.coverage;
  return (
    <section className="card">
      <h2>{scan.controls.length} controls</h2>
      <dl className="facts">
        {CONTROL_STATES.map((state) => ({
          state,
          number: scan.controls.filter((control) => control.state === state).length,
        }))
          .filter(({ number }) => number > 0)
          .map(({ state, number }) => (
            <div key={state} className="row">
              <dt>{number}</dt>
              <dd>{STATE_WORDS[state]}</dd>
            </div>
          ))}
      </dl>
      {unsupported.length > 0 && (
        <>
          <h3>Kinds that no control looks at</h3>
          <ul className="chips">
            {unsupported.map((entry) => (
              <li key={entry.kind} className="chip">
                {entry.kind} · {entry.count}
              </li>
            ))}
          </ul>
        </>
      )}
      {scan.internalErrors.map((error) => (
        <p key={error.control} className="banner bad">
          {error.control} failed by a mistake of ours: {error.message}
        </p>
      ))}
    </section>
  );
}

function Diagnostics({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }): ReactNode {
  return (
    <section className="card">
      <h2>Said of the input</h2>
      {diagnostics.length === 0 && <p>Nothing: all of it was understood.</p>}
      <ul className="rules">
        {diagnostics.map((diagnostic) => (
          <li
            key={`${diagnostic.code} ${diagnostic.object} ${diagnostic.origin?.file} ${diagnostic.origin?.line} ${diagnostic.message}`}
          >
            <div>
              <span className={`level ${diagnostic.severity}`}>{diagnostic.severity}</span>{' '}
              <Sentence text={diagnostic.message} /> <span className="quiet">{diagnostic.code}</span>{' '}
              <OriginLink origin={diagnostic.origin} />
            </div>
            {diagnostic.help !== undefined && (
              <p className="quiet">
                <Sentence text={diagnostic.help} />
              </p>
            )}
            {diagnostic.frame !== undefined && <CodeFrame frame={diagnostic.frame} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Undecided({ scan }: { readonly scan: ScanAnswer }): ReactNode {
  const controls = scan.controls.filter(({ state }) => state === 'UNKNOWN' || state === 'MANUAL');
  return (
    <section className="card">
      <h2>Not decided</h2>
      <p className="quiet">
        {count(controls.length, 'control')}: the input has no evidence, or a person has to answer. None of these counts
        as passed.
      </p>
      <ul className="rules">
        {controls.map((control) => (
          <li key={control.id}>
            <details>
              <summary data-row>
                <span className="id">{control.id}</span> {control.title}
              </summary>
              <p className="quiet">
                <Sentence text={control.why} />
              </p>
              {control.question !== undefined && <p>{control.question}</p>}
              <Places entries={scan.open.filter((entry) => entry.control === control.id)} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Places({ entries }: { readonly entries: readonly OpenEntry[] }): ReactNode {
  return (
    <ul className="notes">
      {entries.map((entry) => (
        <li key={entry.where.id}>
          {placeText(entry.where)}: <Prose text={entry.message} /> <OriginLink origin={entry.where.origin} />
        </li>
      ))}
    </ul>
  );
}
