import type { ReactNode } from 'react';
import type { Evidence } from '#model/control.ts';
import { type ControlEntry, decidingOrigin, type Finding, type FixEntry } from '#model/scan.ts';
import { count } from '#report/words.ts';
import { CodeFrame } from '../parts/code-frame.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { OriginLink } from '../parts/origin-link.tsx';
import { placeText } from '../parts/place-text.ts';
import { Prose, Sentence } from '../parts/prose.tsx';
import { Scrolled } from '../parts/scrolled.tsx';
import { Severity } from '../parts/severity.tsx';
import { SourceLines } from '../parts/source.tsx';
import { BlastRadiusView } from './blast-radius.tsx';
import { AcceptanceView } from './findings/acceptance.tsx';
import { TryFix } from './try-fix.tsx';

interface FindingDetailProps {
  readonly finding: Finding;
  readonly control: ControlEntry | undefined;
}

/** One finding: what is wrong, what decided it, what it puts at risk, how it is closed. */
export function FindingDetail({ finding, control }: FindingDetailProps): ReactNode {
  const origin = decidingOrigin(finding);
  return (
    <article className="detail card" aria-labelledby="finding">
      <p className="meta">
        <Severity of={finding.severity} /> <span className="id">{finding.control}</span>
        <span className="quiet">priority {finding.priority} of 100</span>
        <OriginLink origin={origin} />
      </p>
      <h2 id="finding">{placeText(finding.where)}</h2>
      <p className="lead">
        <Sentence text={finding.message} />
      </p>
      {finding.suppressed !== null && <AcceptanceView key={finding.fingerprint} finding={finding} />}
      {finding.frame !== undefined && <CodeFrame frame={finding.frame} />}
      {finding.frame === undefined && origin !== undefined && <SourceLines line={origin} around={2} />}
      {finding.blastRadius !== undefined && (
        <section>
          <h3>Blast radius</h3>
          <BlastRadiusView of={finding.blastRadius} place={placeText(finding.where)} />
        </section>
      )}
      {finding.fix !== undefined && <FixView fix={finding.fix} />}
      {finding.fix?.automatic === true && (
        <TryFix key={`fix ${finding.fingerprint}`} fingerprint={finding.fingerprint} />
      )}
      {finding.evidence.length > 0 && <EvidenceView evidence={finding.evidence} />}
      {finding.suppressed === null && <AcceptanceView key={finding.fingerprint} finding={finding} />}
      {control !== undefined && <ControlView control={control} />}
    </article>
  );
}

function FixView({ fix }: { readonly fix: FixEntry }): ReactNode {
  return (
    <section>
      <h3>Fix</h3>
      <p>
        <Sentence text={fix.summary} /> {fix.automatic && <span className="chip">can be written for you</span>}
      </p>
      {fix.patches.map((patch) => (
        <div key={`${patch.form} ${patch.file ?? patch.text}`}>
          <p className="buttons">
            <span className="quiet">
              {patch.form}
              {patch.file !== undefined && `, ${patch.file}`}
            </span>
            <CopyButton text={patch.text} label="Copy patch" />
          </p>
          <Scrolled className="patch" label="patch">
            <pre>{patch.text}</pre>
          </Scrolled>
        </div>
      ))}
      {fix.proof !== undefined && (
        <p>
          {fix.proof.closes
            ? 'Proven on the model: it closes the finding'
            : 'On the model it does not close the finding by itself'}
          , opens {count(fix.proof.opened, 'connection')} and closes {fix.proof.closed}.
        </p>
      )}
      {fix.steps.length > 0 && (
        <ul className="notes">
          {fix.steps.map((step) => (
            <li key={step}>
              <Sentence text={step} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function EvidenceView({ evidence }: { readonly evidence: readonly Evidence[] }): ReactNode {
  return (
    <section>
      <h3>Evidence</h3>
      <ul className="rules">
        {evidence.map((seen, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two pieces of evidence may say the same
          <li key={at}>
            <div>
              <b>{seen.object}</b> {seen.field !== undefined && <code>{seen.field}</code>}{' '}
              <OriginLink origin={seen.origin} />
            </div>
            <p className="quiet">
              {seen.why !== undefined && <Sentence text={seen.why} />}
              {seen.value !== undefined && <code className="value">{JSON.stringify(seen.value)}</code>}
              {seen.value === undefined && seen.field !== undefined && 'Nothing is set there'}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ControlView({ control }: { readonly control: ControlEntry }): ReactNode {
  return (
    <section>
      <h3>Why it matters</h3>
      <p>
        <Prose text={control.rationale} />
      </p>
      <p>
        <Prose text={control.remedy} />
      </p>
      <details>
        <summary>{count(control.frameworks.length, 'entry', 'entries')} of published baselines ask for it</summary>
        <ul className="chips">
          {control.frameworks.map(({ framework, id }) => (
            <li key={`${framework} ${id}`} className="chip">
              {framework} {id}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
