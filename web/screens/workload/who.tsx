import type { ReactNode } from 'react';
import { escapeControl } from '#base/escape.ts';
import { count, trafficText } from '#report/words.ts';
import type { DrawingAnswer } from '../../api/answers.ts';
import { get, withQuery } from '../../api/client.ts';
import type { WorkloadAnswer } from '../../api/workload-answers.ts';
import { inwardAssertion } from '../../parts/assertion.ts';
import { CopyAssertion } from '../../parts/copy-assertion.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EndpointName, shortName } from '../../parts/endpoint-name.tsx';
import { OriginLink } from '../../parts/origin-link.tsx';
import { choose, Link, usePlace } from '../../shell/location.tsx';

/** Who it is, and what can be asked about it. */
export function Who({ answer }: { readonly answer: WorkloadAnswer }): ReactNode {
  const { id, about, endpoints } = answer;
  const name = shortName(id);
  const isolating = usePlace().query.get('isolate') !== null;
  const isHost = endpoints.some(({ hostNetwork }) => hostNetwork === true);
  return (
    <section className="card about-it" aria-labelledby="who">
      <div className="title">
        <h2 id="who">
          <EndpointName id={id} />
        </h2>
        <div className="buttons">
          <Link to={`/ask?${new URLSearchParams({ from: name })}`} className="copy">
            Whom can it reach?
          </Link>
          <Link to={`/ask?${new URLSearchParams({ to: name })}`} className="copy">
            Who can reach it?
          </Link>
          <Link to={`/rulebook?${new URLSearchParams({ workload: id })}`} className="copy">
            Its rulebook
          </Link>
          <button
            type="button"
            className="copy strong"
            aria-pressed={isolating}
            onClick={() => choose({ isolate: isolating ? undefined : 'first' }, 'push')}
          >
            Isolate …
          </button>
          <CopyButton text={markdownOf(answer)} label="Markdown" />
          {!id.startsWith('node:') && (
            <CopyButton
              text={async () =>
                (await get<DrawingAnswer>(withQuery('/map/drawing', { focus: id, svg: 'true' }))).svg ?? ''
              }
              label="SVG"
            />
          )}
          <CopyAssertion of={inwardAssertion(answer)} />
        </div>
      </div>
      <dl className="facts">
        <dt>Pods</dt>
        <dd>
          {podsText(answer)}
          {isHost && ' · on the network of its node, where policies for pods may have no say'}
          {endpoints.length > 1 && ` · in ${endpoints.length} parts that policy treats differently`}
        </dd>
        {about !== undefined && <About about={about} />}
        {about === undefined && endpoints[0]?.origin !== undefined && (
          <>
            <dt>Written in</dt>
            <dd>
              <OriginLink origin={endpoints[0].origin} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function About({ about }: { readonly about: NonNullable<WorkloadAnswer['about']> }): ReactNode {
  return (
    <>
      <dt>Labels</dt>
      <dd className="chips tight">
        {about.labels.length === 0 && <span className="quiet">none</span>}
        {about.labels.map(({ key, value }) => (
          <code key={key} className="chip">
            {key}={value}
          </code>
        ))}
      </dd>
      <dt>Identity</dt>
      <dd>service account {about.serviceAccount}</dd>
      {about.owners.length > 0 && (
        <>
          <dt>Made by</dt>
          <dd>{about.owners.join(', ')}</dd>
        </>
      )}
      {about.images.length > 0 && (
        <>
          <dt>{about.images.length === 1 ? 'Image' : 'Images'}</dt>
          <dd>
            {about.images.map((image) => (
              <code key={image} className="image">
                {escapeControl(image)}
              </code>
            ))}
          </dd>
        </>
      )}
      <dt>Written in</dt>
      <dd>
        <OriginLink origin={about.origin} />
      </dd>
    </>
  );
}

function podsText({ about, endpoints, id }: WorkloadAnswer): string {
  if (id.startsWith('node:')) return 'a node';
  const seen = endpoints.reduce((sum, { pods = [] }) => sum + pods.length, 0);
  const wanted = about?.replicas === undefined ? '' : `${count(about.replicas, 'replica')} wanted`;
  if (seen === 0) return wanted === '' ? 'known by its template' : `${wanted}, known by its template`;
  return wanted === '' ? `${seen} in the input` : `${seen} in the input, ${wanted}`;
}

/** For a ticket. */
function markdownOf({ id, in: into, out, findings }: WorkloadAnswer): string {
  const list = (title: string, rows: readonly string[]) => [`## ${title}`, '', ...rows.map((row) => `- ${row}`), ''];
  const rowOf = (end: string, traffic: string) => `\`${end}\` ${traffic === '' ? 'not known' : traffic}`;
  return [
    `# \`${id}\``,
    '',
    ...list(
      'Comes in',
      into.map(({ from, allowed }) => rowOf(from, trafficText(allowed))),
    ),
    ...list(
      'Goes out',
      out.map(({ to, allowed }) => rowOf(to, trafficText(allowed))),
    ),
    ...list(
      'Findings',
      findings.map(({ control, message }) => `${control}: ${message}`),
    ),
    location.href,
  ].join('\n');
}
