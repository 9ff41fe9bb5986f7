import type { Connection, EndpointEntry, PathAnswer, TrafficList } from '#model/answers.ts';
import { yamlText } from './yaml-text.ts';

export type Assertion =
  | { readonly kind: 'written'; readonly text: string }
  /** Why what is so cannot be asserted, in words. */
  | { readonly kind: 'none'; readonly why: string };

type Ends = Pick<PathAnswer, 'from' | 'to'>;

/** What the answer says, as an invariant that `ringfence test` holds from now on. `ends` are named as the question did. */
export function pathAssertion(answer: PathAnswer, ends: Ends): Assertion {
  const { verdict, allowed, reasons } = answer;
  if (verdict === 'unknown' || reasons.length > 0) return none('what is not known cannot be asserted');
  if (verdict === 'mixed') return none('it is allowed for some only: ask about those');
  if (allowed !== undefined) return openAssertion(allowed, ends);
  const ports = portNames([
    { protocol: answer.protocol, ...(answer.port !== undefined && { ports: `${answer.port}` }) },
  ]);
  if (ports === undefined) return none('invariants have no such protocol');
  return verdict === 'allowed' ? written('always', ends, ports) : written('never', ends, ports);
}

/** Of every port: those that are open stay open, or none is ever. */
function openAssertion(allowed: TrafficList, ends: Ends): Assertion {
  if (allowed === 'all') return written('always', ends, []);
  if (allowed.length === 0) return written('never', ends, []);
  const ports = portNames(allowed);
  return ports === undefined ? none('invariants have no such protocol') : written('always', ends, ports);
}

function written(kind: 'always' | 'never', { from, to }: Ends, ports: readonly string[]): Assertion {
  const on = ports.length === 0 ? '' : ` on ${ports.join(', ')}`;
  const name = `${from} ${kind} reaches ${to}${on}`;
  return { kind: 'written', text: document(name, kind, [...fieldsOf({ from, to }), ...portsField(ports)]) };
}

interface Inward {
  readonly id: string;
  readonly in: readonly Connection[];
  /** Addresses outside, with their ranges. */
  readonly outside: readonly EndpointEntry[];
}

/** Who reaches a workload now, and nobody else. */
export function inwardAssertion({ id, in: into, outside }: Inward): Assertion {
  if (into.some(({ unknown }) => unknown.length > 0)) return none('what is not known cannot be asserted');
  const ranges = new Map(outside.map((each) => [each.id, each.ranges ?? []]));
  const from = [...new Set(into.flatMap((each) => ranges.get(each.from) ?? [wholeName(each.from)]))];
  const to = wholeName(id);
  if (from.length === 0)
    return {
      kind: 'written',
      text: document(`${to} is reached by nobody`, 'onlyThese', [`from: [${yamlText(to)}]`, `to: ${yamlText(to)}`]),
    };
  const list = `from: [${from.map(yamlText).join(', ')}]`;
  return {
    kind: 'written',
    text: document(`${to} is reached by those alone who reach it now`, 'onlyThese', [list, `to: ${yamlText(to)}`]),
  };
}

/** Parts of a workload (`#2`) have no name of their own in questions. */
function wholeName(id: string): string {
  return id.replace(/#\d+$/, '');
}

function fieldsOf({ from, to }: Ends): readonly string[] {
  return [`from: ${yamlText(from)}`, `to: ${yamlText(to)}`];
}

function portsField(ports: readonly string[]): readonly string[] {
  return ports.length === 0 ? [] : [`ports: [${ports.map(yamlText).join(', ')}]`];
}

const PORT_PROTOCOLS: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP']);

/** `5432/TCP`, or `TCP` for all of it. Undefined where there is a protocol that invariants do not know. */
function portNames(list: Exclude<TrafficList, 'all'>): readonly string[] | undefined {
  const out: string[] = [];
  for (const { protocol, ports } of list) {
    if (!PORT_PROTOCOLS.has(protocol)) return undefined;
    if (ports === undefined || ports === '1-65535') out.push(protocol);
    else out.push(...ports.split(',').map((each) => `${each}/${protocol}`));
  }
  return out;
}

function document(name: string, kind: string, fields: readonly string[]): string {
  return [
    'apiVersion: ringfence.dev/v1',
    'kind: Invariants',
    'metadata: {name: console}',
    'invariants:',
    `  - name: ${yamlText(name)}`,
    `    ${kind}: {${fields.join(', ')}}`,
    '',
  ].join('\n');
}

function none(why: string): Assertion {
  return { kind: 'none', why };
}
