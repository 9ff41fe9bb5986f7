import { type ReactNode, useState } from 'react';
import { escapeControl } from '#base/escape.ts';
import type { HistoryAnswer } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Segments } from '../../parts/segments.tsx';
import { choose, usePlace } from '../../shell/location.tsx';

interface ToolbarProps {
  readonly level: 'namespace' | 'workload';
  readonly isCompared: boolean;
}

/** What the cells are about: how far it is folded, which port, and since when. */
export function Toolbar({ level, isCompared }: ToolbarProps): ReactNode {
  const { query } = usePlace();
  return (
    <div className="toolbar">
      <Segments
        name="level"
        label="Rows and columns"
        chosen={level}
        options={[
          ['namespace', 'Namespaces'],
          ['workload', 'Workloads'],
        ]}
        isOff={isCompared}
        also={{ z: undefined }}
      />
      <Segments
        name="view"
        label="Shown as"
        chosen={query.get('view') === 'list' ? 'list' : 'matrix'}
        options={[
          ['matrix', 'Matrix'],
          ['list', 'List'],
        ]}
      />
      <Port port={query.get('port') ?? ''} />
      <Since base={query.get('base') ?? ''} />
    </div>
  );
}

/** Asked when it is left or Enter is pressed: half a number is another port. */
function Port({ port }: { readonly port: string }): ReactNode {
  const [text, setText] = useState(port);
  const [from, setFrom] = useState(port);
  if (from !== port) {
    setFrom(port);
    setText(port);
  }
  const ask = () => choose({ port: text.trim() });
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <label htmlFor="reach-port">Port</label>
      <input
        id="reach-port"
        list="reach-ports"
        autoComplete="off"
        spellCheck={false}
        placeholder="every"
        size={9}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={ask}
      />
      <datalist id="reach-ports">
        {['80', '443', '5432', '8080', '53/UDP', 'icmp'].map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </form>
  );
}

function Since({ base }: { readonly base: string }): ReactNode {
  const snapshots = useAnswer<HistoryAnswer>('/snapshots').data?.snapshots ?? [];
  const isKnown = base === '' || snapshots.some(({ id }) => id === base);
  return (
    <div className="field">
      <label htmlFor="reach-base">Changed since</label>
      <select id="reach-base" value={base} onChange={(event) => choose({ base: event.target.value, z: undefined })}>
        <option value="">{snapshots.length === 0 ? 'no snapshot is kept' : 'not compared'}</option>
        {!isKnown && <option value={base}>{`snapshot ${base}`}</option>}
        {snapshots.map(({ id, taken, note }) => (
          <option key={id} value={id}>
            {`${taken.slice(0, 16).replace('T', ' ')}${note === undefined ? '' : ` · ${escapeControl(note)}`}`}
          </option>
        ))}
      </select>
    </div>
  );
}
