import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { patchOf } from '#analysis/preview/patch.ts';
import { trafficText } from '#report/words.ts';
import type { TextFile } from '../../api/answers.ts';
import type { Drafts } from '../../api/drafts.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Scrolled } from '../../parts/scrolled.tsx';
import type { Previewed } from './use-preview.ts';

interface ExportProps {
  readonly drafts: Drafts;
  readonly files: readonly TextFile[];
  readonly previewed: Previewed;
}

/** The edits as a patch for the files as they are now, and what they do as text for a ticket. */
export function Export({ drafts, files, previewed }: ExportProps): ReactNode {
  const patch = useMemo(() => patchFor(drafts, files), [drafts, files]);
  if (patch.kind === 'refused')
    return (
      <section className="card unsure" aria-labelledby="export">
        <h2 id="export">Patch</h2>
        <p>
          No patch can be written: <Prose text={patch.why} />. The browser does not have what is hidden: edit those
          lines where the file is.
        </p>
      </section>
    );
  return (
    <section className="card" aria-labelledby="export">
      <h2 id="export">Patch</h2>
      <p className="buttons">
        <button type="button" className="primary" onClick={() => download(patch.text)}>
          Download patch
        </button>
        <CopyButton text={patch.text} label="Copy patch" />
        <CopyButton text={markdownOf(previewed, patch.text)} label="Markdown" />
      </p>
      <p className="quiet small">
        Apply it with <code>git apply</code>.
      </p>
      <Scrolled className="patch" label="patch">
        <pre>{patch.text}</pre>
      </Scrolled>
    </section>
  );
}

function patchFor(drafts: Drafts, files: readonly TextFile[]) {
  const known = new Map(files.map((each) => [each.file, each]));
  return patchOf(
    [...drafts.values()].map(({ file, text }) => {
      const { text: before = null, hidden = [] } = known.get(file) ?? {};
      return { file, before, after: text, hidden };
    }),
  );
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/x-diff' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'change.patch';
  link.click();
  URL.revokeObjectURL(url);
}

function markdownOf({ connections, findings }: Previewed, patch: string): string {
  const groups = connections?.groups ?? [];
  const lines = [
    '## Change',
    '',
    ...(groups.length === 0 ? ['No connection changes.'] : []),
    ...groups.map(
      ({ change, from, to, traffic }) =>
        `- ${change}: \`${from.join(', ')}\` → \`${to.join(', ')}\` ${trafficText(traffic)}`,
    ),
    ...(findings?.findings.come ?? []).map(
      ({ control, where, title }) => `- comes: ${control} \`${where.id}\` ${title}`,
    ),
    ...(findings?.findings.go ?? []).map(({ control, where, title }) => `- goes: ${control} \`${where.id}\` ${title}`),
    '',
    '```diff',
    patch.trimEnd(),
    '```',
    '',
  ];
  return lines.join('\n');
}
