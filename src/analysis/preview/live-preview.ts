import type { AddressRange } from '#base/address.ts';
import { escapeControl } from '#base/escape.ts';
import type { DiffAnswer, Exposure } from '#model/answers.ts';
import type { ControlSettings } from '#model/control-settings.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { ProfileId } from '#model/profile.ts';
import type { ChangedFindings, ScanAnswer } from '#model/scan.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { type InvariantsResult, readInvariants } from '#parse/invariants.ts';
import { SnapshotBuilder } from '#parse/snapshot.ts';
import { SourceReader, type SourceReading } from '#parse/source-reader.ts';
import type { SourceText } from '#parse/text/node.ts';
import { type Cloud, readCloud, withCloud } from '#parse/with-cloud.ts';
import { type Analysis, analyseSnapshot } from '../analysis.ts';
import { CONTROLS } from '../controls/controls.ts';
import { contextFor } from '../controls/make-context.ts';
import { waysInto } from '../exposure/expose.ts';
import { namesIn } from '../invariants/names.ts';
import { preparedForNames } from '../path/names.ts';
import { changedFindings } from '../scan/changed-findings.ts';
import { withFrames } from '../scan/frames.ts';
import { assessing, scanOver } from '../scan/scan.ts';
import { type ComparedExposures, comparedConnections, comparedExposures, diagnosticsIn } from './compare.ts';
import { editedAnalysis } from './edited-analysis.ts';
import { type EditedText, type TextLists, withEdits } from './edits.ts';

/** Everything that an environment was read from, and how it is judged. */
export interface PreviewInput {
  readonly texts: TextLists<SourceText>;
  /** What went wrong while the texts were fetched. */
  readonly problems: Readonly<Record<'files' | 'azure', readonly Diagnostic[]>>;
  /** Files of the cloud that a person named one by one. */
  readonly named: readonly string[];
  /** Whether the cloud was asked for at all. */
  readonly hasCloud: boolean;
  readonly azureCluster?: string | undefined;
  /** Whether invariants have files of their own; else they are looked for among the manifests. */
  readonly ownInvariants: boolean;
  readonly engine?: ProfileId | undefined;
  readonly podRanges: readonly AddressRange[];
  readonly staged: boolean;
  readonly controls: ControlSettings;
  readonly kind: 'live' | 'manifests';
  /** `2026-11-21`, UTC. */
  readonly today: string;
}

export interface ConnectionsPreview {
  readonly diff: DiffAnswer;
  /** Of the edited files alone. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface FindingsPreview {
  readonly exposures: ComparedExposures;
  readonly findings: ChangedFindings;
}

export interface LivePreview {
  /** What opens and closes with these edits, which are all that differs from the input. @throws where a file is edited twice. */
  connections(edits: readonly EditedText[]): ConnectionsPreview;
  /** The rest, in steps, each with what is being judged: whoever has a newer question stops asking for the next one. */
  findings(edits: readonly EditedText[]): Generator<string, FindingsPreview>;
}

/**
 * Answers what edits would change, again and again over one input: only edited files are read again, and what can be
 * shared with the input as it is, is. Pure, so that it runs where the editor does.
 */
export function openPreview(input: PreviewInput): LivePreview {
  return new Preview(input);
}

/** One state of the input. */
interface State {
  readonly texts: TextLists<SourceText>;
  readonly analysis: Analysis;
  readonly invariants: InvariantsResult;
}

interface Judged {
  readonly scan: ScanAnswer;
  readonly exposures: readonly Exposure[];
}

class Preview implements LivePreview {
  readonly #input: PreviewInput;
  readonly #reader = new SourceReader({ objects: true });
  readonly #readings = new WeakMap<SourceText, SourceReading>();
  readonly #invariants = new WeakMap<SourceText, InvariantsResult>();
  /** The last text of each edited file. */
  readonly #edited = new Map<string, SourceText>();
  #cloud: { readonly texts: readonly SourceText[]; readonly cloud: Cloud } | undefined;
  readonly #base: State;
  #prepared: { readonly names: string; readonly analysis: Analysis } | undefined;
  #judged: Judged | undefined;

  constructor(input: PreviewInput) {
    this.#input = input;
    this.#base = this.#state(input.texts, (snapshot) => this.#analysed(snapshot));
  }

  connections(edits: readonly EditedText[]): ConnectionsPreview {
    const texts = this.#edit(edits);
    const invariants = this.#invariantsOf(texts);
    const base = this.#preparedFor(invariants);
    const head = this.#state(texts, (snapshot) => editedAnalysis(base, snapshot));
    return {
      diff: comparedConnections({ ...this.#base, analysis: base }, head),
      diagnostics: diagnosticsIn(edits, head.analysis.diagnostics),
    };
  }

  *findings(edits: readonly EditedText[]): Generator<string, FindingsPreview> {
    this.#judged ??= yield* this.#judge(this.#base);
    const texts = this.#edit(edits);
    const head = yield* this.#judge(this.#state(texts, (snapshot) => this.#analysed(snapshot)));
    return {
      exposures: comparedExposures(this.#judged.exposures, head.exposures),
      findings: changedFindings(this.#judged.scan, head.scan),
    };
  }

  *#judge({ analysis, texts }: State): Generator<string, Judged> {
    yield 'exposures';
    const exposures = waysInto(analysis.engine);
    const { controls: settings, today, kind } = this.#input;
    const context = contextFor({ analysis, settings, today, kind });
    const assessed = yield* assessing(context, CONTROLS);
    yield 'blast radius';
    const scan = scanOver(context, { controls: CONTROLS, version: '', taken: '' }, assessed);
    return { exposures, scan: withFrames(scan, [...texts.files, ...texts.azure]) };
  }

  #edit(edits: readonly EditedText[]): TextLists<SourceText> {
    const texts = withEdits(this.#input.texts, edits, (named) => this.#textOf(named));
    if (texts === undefined) throw new Error('a file is edited twice');
    const names = new Set(edits.map(({ file }) => escapeControl(file)));
    for (const file of this.#edited.keys()) if (!names.has(file)) this.#edited.delete(file);
    return texts;
  }

  /** The same object for the same text, so that it is not read again. */
  #textOf({ file, text }: SourceText): SourceText {
    const known = this.#edited.get(file);
    if (known?.text === text) return known;
    const source: SourceText = { file, text };
    this.#edited.set(file, source);
    return source;
  }

  #state(texts: TextLists<SourceText>, analysed: (snapshot: Snapshot) => Analysis): State {
    return { texts, analysis: analysed(this.#snapshotOf(texts)), invariants: this.#invariantsOf(texts) };
  }

  #analysed(snapshot: Snapshot): Analysis {
    const { engine, podRanges, staged } = this.#input;
    return analyseSnapshot(snapshot, { podRanges, staged, ...(engine !== undefined && { engine }) });
  }

  /** The base in a world that has points for what the invariants name. */
  #preparedFor({ invariants }: InvariantsResult): Analysis {
    const names = namesIn(invariants);
    const key = names.join('\n');
    if (this.#prepared?.names !== key)
      this.#prepared = { names: key, analysis: preparedForNames(this.#base.analysis, names) };
    return this.#prepared.analysis;
  }

  #snapshotOf({ files, azure }: TextLists<SourceText>): Snapshot {
    const builder = new SnapshotBuilder({ objects: true });
    builder.report(this.#input.problems.files);
    for (const file of files) builder.take(this.#readingOf(file));
    const snapshot = builder.snapshot();
    if (!this.#input.hasCloud && azure.length === 0) return snapshot;
    return withCloud(snapshot, this.#cloudOf(azure));
  }

  #readingOf(file: SourceText): SourceReading {
    const reading = this.#readings.get(file) ?? this.#reader.read(file);
    this.#readings.set(file, reading);
    return reading;
  }

  #cloudOf(azure: readonly SourceText[]): Cloud {
    const { texts } = this.#cloud ?? { texts: [] };
    const isSame = texts.length === azure.length && texts.every((text, index) => text === azure[index]);
    if (this.#cloud !== undefined && isSame) return this.#cloud.cloud;
    const { named, problems, azureCluster: cluster } = this.#input;
    const cloud = readCloud({ azure, named, problems: problems.azure, cluster });
    this.#cloud = { texts: azure, cloud };
    return cloud;
  }

  #invariantsOf({ files, invariants }: TextLists<SourceText>): InvariantsResult {
    const all = (this.#input.ownInvariants ? invariants : files).map((source) => {
      const read = this.#invariants.get(source) ?? readInvariants([source]);
      this.#invariants.set(source, read);
      return read;
    });
    return {
      invariants: all.flatMap((each) => each.invariants),
      diagnostics: all.flatMap((each) => each.diagnostics),
    };
  }
}
