import type { ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { BaselineEntry, BaselineScope } from '#model/baselines.ts';
import type { Evidence, Place } from '#model/control.ts';
import { type ControlEntry, decidingOrigin, type ScanAnswer } from '#model/scan.ts';
import { OriginLink } from '../../parts/origin-link.tsx';
import { placeText } from '../../parts/place-text.ts';
import { Prose, Sentence } from '../../parts/prose.tsx';
import { Severity } from '../../parts/severity.tsx';
import { Link } from '../../shell/location.tsx';
import { State } from './states.tsx';

interface EntryDetailProps {
  readonly entry: BaselineEntry;
  readonly scan: ScanAnswer;
  readonly scope: BaselineScope;
}

/** What assesses one entry, and what it says. */
export function EntryDetail({ entry, scan, scope }: EntryDetailProps): ReactNode {
  const controls = scan.controls.filter(({ id }) => entry.controls.includes(id));
  return (
    <div className="entry-detail">
      {controls.length === 0 && (
        <p>
          <Sentence text={entry.why ?? 'no control assesses it'} />
        </p>
      )}
      {controls.map((control) => (
        <Control key={control.id} control={control} scan={scan} scope={scope} />
      ))}
    </div>
  );
}

interface ControlProps {
  readonly control: ControlEntry;
  readonly scan: ScanAnswer;
  readonly scope: BaselineScope;
}

function Control({ control, scan, scope }: ControlProps): ReactNode {
  const findings = scan.findings.filter((each) => each.control === control.id && isIn(scope, each.where));
  const open = scan.open.filter((each) => each.control === control.id && isIn(scope, each.where));
  return (
    <article aria-label={control.id}>
      <p className="line">
        <State of={control.state} />
        <span className="id">{control.id}</span>
        <b>{control.title}</b>
      </p>
      <p>
        <Sentence text={control.why} />
        {scope.kind !== 'all' && <span className="quiet"> (over the whole input)</span>}
      </p>
      {control.question !== undefined && (
        <p className="question">
          <b>To be answered:</b> {control.question}
          {control.answer !== undefined &&
            ` ${escapeControl(control.answer.by)} answered ${control.answer.answer} on ${control.answer.on}.`}
        </p>
      )}
      <EvidenceList evidence={control.evidence} />
      {findings.length > 0 && (
        <ul className="rules">
          {findings.slice(0, MOST).map((finding) => (
            <li key={finding.fingerprint}>
              <div className="line">
                <Severity of={finding.severity} />
                <Link to={`/findings?${new URLSearchParams({ finding: finding.fingerprint })}`}>
                  {placeText(finding.where)}
                </Link>
                {finding.suppressed !== null && <span className="chip">accepted by {finding.suppressed.owner}</span>}
                <OriginLink origin={decidingOrigin(finding)} />
              </div>
              <p className="quiet small">
                <Sentence text={finding.suppressed?.reason ?? finding.message} />
              </p>
            </li>
          ))}
        </ul>
      )}
      {findings.length > MOST && (
        <p className="small">
          <Link to={`/findings?${new URLSearchParams({ q: `control:${control.id}` })}`}>
            All {findings.length} findings of {control.id}
          </Link>
        </p>
      )}
      {open.map((each) => (
        <p key={`${each.where.id} ${each.message}`} className="unsure-text small">
          ? {placeText(each.where)}: <Prose text={each.message} />
        </p>
      ))}
      <p className="small">
        <span className="quiet">To close it:</span> <Prose text={control.remedy} />
      </p>
    </article>
  );
}

const MOST = 12;

function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }): ReactNode {
  if (evidence.length === 0) return null;
  return (
    <ul className="notes">
      {evidence.slice(0, MOST).map((seen) => (
        <li key={`${seen.object} ${seen.field} ${seen.why}`}>
          {seen.object} {seen.field !== undefined && <code>{seen.field}</code>}{' '}
          {seen.why !== undefined && <Prose text={seen.why} />} <OriginLink origin={seen.origin} />
        </li>
      ))}
    </ul>
  );
}

/** As the server tells scopes apart: resources of Azure have a type with a slash. */
function isIn({ kind, name }: BaselineScope, where: Place): boolean {
  const isAzure = where.kind.includes('/');
  const namespace = where.kind === 'Namespace' ? where.name : where.namespace;
  switch (kind) {
    case 'all':
      return true;
    case 'azure':
      return isAzure;
    case 'cluster':
      return !isAzure && namespace === '';
    case 'namespace':
      return !isAzure && namespace === name;
  }
}
