import { unite } from '#base/intervals.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Invariant } from '#model/invariant.ts';
import type { Direction } from '#model/resource.ts';
import { isPortProtocol, NO_TRAFFIC, portTraffic, protocolTraffic, type TrafficSet } from '#model/traffic.ts';
import { Draft, oneOf, type PlacedText, quote } from './kubernetes/draft.ts';
import type { FieldTree } from './kubernetes/field-tree.ts';
import { identityOf, titleOf } from './kubernetes/object.ts';
import { Reader } from './kubernetes/reader.ts';
import { Strings } from './kubernetes/strings.ts';
import type { MapNode, SourceText } from './text/node.ts';
import { readDocuments } from './text/read-documents.ts';

export interface InvariantsResult {
  readonly invariants: readonly Invariant[];
  readonly diagnostics: readonly Diagnostic[];
}

const API = 'ringfence.dev/v1';
const KIND = 'Invariants';

/**
 * The invariants of every document of kind `Invariants`, which may lie among manifests. Whatever is wrong with an entry
 * is reported (RF5001), and the entry is there as `invalid`, so that a typing error cannot make a test pass.
 */
export function readInvariants(sources: Iterable<SourceText>): InvariantsResult {
  const invariants: Invariant[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const source of sources) {
    if (!mayHoldInvariants(source)) continue;
    const { documents, diagnostics: problems } = readDocuments(source);
    diagnostics.push(...problems);
    for (const { root } of documents) {
      if (root.kind !== 'map' || identityOf(root).kind !== KIND) continue;
      const read = readObject(source, root);
      if (read === undefined) continue;
      invariants.push(...read.invariants);
      diagnostics.push(...read.diagnostics);
    }
  }
  return { invariants, diagnostics };
}

/** Manifests are many and long; reading each twice for nothing would double the cost of a test. */
function mayHoldInvariants({ text }: SourceText): boolean {
  return text.includes(KIND) && text.includes('ringfence');
}

const PAIR = treeOf('from', 'to', 'ports');
const STATEMENTS: Readonly<Record<StatementKind, FieldTree>> = {
  never: PAIR,
  always: PAIR,
  onlyThese: treeOf('from', 'to', 'ports', 'nodes'),
  isolated: treeOf('endpoints', 'directions'),
};
type StatementKind = 'never' | 'always' | 'onlyThese' | 'isolated';
const STATEMENT_KINDS: readonly StatementKind[] = ['never', 'always', 'onlyThese', 'isolated'];
const ENTRY: FieldTree = { open: false, children: new Map([['name', leaf()], ...Object.entries(STATEMENTS)]) };
const OBJECT: FieldTree = {
  open: false,
  children: new Map([
    ['apiVersion', leaf()],
    ['kind', leaf()],
    ['metadata', { open: true, children: new Map([['name', leaf()]]) }],
    ['invariants', ENTRY],
  ]),
};

function leaf(): FieldTree {
  return { open: false, children: new Map() };
}

function treeOf(...names: readonly string[]): FieldTree {
  return { open: false, children: new Map(names.map((name) => [name, leaf()])) };
}

/** Undefined for a kind of this name that is another project's. */
function readObject(source: SourceText, root: MapNode): InvariantsResult | undefined {
  const { apiVersion, name, namespace } = identityOf(root);
  if (apiVersion !== undefined && !apiVersion.startsWith('ringfence.dev/')) return undefined;
  const draft = new Draft(source, new Strings(), titleOf(KIND, namespace, name));
  const object = Reader.of(draft, root, OBJECT);
  if (apiVersion !== API) draft.refuse('RF5001', object.place('apiVersion'), `must be ${quote(API)}`);
  object.unread('invariants');
  if (object.length('invariants') === 0)
    draft.refuse('RF5001', object.place('invariants'), 'must be a list of invariants');
  const whole = draft.problems[0];
  const entries = object
    .children('invariants')
    .map((entry, index) => readEntry(entry, `${name === '' ? KIND : name}[${index}]`));
  const all =
    whole === undefined
      ? entries
      : [{ kind: 'invalid', name: draft.title, why: whole.message, origin: object.origin } as const, ...entries];
  return { invariants: all, diagnostics: draft.problems.map(asInvalid) };
}

/** The readers of Kubernetes objects speak of what an API server refuses; here it is we who refuse. */
function asInvalid(problem: Diagnostic): Diagnostic {
  const help = problem.help === undefined || problem.help === CODES[problem.code].fix ? CODES.RF5001.fix : problem.help;
  return { ...problem, code: 'RF5001', severity: 'error', help };
}

function readEntry(entry: Reader, fallback: string): Invariant {
  const { draft, origin } = entry;
  const before = draft.problems.length;
  draft.refused = false;
  const name = entry.text('name') ?? fallback;
  const gaps = entry.unread();
  const statement = readStatement(entry, { name, origin });
  if (statement !== undefined && !draft.refused && gaps.length === 0) return statement;
  return { kind: 'invalid', name, origin, why: draft.problems[before]?.message ?? 'cannot be read' };
}

type Head = Pick<Invariant, 'name' | 'origin'>;

function readStatement(entry: Reader, head: Head): Invariant | undefined {
  const [kind, ...others] = entry.present(STATEMENT_KINDS);
  const found = STATEMENT_KINDS.find((each) => each === kind);
  if (found === undefined || others.length > 0) {
    entry.draft.refuse('RF5001', entry.place(), `must have one of ${oneOf(STATEMENT_KINDS)}, and only one`);
    return undefined;
  }
  const statement = entry.childOrEmpty(found);
  if (found === 'isolated')
    return { kind: found, ...head, endpoints: namesAt(statement, 'endpoints'), directions: directionsAt(statement) };
  const traffic = statement.has('ports') ? trafficAt(statement) : undefined;
  const pair = {
    from: namesAt(statement, 'from'),
    to: namesAt(statement, 'to'),
    ...(traffic !== undefined && { traffic }),
  };
  if (found === 'onlyThese') return { kind: found, ...head, ...pair, nodes: statement.boolean('nodes') ?? false };
  return { kind: found, ...head, ...pair };
}

/** One name, or a list of them. */
function namesAt(reader: Reader, key: string): string[] {
  const names = reader.length(key) > 0 ? reader.texts(key).map(({ text }) => text) : [reader.requiredText(key)];
  if (names.length > 1 && names.includes('')) reader.refuse('RF5001', key, 'has an empty name');
  return names;
}

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

function directionsAt(reader: Reader): Direction[] {
  if (!reader.has('directions')) return [...DIRECTIONS];
  const out: Direction[] = [];
  for (const placed of reader.texts('directions')) {
    const direction = DIRECTIONS.find((each) => each === placed.text);
    if (direction === undefined)
      reader.draft.refuse('RF5001', placed, `is ${quote(placed.text)}; must be ${oneOf(DIRECTIONS)}`);
    else out.push(direction);
  }
  if (reader.length('directions') === 0) reader.refuse('RF5001', 'directions', 'names no direction');
  return out;
}

function trafficAt(reader: Reader): TrafficSet {
  let all = NO_TRAFFIC;
  if (reader.length('ports') === 0)
    reader.refuse('RF5001', 'ports', 'must be a list of ports; leave it out to mean every port');
  for (const placed of reader.length('ports') === 0 ? [] : reader.texts('ports')) {
    const traffic = trafficOf(placed.text);
    if (traffic === undefined) refusePort(reader, placed);
    else all = unite(all, traffic);
  }
  return all;
}

function refusePort(reader: Reader, placed: PlacedText): void {
  const help = 'write `8080`, `53/UDP`, `8000-8999/TCP`, `TCP` or `icmp`';
  reader.draft.refuse('RF5001', placed, { message: `is ${quote(placed.text)}, which is not a port`, help });
}

/** `8080` is TCP; `8000-8999/UDP`; a whole protocol by its name; `icmp` is that of either address family. */
function trafficOf(text: string): TrafficSet | undefined {
  const whole = text.toUpperCase();
  if (isPortProtocol(whole)) return protocolTraffic(whole);
  if (whole === 'ICMP') return unite(protocolTraffic('ICMP'), protocolTraffic('ICMPv6'));
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/([A-Za-z]+))?$/.exec(text);
  if (match === null) return undefined;
  const [, first, second, named] = match;
  const [lo, hi] = [Number(first), Number(second ?? first)];
  const protocol = (named ?? 'TCP').toUpperCase();
  if (!isPortProtocol(protocol) || lo < 1 || hi > 65535 || lo > hi) return undefined;
  return portTraffic(protocol, lo, hi);
}
