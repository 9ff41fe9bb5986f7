import { type ReactNode, useState } from 'react';
import { escapeControl } from '#base/escape.ts';
import { count } from '#report/words.ts';
import type { TextFile } from '../../api/answers.ts';
import { type Drafts, openDraft } from '../../api/drafts.ts';
import { FilterBox } from '../../parts/filter-box.tsx';
import { type FilterForm, useFilter } from '../../parts/use-filter.ts';
import { choose } from '../../shell/location.tsx';

interface FilesProps {
  readonly files: readonly TextFile[];
  readonly drafts: Drafts;
  readonly current: string | undefined;
  readonly filter: string;
}

interface Row {
  readonly file: string;
  readonly state: 'edited' | 'new' | 'removed' | 'read only' | '';
}

/** Every file that was read, those that are edited first. */
export function Files({ files, drafts, current, filter }: FilesProps): ReactNode {
  const rows = rowsOf(files, drafts);
  const { list, problem } = useFilter(rows, filter, FORM);
  const shown = list.slice(0, SHOWN_AT_MOST);
  const common = folderOf(files.map(({ file }) => file));
  return (
    <section className="change-files" aria-label="Files">
      <FilterBox
        filter={filter}
        problem={problem}
        shown={list.length}
        of={count(rows.length, 'file')}
        hint="file:shop/* state:edited"
      />
      <ul>
        {shown.map(({ file, state }) => (
          <li key={file}>
            <button
              type="button"
              data-row
              aria-current={file === current}
              onClick={() => choose({ file, line: undefined })}
            >
              <span title={escapeControl(file)}>
                {escapeControl(file.startsWith(common) ? file.slice(common.length) : file)}
              </span>
              {state !== '' && <span className="chip">{state}</span>}
            </button>
          </li>
        ))}
      </ul>
      {list.length > shown.length && <p className="quiet small">{list.length - shown.length} more: filter them</p>}
      <NewFile taken={new Set(rows.map(({ file }) => file))} />
    </section>
  );
}

/** More rows than anybody reads; the filter finds the rest. */
const SHOWN_AT_MOST = 300;

const FORM: FilterForm<Row> = {
  fields: ['file', 'state'],
  of: ({ file, state }) => ({ fields: { file: [file], state: [state] }, text: file }),
};

function rowsOf(files: readonly TextFile[], drafts: Drafts): readonly Row[] {
  const known = new Set(files.map(({ file }) => file));
  const added = [...drafts.keys()].filter((file) => !known.has(file)).map((file): Row => ({ file, state: 'new' }));
  const rows = files.map(({ file, fixed }): Row => {
    const draft = drafts.get(file);
    if (draft !== undefined) return { file, state: draft.text === null ? 'removed' : 'edited' };
    return { file, state: fixed === undefined ? '' : 'read only' };
  });
  const isDraft = ({ state }: Row) => state === 'edited' || state === 'removed';
  return [...added, ...rows.filter(isDraft), ...rows.filter((row) => !isDraft(row))];
}

/** The folder that all files are in, with its slash: it tells none from another. */
function folderOf([first = '', ...others]: readonly string[]): string {
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  for (const file of others)
    while (!file.startsWith(folder)) folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  return folder;
}

function NewFile({ taken }: { readonly taken: ReadonlySet<string> }): ReactNode {
  const [name, setName] = useState('');
  const file = name.trim();
  const isTaken = taken.has(file);
  return (
    <form
      className="change-new"
      onSubmit={(event) => {
        event.preventDefault();
        if (file === '' || isTaken) return;
        openDraft([{ file, text: '' }]);
        choose({ file, line: undefined });
        setName('');
      }}
    >
      <label htmlFor="new-file">New file</label>
      <input
        id="new-file"
        value={name}
        autoComplete="off"
        spellCheck={false}
        placeholder="shop/more.yaml"
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="copy" disabled={file === '' || isTaken}>
        Add
      </button>
      {isTaken && <span className="unsure-text small">There is a file of that name</span>}
    </form>
  );
}
