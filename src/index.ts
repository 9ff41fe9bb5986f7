import { type Analysis, analyseSnapshot, withWorld } from '#analysis/analysis.ts';
import { diffOf } from '#analysis/diff/diff.ts';
import { exposeOf } from '#analysis/exposure/expose.ts';
import { namesIn } from '#analysis/invariants/names.ts';
import { testOf } from '#analysis/invariants/test.ts';
import { withFrontDoors } from '#analysis/map/front-doors.ts';
import { mapOf } from '#analysis/map/map.ts';
import { worldForNames } from '#analysis/path/names.ts';
import { type PathQuestion, type PathResult, pathOf } from '#analysis/path/path.ts';
import { policiesOf } from '#analysis/policies/policies.ts';
import { type Scope, scopeOf } from '#analysis/scope.ts';
import { type AddressRange, parseCidr } from '#base/address.ts';
import type { DiffAnswer, ExposeAnswer, MapAnswer, PoliciesAnswer, TestAnswer } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { ProfileId } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { PathVerdict } from '#model/verdict.ts';
import { type InvariantsResult, readInvariants } from '#parse/invariants.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { Answer } from '#report/answer.ts';
import { type RenderOptions, render as renderPieces } from '#report/render.ts';

export type { PathQuestion, PathResult } from '#analysis/path/path.ts';
export type * from '#model/answers.ts';
export { CODES, type CodeEntry, type DiagnosticCode } from '#model/codes.ts';
export type { Diagnostic, Severity } from '#model/diagnostic.ts';
export type { Origin } from '#model/origin.ts';
export { PROFILE_IDS, PROFILES, type Profile, type ProfileId } from '#model/profile.ts';
export { REASONS, type ReasonCode } from '#model/reason.ts';
export type { Snapshot } from '#model/snapshot.ts';
export type { PathVerdict, Verdict } from '#model/verdict.ts';
export type { Answer } from '#report/answer.ts';
export { formatsOf } from '#report/formats.ts';
export { type RenderOptions, UnknownFormatError } from '#report/render.ts';

/** One file: what diagnostics call it, and its text (YAML or JSON, of any number of documents). */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

export interface AnalyseOptions {
  /** Who enforces policy; detected unless given. */
  readonly engine?: ProfileId;
  /** Where pods without an address are, as `10.244.0.0/16`; private addresses unless given. */
  readonly podCidrs?: readonly string[];
  /** Whether policies that are only staged count as enforced. */
  readonly staged?: boolean;
}

export interface MapOptions {
  /** Only connections with an end in one of these. */
  readonly namespaces?: readonly string[];
  /** `tcp`, `udp`, `sctp`, `icmp`, `icmpv6`, numbers, or `all`; the first three unless given. */
  readonly protocols?: readonly string[];
  /** Namespaces in place of workloads: `auto` does it above 120 endpoints. */
  readonly fold?: 'auto' | 'always' | 'never';
  /** Also what enters through Ingress, Gateway, Route and Service. */
  readonly ingress?: boolean;
}

export interface DiffOptions {
  readonly protocols?: readonly string[];
  readonly invariants?: Invariants;
}

/** Invariants as they were read, with what was wrong with them: see `readInvariantsFrom`. */
export type Invariants = InvariantsResult;

/** One input, ready to be asked. Each answer is exactly what the command line prints with `-o json`. */
export interface Analysed {
  readonly snapshot: Snapshot;
  /** What is wrong with the input, and what was assumed. */
  readonly diagnostics: readonly Diagnostic[];
  /** Who can reach whom. */
  readonly map: (options?: MapOptions) => MapAnswer;
  /** May one endpoint reach another, hop by hop; a `problem` where a name or port means nothing here. */
  readonly can: (question: PathQuestion) => PathResult;
  /** The verdict of `can` alone; undefined where `can` has a problem. */
  readonly verdict: (question: PathQuestion) => PathVerdict | undefined;
  /** What the outside can reach. */
  readonly expose: () => ExposeAnswer;
  /** What each policy does. */
  readonly policies: () => PoliciesAnswer;
  /** Do the invariants hold. */
  readonly test: (invariants: Invariants) => TestAnswer;
}

/**
 * Reads manifests and makes them ready to be asked. Does no I/O: the texts are yours. Bad input never throws, it is in
 * `diagnostics`; a CIDR in the options that is none throws a `RangeError`.
 *
 * @example
 * const shop = analyse([
 *   { name: 'pods.yaml', text: `
 * {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}}
 * ---
 * {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}}}` },
 *   { name: 'policy.yaml', text: `
 * apiVersion: networking.k8s.io/v1
 * kind: NetworkPolicy
 * metadata: {name: db, namespace: shop}
 * spec:
 *   podSelector: {matchLabels: {app: db}}
 *   ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]` },
 * ]);
 * shop.verdict({ from: 'shop/web', to: 'shop/db', port: '5432' }); // 'allowed'
 * shop.verdict({ from: 'shop/web', to: 'shop/db', port: '80' }); // 'denied'
 * shop.map({ namespaces: ['shop'] }).connections.length; // 8
 */
export function analyse(input: readonly SourceFile[] | Snapshot, options: AnalyseOptions = {}): Analysed {
  const snapshot = isFiles(input) ? snapshotOf(input.map(({ name, text }) => ({ file: name, text }))) : input;
  const podRanges = (options.podCidrs ?? []).map(rangeOf);
  const analysis = analyseSnapshot(snapshot, {
    podRanges,
    ...(options.staged !== undefined && { staged: options.staged }),
    ...(options.engine !== undefined && { engine: options.engine }),
  });
  const analysed: Analysed = {
    snapshot,
    diagnostics: analysis.diagnostics,
    map: (mapOptions = {}) => mapFor(analysis, mapOptions),
    can: (question) => pathOf(cutFor(analysis, [question.from, question.to]), question),
    verdict: (question) => {
      const result = analysed.can(question);
      return result.kind === 'ok' ? result.answer.verdict : undefined;
    },
    expose: () => exposeFor(analysis),
    policies: () => policiesOf(analysis),
    test: (invariants) => testFor(analysis, invariants),
  };
  ANALYSES.set(analysed, analysis);
  return analysed;
}

/** The documents of kind Invariants among the files. */
export function readInvariantsFrom(files: readonly SourceFile[]): Invariants {
  return readInvariants(files.map(({ name, text }) => ({ file: name, text })));
}

/**
 * What opened and what closed from one input to another, by meaning and not by text.
 *
 * @example
 * const pod = (name) => ({ name: `${name}.yaml`, text: `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop}}` });
 * const deny = '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop}, spec: {podSelector: {}}}';
 * const before = analyse([pod('a'), pod('b')]);
 * const after = analyse([pod('a'), pod('b'), { name: 'deny.yaml', text: deny }]);
 * diff(before, after).policies.added; // ['NetworkPolicy shop/deny']
 * diff(before, after).changes.every((change) => change.opened.length === 0); // true
 */
export function diff(base: Analysed, head: Analysed, options: DiffOptions = {}): DiffAnswer {
  const invariants = options.invariants?.invariants ?? [];
  const names = namesIn(invariants);
  const scope = scopeFor(options.protocols);
  const answer = diffOf(cutFor(behind(base), names), cutFor(behind(head), names), { scope, invariants });
  return { ...answer, diagnostics: [...answer.diagnostics, ...(options.invariants?.diagnostics ?? [])] };
}

/**
 * An answer as text, in one of `formatsOf(answer.schema)`. Throws `UnknownFormatError` for another format.
 *
 * @example
 * const one = analyse([{ name: 'a.yaml', text: '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}}' }]);
 * (await render(one.map(), 'csv')).split('\r\n')[0].startsWith('from,to,'); // true
 */
export async function render(answer: Answer, format: string, options: RenderOptions = {}): Promise<string> {
  let text = '';
  for await (const piece of renderPieces(answer, format, options)) text += piece;
  return text;
}

/** What an `Analysed` was made of, for the functions that ask two of them. */
const ANALYSES = new WeakMap<Analysed, Analysis>();

function behind(analysed: Analysed): Analysis {
  const analysis = ANALYSES.get(analysed);
  if (analysis === undefined) throw new TypeError('not made by analyse()');
  return analysis;
}

function isFiles(input: readonly SourceFile[] | Snapshot): input is readonly SourceFile[] {
  return Array.isArray(input);
}

function rangeOf(text: string): AddressRange {
  const reading = parseCidr(text);
  if (reading === undefined) throw new RangeError(`not a CIDR: ${text}`);
  return reading.cidr;
}

function scopeFor(protocols: readonly string[] = []): Scope {
  const scope = scopeOf(protocols);
  if (scope === undefined) throw new RangeError(`not all of these are protocols: ${protocols.join(', ')}`);
  return scope;
}

/** Addresses and domains have points of their own only in a world that was cut for them. */
function cutFor(analysis: Analysis, names: readonly string[]): Analysis {
  const world = worldForNames(names);
  const isPlain = (world.cuts ?? []).length === 0 && (world.domains ?? []).length === 0;
  return isPlain ? analysis : withWorld(analysis, world);
}

function mapFor(analysis: Analysis, { namespaces, protocols, fold, ingress }: MapOptions): MapAnswer {
  const map = mapOf(analysis, { namespaces: namespaces ?? [], scope: scopeFor(protocols), fold: fold ?? 'auto' });
  return ingress === true ? withFrontDoors(analysis, map) : map;
}

function exposeFor(analysis: Analysis): ExposeAnswer {
  const { entry, engine, assumptions, diagnostics } = analysis;
  return { schema: 'ringfence.dev/expose/v1', engine: entry, ...exposeOf(engine), assumptions, diagnostics };
}

function testFor(analysis: Analysis, { invariants, diagnostics }: Invariants): TestAnswer {
  const answer = testOf(cutFor(analysis, namesIn(invariants)), invariants);
  return { ...answer, diagnostics: [...answer.diagnostics, ...diagnostics] };
}
