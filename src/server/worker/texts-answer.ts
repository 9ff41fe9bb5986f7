import { saysTheSame } from '#analysis/preview/same-content.ts';
import { type PreviewSettings, plainSettings } from '#analysis/preview/settings.ts';
import { type MaskedText, maskedText } from '#parse/kubernetes/masked-text.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import { type MovableText, sourceOf } from '#source/made-source.ts';
import { type Material, once } from './material.ts';
import type { Reply } from './question.ts';
import { told } from './reply.ts';

/** What a text is read as. */
type ReadAs = 'files' | 'azure' | 'invariants' | 'settings';

interface TextEntry extends Omit<MovableText, 'text'> {
  readonly readAs: ReadAs;
  readonly text?: string;
  readonly hidden: readonly number[];
  readonly fixed?: string;
}

/** Everything that was read, as texts without secrets: an editor elsewhere can say what an edit would change. */
export function textsAnswer(material: Material, today: string): Reply {
  const { texts, revision } = material;
  const entries = (['files', 'azure', 'invariants'] as const).flatMap((readAs) =>
    texts[readAs].map((text) => entryOf(material, text, readAs)),
  );
  const settings = settingsEntries(material, new Set(entries.map(({ entry }) => entry.file)));
  const [first] = entries.flatMap(({ why }) => why ?? []);
  return told({
    schema: 'ringfence.dev/texts/v1',
    revision,
    whole: first === undefined,
    ...(first !== undefined && { why: first }),
    files: [...entries.map(({ entry }) => entry), ...settings],
    settings: settingsOf(material, today),
  });
}

/** Not looked at: an edit of it counts when the server is started with it. */
function settingsEntries({ plan }: Material, known: ReadonlySet<string>): readonly TextEntry[] {
  const { configuration } = plan;
  if (configuration === undefined || known.has(configuration.file)) return [];
  return [{ ...configuration, readAs: 'settings', hidden: [] }];
}

interface Told {
  readonly entry: TextEntry;
  /** Why what is given does not say all that was read. */
  readonly why?: string;
}

function entryOf(material: Material, source: MovableText, readAs: ReadAs): Told {
  const { file, renderedBy, places } = source;
  const masked = maskedFile(material, source);
  const why = masked === undefined ? UNREADABLE : lossOf(source, masked, readAs);
  const fixed = masked === undefined ? UNREADABLE : fixedBecause(source);
  const entry: TextEntry = {
    file,
    readAs,
    ...(masked !== undefined && { text: masked.text }),
    hidden: masked?.lines ?? [],
    ...(fixed !== undefined && { fixed }),
    ...(renderedBy !== undefined && { renderedBy }),
    ...(places !== undefined &&
      masked !== undefined && { places: { ...places, offsets: places.offsets.map(masked.shifted) } }),
  };
  return { entry, ...(why !== undefined && { why: `\`${file}\` ${why}` }) };
}

const UNREADABLE = 'cannot be read whole, and so it cannot be told what in it may be a secret';

function fixedBecause({ renderedBy, places }: MovableText): string | undefined {
  if (renderedBy !== undefined) return `is rendered by ${renderedBy}: edit what it is rendered from`;
  return places === undefined ? undefined : 'was made by a tool or came from a snapshot: it has no text to edit';
}

/** Masked once for a revision. */
export function maskedFile(material: Material, source: MovableText): MaskedText | undefined {
  const all = once(material, 'masked', () => new Map<MovableText, MaskedText | undefined>());
  if (!all.has(source)) all.set(source, maskedText(source));
  return all.get(source);
}

/** What is hidden is nothing that is read, as a rule: else answers about the masked text would be other ones. */
function lossOf(source: MovableText, masked: MaskedText, readAs: ReadAs): string | undefined {
  if (masked.lines.length === 0) return undefined;
  if (readAs === 'azure') return 'describes the cloud, and something in it is hidden';
  const [original, shown] = [readOf(sourceOf(source)), readOf(sourceOf({ ...source, text: masked.text }))];
  return saysTheSame(original, shown) ? undefined : 'holds values that are hidden and that are looked at';
}

function readOf(source: SourceText): unknown {
  const { objects, documents, ...lists } = snapshotOf([source], { objects: true });
  return { ...lists, objects: objects.map(({ value }) => value), documents: documents.map(({ value }) => value) };
}

function settingsOf({ plan, texts }: Material, today: string): PreviewSettings {
  const { files, azure } = texts.problems;
  return plainSettings({
    problems: { files, azure },
    named: texts.named,
    hasCloud: plan.azure.length > 0,
    azureCluster: plan.azureCluster,
    ownInvariants: plan.invariants.length > 0,
    engine: plan.engine,
    podRanges: plan.podRanges,
    staged: plan.staged,
    controls: plan.controls,
    kind: plan.live === undefined ? 'manifests' : 'live',
    today,
  });
}
