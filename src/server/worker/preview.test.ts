import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EditedText } from '#analysis/preview/edits.ts';
import { type FindingsPreview, type LivePreview, openPreview } from '#analysis/preview/live-preview.ts';
import { settingsFrom } from '#analysis/preview/settings.ts';
import { valueText } from '#report/data/json.ts';
import { sourceOf } from '#source/made-source.ts';
import { planFor } from '../app.test-support.ts';
import { type Material, materialOf } from './material.ts';
import { previewAnswer } from './preview.ts';
import { readTexts } from './texts.ts';
import { textsAnswer } from './texts-answer.ts';

const TODAY = '2026-11-21';
const FOLDER = 'examples/shop';

async function materialIn(folder: string): Promise<Material> {
  const plan = planFor(folder, { engine: 'upstream' });
  const reading = await readTexts(plan, () => undefined);
  if (reading.kind !== 'ok') throw new Error(reading.message);
  return materialOf({ plan, texts: reading.texts, revision: 1, taken: `${TODAY}T00:00:00Z` });
}

/** As a browser has it: from what the server sends. */
function previewFrom(material: Material): LivePreview {
  const reply = textsAnswer(material, TODAY);
  if (reply.kind !== 'json') throw new Error('no texts');
  const { whole, why, files, settings } = JSON.parse(reply.text);
  expect(why).toBeUndefined();
  expect(whole).toBe(true);
  const of = (readAs: string) =>
    files.filter((each: { readAs: string }) => each.readAs === readAs).map((each: never) => sourceOf(each));
  const texts = { files: of('files'), azure: of('azure'), invariants: of('invariants') };
  return openPreview({ ...settingsFrom(settings), texts });
}

function findingsFrom(preview: LivePreview, edits: readonly EditedText[]): FindingsPreview {
  const steps = preview.findings(edits);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The answer of the server with the parts in the order in which it has them, so that texts can be compared. */
function here(preview: LivePreview, edits: readonly EditedText[]): string {
  const { diff, diagnostics } = preview.connections(edits);
  const { exposures, findings } = findingsFrom(preview, edits);
  return `${valueText({ schema: 'ringfence.dev/preview/v1', revision: 1, diff, exposures, findings, diagnostics })}\n`;
}

function there(material: Material, files: readonly EditedText[]): string {
  const reply = previewAnswer(material, { kind: 'preview', files, today: TODAY }, () => undefined);
  if (reply.kind !== 'json') throw new Error('refused');
  return reply.text;
}

const material = await materialIn(FOLDER);
const preview = previewFrom(material);
const TEXTS = new Map(material.texts.files.map(({ file, text }) => [file, text]));
const names = [...TEXTS.keys()].filter((file) => file.endsWith('.yaml'));
const textOf = (part: string) => {
  const file = names.find((name) => name.includes(part) && TEXTS.get(name)!.includes('kind: NetworkPolicy'));
  return { file: file!, text: TEXTS.get(file!)! };
};

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: more, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.9.0.0/16}}], ports: [{port: 4242}]}]}
`;
const INVARIANTS = `apiVersion: ringfence.dev/v1
kind: Invariants
metadata: {name: more}
spec:
  invariants:
    - name: nothing outside reaches the shop
      never: {from: [203.0.113.0/24], to: [ns:shop]}
`;
const first = textOf('');

describe('a preview in the browser says what the server says', () => {
  test.each<[string, readonly EditedText[]]>([
    ['nothing', []],
    ['another port', [{ ...first, text: first.text.replace(/port: \d+/, 'port: 4242') }]],
    ['lines moved', [{ ...first, text: `# one\n\n${first.text}` }]],
    ['a policy more', [{ file: 'more.yaml', text: POLICY }]],
    ['a policy in a namespace that is new', [{ file: 'more.yaml', text: POLICY.replace(': shop', ': other') }]],
    ['a file less', [{ file: first.file, text: null }]],
    ['a file that breaks', [{ ...first, text: `${first.text}\n  : [` }]],
    ['an invariant more', [{ file: 'more.yaml', text: INVARIANTS }]],
    ['an invariant and a policy more', [{ file: 'more.yaml', text: `${INVARIANTS}---\n${POLICY}` }]],
    ['a label that no selector asked for', [{ ...first, text: first.text.replace('podSelector:', 'podSelector: #') }]],
    ['all labels', names.map((file) => ({ file, text: TEXTS.get(file)!.replaceAll('app: web', 'app: api') }))],
  ])('%s', (_, edits) => {
    expect(here(preview, edits)).toBe(there(material, edits));
  });

  test('whatever is edited', () => {
    const edit = fc.record({
      at: fc.nat(names.length - 1),
      line: fc.nat(),
      how: fc.constantFrom('drop', 'double', 'blank', 'port', 'label', 'document', 'indent', 'away'),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const edited = new Map<string, string | null>();
        for (const { at, line, how } of edits) {
          const file = names[at]!;
          edited.set(file, changed(edited.get(file) ?? TEXTS.get(file)!, line, how));
        }
        const files = [...edited].map(([file, text]) => ({ file, text }));
        expect(here(preview, files)).toBe(there(material, files));
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});

function changed(text: string, seed: number, how: string): string | null {
  const lines = text.split('\n');
  const at = seed % lines.length;
  const line = lines[at]!;
  const swap = (...by: readonly string[]) => lines.toSpliced(at, 1, ...by).join('\n');
  switch (how) {
    case 'drop':
      return swap();
    case 'double':
      return swap(line, line);
    case 'blank':
      return swap('# moved', '', line);
    case 'indent':
      return swap(`  ${line}`);
    case 'port':
      return text.replaceAll(/port: (\d+)/g, (_, port: string) => `port: ${(Number(port) + seed) % 65_536}`);
    case 'label':
      return swap(line.replace(/: (\w+)$/, ': other'));
    case 'document':
      return `${text.replace(/\n*$/, '\n')}---\n${POLICY.replace('more', `more-${seed % 3}`)}`;
    default:
      return null;
  }
}
