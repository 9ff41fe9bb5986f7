import type { ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { ChangeGroup, DiffAnswer, EndpointEntry, Exposure } from '#model/answers.ts';
import type { Finding } from '#model/scan.ts';
import { trafficText } from '#report/words.ts';
import { withQuery } from '../../api/client.ts';
import { EndpointName } from '../../parts/endpoint-name.tsx';
import { placeText } from '../../parts/place-text.ts';
import { Prose, Sentence } from '../../parts/prose.tsx';
import { Severity } from '../../parts/severity.tsx';
import { Link } from '../../shell/location.tsx';
import type { Previewed } from './use-preview.ts';

interface EffectsProps {
  readonly previewed: Previewed;
  readonly edited: number;
  readonly whole: boolean;
  readonly why: string | undefined;
}

/** Connections first, as they are there first; then what comes in from outside, and findings. */
export function Effects({ previewed, edited, whole, why }: EffectsProps): ReactNode {
  const { connections, connectionsStale, broken, problem, ms } = previewed;
  return (
    <>
      {!whole && (
        <p className="quiet small">
          The server computes: <Prose text={why ?? ''} />.
        </p>
      )}
      {problem !== undefined && (
        <p className="banner bad" role="alert">
          <Sentence text={problem} />
        </p>
      )}
      {edited === 0 && (
        <p className="card">
          Edit a file. What opens and closes is told here at each key; nothing is written to disk or cluster.
        </p>
      )}
      {edited > 0 && connections === undefined && problem === undefined && !broken && (
        <p className="quiet" role="status">
          Asking the engine …
        </p>
      )}
      {edited > 0 && broken && <Broken hasAnswer={connections !== undefined} />}
      {edited > 0 && connections !== undefined && (
        <>
          <Connections diff={connections} stale={connectionsStale} ms={ms} />
          <Rest previewed={previewed} />
        </>
      )}
    </>
  );
}

/** What is left without a broken manifest is no answer: the last good one stays, and says so. */
function Broken({ hasAnswer }: { readonly hasAnswer: boolean }): ReactNode {
  return (
    <div className="banner unsure" role="status">
      <b>The text cannot be taken as it is</b>
      <span>
        {hasAnswer
          ? 'Below is the last answer before that.'
          : 'Mend what is listed below the text to see what changes.'}
      </span>
    </div>
  );
}

interface ConnectionsProps {
  readonly diff: DiffAnswer;
  readonly stale: boolean;
  readonly ms: number | undefined;
}

function Connections({ diff, stale, ms }: ConnectionsProps): ReactNode {
  const { changes, groups, invariants, about = [] } = diff;
  const opened = changes.filter((each) => trafficText(each.opened) !== '').length;
  const closed = changes.filter((each) => trafficText(each.closed) !== '').length;
  const unsettled = changes.filter((each) => trafficText(each.unsettled) !== '').length;
  const broken = invariants.filter(({ base, head }) => base !== head);
  return (
    <section className={`card effects ${stale ? 'is-stale' : ''}`} aria-busy={stale} aria-labelledby="connections">
      <h2 id="connections">
        Connections {stale ? <span className="chip">stale</span> : ms !== undefined && <Took ms={ms} />}
      </h2>
      <p role="status" data-answer={stale ? undefined : 'current'}>
        {opened + closed + unsettled === 0
          ? 'No connection changes.'
          : [
              ...(opened > 0 ? [`${opened} opened`] : []),
              ...(closed > 0 ? [`${closed} closed`] : []),
              ...(unsettled > 0 ? [`${unsettled} not known`] : []),
            ].join(', ')}
      </p>
      <ul className="effect-rows">
        {groups.slice(0, SHOWN_AT_MOST).map((group) => (
          <GroupRow
            key={`${group.change} ${group.from.join()} ${group.to.join()} ${trafficText(group.traffic)}`}
            group={group}
            about={about}
          />
        ))}
      </ul>
      {groups.length > SHOWN_AT_MOST && <p className="quiet">{groups.length - SHOWN_AT_MOST} more groups</p>}
      {broken.map(({ name, base, head }) => (
        <p key={name}>
          Invariant <b>{name}</b>: {base} before, <b>{head}</b> now
        </p>
      ))}
    </section>
  );
}

const SHOWN_AT_MOST = 60;

function Took({ ms }: { readonly ms: number }): ReactNode {
  return <span className="quiet small">computed here in {ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms</span>;
}

const SIGNS = {
  opened: { mark: '+', word: 'opened', className: 'opened' },
  closed: { mark: '−', word: 'closed', className: 'closed' },
  unsettled: { mark: '?', word: 'not known', className: 'unsettled' },
} as const;

interface GroupRowProps {
  readonly group: ChangeGroup;
  readonly about: readonly EndpointEntry[];
}

/** A group of connections that change alike, with the way to why the first of them is as it is. */
function GroupRow({ group, about }: GroupRowProps): ReactNode {
  const { mark, word, className } = SIGNS[group.change];
  return (
    <li className={`effect ${className}`}>
      <span className="effect-mark">
        <span aria-hidden="true">{mark}</span> {word}
      </span>
      <span className="effect-ends">
        <Ends ids={group.from} about={about} /> <span aria-hidden="true">→</span>
        <span className="unseen"> to </span> <Ends ids={group.to} about={about} />
      </span>
      <span className="effect-more">
        <span className="id">{trafficText(group.traffic)}</span>
        <Link to={whyUrl(group, about)} row>
          why as it is
        </Link>
      </span>
    </li>
  );
}

const NAMED_AT_MOST = 3;

function Ends({
  ids,
  about,
}: {
  readonly ids: readonly string[];
  readonly about: readonly EndpointEntry[];
}): ReactNode {
  return (
    <>
      {ids.slice(0, NAMED_AT_MOST).map((id, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <End id={id} about={about} />
        </span>
      ))}
      {ids.length > NAMED_AT_MOST && <span className="quiet"> and {ids.length - NAMED_AT_MOST} more</span>}
    </>
  );
}

function End({ id, about }: { readonly id: string; readonly about: readonly EndpointEntry[] }): ReactNode {
  const ranges = about.find((entry) => entry.id === id)?.ranges;
  if (ranges !== undefined) {
    const first = ranges.slice(0, 2).join(', ');
    return <b className="endpoint">{ranges.length > 2 ? `${first} and ${ranges.length - 2} more ranges` : first}</b>;
  }
  if (!id.includes('/') || id.startsWith('ns:')) return <EndpointName id={id} />;
  return (
    <Link to={withQuery('/workload', { id })}>
      <EndpointName id={id} />
    </Link>
  );
}

/** Ask is about the input as it is: the rules that decide today. */
function whyUrl({ from, to, traffic }: ChangeGroup, about: readonly EndpointEntry[]): string {
  const entry = traffic === 'all' ? undefined : traffic[0];
  const port = entry?.ports === undefined ? undefined : /^\d+/.exec(entry.ports)?.[0];
  const name = (id: string | undefined) => about.find((each) => each.id === id)?.ranges?.[0] ?? id;
  return withQuery('/ask', {
    from: name(from[0]),
    to: name(to[0]),
    ...(port !== undefined && { port: entry?.protocol === 'TCP' ? port : `${port}/${entry?.protocol}` }),
  });
}

function Rest({ previewed }: { readonly previewed: Previewed }): ReactNode {
  const { findings, findingsStale, progress, broken } = previewed;
  const state = findingsStale ? (
    <span className="chip">{broken ? 'stale' : progress === undefined ? 'computing' : `computing: ${progress}`}</span>
  ) : null;
  return (
    <>
      <section
        className={`card effects ${findingsStale ? 'is-stale' : ''}`}
        aria-busy={findingsStale}
        aria-labelledby="went"
      >
        <h2 id="went">Findings {state}</h2>
        {findings === undefined ? (
          <p className="quiet">Judged after the connections.</p>
        ) : (
          <FindingLists of={findings.findings} />
        )}
      </section>
      {findings !== undefined && (
        <section
          className={`card effects ${findingsStale ? 'is-stale' : ''}`}
          aria-busy={findingsStale}
          aria-labelledby="ways"
        >
          <h2 id="ways">Ways in from outside</h2>
          <Exposures come={findings.exposures.come} go={findings.exposures.go} />
        </section>
      )}
    </>
  );
}

function FindingLists({
  of: { come, go, unsettled, left },
}: {
  readonly of: NonNullable<Previewed['findings']>['findings'];
}): ReactNode {
  return (
    <>
      <p role="status" data-findings={`${come.length} ${go.length}`}>
        {come.length + go.length + unsettled.length === 0
          ? `None comes and none goes; ${left} stay.`
          : `${come.length} come, ${go.length} go${unsettled.length > 0 ? `, ${unsettled.length} not known` : ''}; ${left} afterwards.`}
      </p>
      <ul className="effect-rows">
        {come.map((finding) => (
          <FindingRow key={`+${finding.fingerprint}`} finding={finding} sign={SIGNS.opened} word="comes" />
        ))}
        {go.map((finding) => (
          <FindingRow key={`-${finding.fingerprint}`} finding={finding} sign={SIGNS.closed} word="goes" />
        ))}
        {unsettled.map((finding) => (
          <FindingRow key={`?${finding.fingerprint}`} finding={finding} sign={SIGNS.unsettled} word="not known" />
        ))}
      </ul>
    </>
  );
}

interface FindingRowProps {
  readonly finding: Finding;
  readonly sign: (typeof SIGNS)[keyof typeof SIGNS];
  readonly word: string;
}

function FindingRow({ finding, sign, word }: FindingRowProps): ReactNode {
  return (
    <li className={`effect finding-${word === 'comes' ? 'comes' : word === 'goes' ? 'goes' : 'open'}`}>
      <span className="effect-mark">
        <span aria-hidden="true">{sign.mark}</span> {word}
      </span>
      <span className="effect-ends">
        <Severity of={finding.severity} /> <span className="id">{finding.control}</span>{' '}
        <b>{placeText(finding.where)}</b> <span className="quiet">{finding.title}</span>
      </span>
    </li>
  );
}

function Exposures({ come, go }: { readonly come: readonly Exposure[]; readonly go: readonly Exposure[] }): ReactNode {
  if (come.length + go.length === 0) return <p>None changes.</p>;
  return (
    <ul className="effect-rows">
      {[
        ...come.map((each) => ({ each, sign: SIGNS.opened, word: 'comes' })),
        ...go.map((each) => ({ each, sign: SIGNS.closed, word: 'goes' })),
      ].map(({ each, sign, word }) => (
        <li className={`effect ${sign.className}`} key={`${word} ${each.through} ${each.at} ${each.to} ${each.port}`}>
          <span className="effect-mark">
            <span aria-hidden="true">{sign.mark}</span> {word}
          </span>
          <span className="effect-ends">
            {each.scope}: {escapeControl(each.through)} <span aria-hidden="true">→</span> <EndpointName id={each.to} />
          </span>
          <span className="effect-more">
            <span className="id">{escapeControl(each.at)}</span> <span>{each.verdict}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
