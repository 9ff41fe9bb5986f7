import '../style/screens/map.css';
import { type ReactNode, useState } from 'react';
import { count } from '#report/words.ts';
import type { DrawingAnswer } from '../api/answers.ts';
import { get, withQuery } from '../api/client.ts';
import { useLive } from '../api/live.ts';
import { useAnswer } from '../api/use-answer.ts';
import { filtered, useCommand } from '../parts/command.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { EndpointName, shortName } from '../parts/endpoint-name.tsx';
import { FilterBox } from '../parts/filter-box.tsx';
import { Answered, Screen } from '../parts/screen.tsx';
import { Segments } from '../parts/segments.tsx';
import { choose, Link, usePlace } from '../shell/location.tsx';
import { Islands } from './map/islands.tsx';
import { LineList } from './map/line-list.tsx';
import { LineSaid } from './map/line-said.tsx';

/** The shape of one scope: namespaces as islands, who reaches whom as lines. */
export function MapScreen(): ReactNode {
  const { query } = usePlace();
  const focus = query.get('focus') ?? '';
  const filter = query.get('q') ?? '';
  const layers = layersIn(query);
  const path = withQuery('/map/drawing', { focus, filter, level: query.get('level') ?? undefined, ...layers });
  const asked = useAnswer<DrawingAnswer>(path);
  const command = useCommand(
    ['map'],
    [
      ...(focus.startsWith('ns:') ? ['--namespace', focus.slice(3)] : []),
      ...(asked.data?.folded === true ? ['--fold', 'always'] : []),
      ...(layers.layer === undefined ? [] : ['--layer', layers.layer]),
      ...(layers.ingress === undefined ? [] : ['--ingress']),
      ...(layers.encryption === undefined ? [] : ['--encryption']),
      ...filtered(filter),
      '-o',
      'svg',
    ],
  );
  const drawn = asked.data?.edges.length ?? 0;
  return (
    <Screen title="Map" about="Namespaces as islands, and who reaches whom between them" command={command}>
      <FilterBox
        filter={filter}
        problem={undefined}
        shown={drawn}
        of={`${count(asked.data?.counts.connections ?? 0, 'connection')} drawn as lines`}
        hint="from:shop/* -to:kube-system/* verdict:allowed"
      />
      <Toolbar isFolded={asked.data?.folded ?? false} hasFocus={focus !== ''} />
      {focus !== '' && <Focus id={focus} />}
      <Answered asked={asked}>{(answer) => <Drawn answer={answer} path={path} />}</Answered>
    </Screen>
  );
}

function layersIn(query: URLSearchParams): Readonly<Record<'layer' | 'ingress' | 'encryption', string | undefined>> {
  const on = (name: string) => (query.get(name) === 'on' ? 'true' : undefined);
  return {
    layer: query.get('beyond') === 'off' ? 'policy' : undefined,
    ingress: on('ingress'),
    encryption: on('encryption'),
  };
}

interface ToolbarProps {
  readonly isFolded: boolean;
  readonly hasFocus: boolean;
}

function Toolbar({ isFolded, hasFocus }: ToolbarProps): ReactNode {
  const { query } = usePlace();
  const hasAzure = (useLive().environment?.counts.azure ?? 0) > 0;
  return (
    <div className="toolbar">
      <Segments
        name="level"
        label="Boxes"
        chosen={isFolded ? 'namespace' : 'workload'}
        options={[
          ['namespace', 'Namespaces'],
          ['workload', 'Workloads'],
        ]}
        isOff={hasFocus}
      />
      <Segments
        name="view"
        label="Shown as"
        chosen={query.get('view') === 'list' ? 'list' : 'drawing'}
        options={[
          ['drawing', 'Drawing'],
          ['list', 'List'],
        ]}
      />
      <fieldset className="layers">
        <legend className="unseen">Layers</legend>
        <Layer name="beyond" on="" off="off" text={hasAzure ? 'Mesh, host and Azure' : 'Mesh and host'} />
        <Layer name="ingress" on="on" off="" text="Ingress" />
        <Layer name="encryption" on="on" off="" text="Encryption" />
      </fieldset>
    </div>
  );
}

interface LayerProps {
  readonly name: string;
  /** What the address says when it is on, and when it is off. */
  readonly on: string;
  readonly off: string;
  readonly text: string;
}

function Layer({ name, on, off, text }: LayerProps): ReactNode {
  const { query } = usePlace();
  return (
    <label>
      <input
        type="checkbox"
        checked={(query.get(name) ?? '') === on}
        onChange={(event) => choose({ [name]: event.target.checked ? on : off })}
      />{' '}
      {text}
    </label>
  );
}

function Focus({ id }: { readonly id: string }): ReactNode {
  const isWorkload = !id.startsWith('ns:');
  return (
    <p className="focus-bar">
      <span>Only {isWorkload ? <EndpointName id={id} /> : <b>namespace {id.slice(3)}</b>} and its neighbours</span>
      {isWorkload && <Link to={`/workload?${new URLSearchParams({ id })}`}>Everything about it</Link>}
      <Link to={`/ask?${new URLSearchParams({ from: shortName(id) })}`}>Ask whom it reaches</Link>
      <button type="button" className="copy" onClick={() => choose({ focus: undefined }, 'push')}>
        The whole map
      </button>
    </p>
  );
}

function Drawn({ answer, path }: { readonly answer: DrawingAnswer; readonly path: string }): ReactNode {
  const isList = usePlace().query.get('view') === 'list';
  const [at, setAt] = useState<number | undefined>(undefined);
  const isNothing = answer.nodes.length === 0;
  return (
    <>
      <p className="quiet small fold-said" role="status">
        {isNothing ? 'No connection is left by the filter.' : foldText(answer)}
      </p>
      {!isNothing && (
        <>
          {isList ? <LineList answer={answer} /> : <Islands answer={answer} at={at} onAt={setAt} />}
          {!isList && <LineSaid answer={answer} at={at} />}
          <div className="map-foot">
            <Legend />
            <p className="buttons">
              <CopyButton
                text={async () =>
                  (await get<DrawingAnswer>(`${path}${path.includes('?') ? '&' : '?'}svg=true`)).svg ?? ''
                }
                label="Copy SVG"
              />
            </p>
          </div>
        </>
      )}
    </>
  );
}

/** What is not drawn one by one, said outright. */
function foldText({ folded, counts, nodes }: DrawingAnswer): string {
  const parts = [`${count(nodes.length, 'box', 'boxes')}`];
  if (folded) parts.push('each namespace is one box: choose one to see its workloads');
  if (counts.islands > 0) parts.push(`${count(counts.islands, 'namespace')} folded to one box each`);
  if (counts.left > 0) parts.push(`${count(counts.left, 'box', 'boxes')} with the fewest lines not drawn`);
  if (counts.undrawn > 0)
    parts.push(
      `${count(counts.undrawn, 'line')} are too many to follow and not drawn: choose a box, filter, or see Reach`,
    );
  return parts.join(' · ');
}

function Legend(): ReactNode {
  return (
    <ul className="map-legend">
      {(['allowed', 'mixed', 'unknown'] as const).map((tone) => (
        <li key={tone}>
          <svg viewBox="0 0 34 10" width="34" height="10" aria-hidden="true">
            <path d="M1 5h24" className={`line ${tone}`} />
            <path d="M25 1l8 4l-8 4z" className={`tip ${tone}`} />
          </svg>
          {tone === 'mixed' ? '± allowed for some' : tone === 'unknown' ? '? unknown' : 'allowed'}
        </li>
      ))}
      <li className="quiet">no line: denied</li>
    </ul>
  );
}
