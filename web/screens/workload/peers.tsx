import type { ReactNode } from 'react';
import type { Connection, TrafficList } from '#model/answers.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { count, reasonTexts, trafficText } from '#report/words.ts';
import type { WorkloadAnswer } from '../../api/workload-answers.ts';
import { askUrl, EndpointLink } from '../../parts/endpoint-link.tsx';
import { Prose } from '../../parts/prose.tsx';
import type { FilterForm } from '../../parts/use-filter.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { Link } from '../../shell/location.tsx';

/** One connection as it is seen from the workload. */
export interface Peer {
  readonly direction: 'in' | 'out';
  readonly id: string;
  readonly own: string;
  readonly place: string;
  readonly verdict: PathVerdict;
  readonly connection: Connection;
  /** Of addresses outside. */
  readonly ranges: readonly string[];
}

export function peersOf({ in: into, out, outside }: Pick<WorkloadAnswer, 'in' | 'out' | 'outside'>): readonly Peer[] {
  const ranges = new Map(outside.map((each) => [each.id, each.ranges ?? []]));
  return [
    ...into.map((connection) => peerOf(connection, 'in', ranges)),
    ...out.map((connection) => peerOf(connection, 'out', ranges)),
  ];
}

export const PEER_FORM: FilterForm<Peer> = {
  fields: ['direction', 'peer', 'namespace', 'verdict', 'protocol'],
  of: ({ direction, id, place, verdict, ranges, connection: { allowed } }) => ({
    fields: {
      direction: [direction],
      peer: [id],
      namespace: [place],
      verdict: [verdict],
      protocol: allowed === 'all' ? ['all'] : allowed.map(({ protocol }) => protocol),
    },
    text: [id, trafficText(allowed), ...ranges].join(' '),
  }),
};

const WORDS = {
  in: {
    title: 'Comes in',
    shut: 'isolated: only what a rule admits comes in',
    open: 'nothing isolates it: whatever its sender may send comes in',
    none: 'Nothing can reach it.',
  },
  out: {
    title: 'Goes out',
    shut: 'isolated: only what a rule admits goes out',
    open: 'nothing isolates it: it may send wherever it is let in',
    none: 'It can reach nothing.',
  },
} as const;

interface PeersProps {
  readonly answer: WorkloadAnswer;
  readonly direction: 'in' | 'out';
  readonly peers: readonly Peer[];
}

/** Those that a connection is open or not known with, by namespace; all others are denied. */
export function Peers({ answer, direction, peers }: PeersProps): ReactNode {
  const words = WORDS[direction];
  const isShut = answer.isolated[direction === 'in' ? 'ingress' : 'egress'];
  const groups = [...Map.groupBy(peers, ({ place }) => place)];
  return (
    <section className="card part" aria-labelledby={`peers-${direction}`}>
      <h2 id={`peers-${direction}`}>
        {words.title} <span className="count">{peers.length}</span>
      </h2>
      <p className="quiet small">{isShut ? words.shut : words.open}</p>
      {answer[direction].length === 0 && <p>{words.none}</p>}
      {answer[direction].length > 0 && peers.length === 0 && <p className="quiet">None fits the filter.</p>}
      {groups.map(([place, members]) => (
        <Group key={place} place={place} peers={members} isOpen={groups.length < 8 && members.length <= 12} />
      ))}
    </section>
  );
}

/** Drawn at once; more than these are found by the filter. */
const MOST_ROWS = 200;

interface GroupProps {
  readonly place: string;
  readonly peers: readonly Peer[];
  readonly isOpen: boolean;
}

function Group({ place, peers, isOpen }: GroupProps): ReactNode {
  const verdicts = [...Map.groupBy(peers, ({ verdict }) => verdict)];
  return (
    <details className="peers" open={isOpen}>
      <summary>
        <b>{place}</b> <span className="count">{peers.length}</span>
        <span className="quiet small">{verdicts.map(([verdict, own]) => `${own.length} ${verdict}`).join(' · ')}</span>
      </summary>
      <ul>
        {peers.slice(0, MOST_ROWS).map((peer) => (
          <Row key={`${peer.own} ${peer.id}`} peer={peer} />
        ))}
      </ul>
      {peers.length > MOST_ROWS && (
        <p className="quiet small">
          {count(peers.length - MOST_ROWS, 'row')} more are folded away: filter by peer to see them.
        </p>
      )}
    </details>
  );
}

function Row({ peer: { id, own, direction, verdict, connection, ranges } }: { readonly peer: Peer }): ReactNode {
  const asked = ranges[0] ?? id;
  const [from, to] = direction === 'in' ? [asked, own] : [own, asked];
  const port = firstPort(connection.allowed);
  const unknown = connection.unknown.length > 0 ? trafficText(connection.unknown) : '';
  const reasons = [...new Set(connection.unknown.flatMap((each) => each.reasons))];
  return (
    <li>
      <Link to={askUrl({ from, to, ...(port !== undefined && { port }) })} row className="why">
        <Verdict of={verdict} />
      </Link>
      <span className="who-else">{ranges.length === 0 ? <EndpointLink id={id} /> : <Ranges of={ranges} />}</span>
      <span className="traffic">{trafficText(connection.allowed)}</span>
      {(connection.mixed ?? []).map((each) => (
        <p key={`${each.protocol} ${each.ports}`} className="note">
          {trafficText([each])}: <Prose text={each.why} />
        </p>
      ))}
      {unknown !== '' && (
        <p className="note">
          not known: {unknown} <span className="quiet">{reasonTexts(reasons).join('; ')}</span>
        </p>
      )}
    </li>
  );
}

const FIRST_RANGES = 3;

function Ranges({ of }: { readonly of: readonly string[] }): ReactNode {
  const first = of.slice(0, FIRST_RANGES).join(', ');
  if (of.length <= FIRST_RANGES) return <b>{first}</b>;
  return (
    <details className="names">
      <summary>
        <b>{first}</b> <span className="quiet">and {count(of.length - FIRST_RANGES, 'range')} more</span>
      </summary>
      {of.slice(FIRST_RANGES).join(', ')}
    </details>
  );
}

/** As a question takes it: `5432/TCP`. */
function firstPort(list: TrafficList): string | undefined {
  const [first] = list === 'all' ? [] : list;
  const port = /^\d+/.exec(first?.ports ?? '')?.[0];
  return first === undefined || port === undefined || first.ports === '1-65535'
    ? undefined
    : `${port}/${first.protocol}`;
}

function peerOf(connection: Connection, direction: 'in' | 'out', ranges: ReadonlyMap<string, readonly string[]>): Peer {
  const [id, own] = direction === 'in' ? [connection.from, connection.to] : [connection.to, connection.from];
  return {
    direction,
    id,
    own,
    place: placeOf(id),
    verdict: verdictOf(connection),
    connection,
    ranges: ranges.get(id) ?? [],
  };
}

function placeOf(id: string): string {
  if (id.startsWith('node:')) return 'nodes';
  const parts = id.split('/');
  return parts.length === 3 && /^[A-Z]/.test(parts[1]!) ? parts[0]! : 'outside of the cluster';
}

function verdictOf({ allowed, mixed = [], unknown }: Connection): PathVerdict {
  if (mixed.length > 0) return 'mixed';
  return allowed === 'all' || allowed.length > 0 || unknown.length === 0 ? 'allowed' : 'unknown';
}
