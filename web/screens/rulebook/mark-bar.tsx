import type { ReactNode } from 'react';
import type { RulebookAnswer } from '#model/rulebook.ts';
import { choose } from '../../shell/location.tsx';

interface MarkBarProps {
  readonly marks: RulebookAnswer['marks'];
  readonly filter: string;
}

const MEANINGS: Readonly<Record<string, string>> = {
  dead: 'matches nobody',
  shadowed: 'decided before it is asked',
  redundant: 'decided alike without it',
  contradictory: 'undone by the other side',
  unsupported: 'not understood in full',
  'selects-nothing': 'for nobody',
  inert: 'not enforced here',
  risky: 'evidence of a finding',
};

/** How many policies have each mark; one that is pressed is the filter. */
export function MarkBar({ marks, filter }: MarkBarProps): ReactNode {
  if (marks.length === 0) return <p className="marks quiet">No rule is dead, shadowed, redundant or risky.</p>;
  return (
    <ul className="marks" aria-label="What is wrong with rules">
      {marks.map(({ mark, policies }) => {
        const term = `mark:${mark}`;
        const isOn = filter.split(/\s+/).includes(term);
        const rest = filter.split(/\s+/).filter((each) => each !== '' && !each.startsWith('mark:'));
        return (
          <li key={mark}>
            <button
              type="button"
              className="mark-button"
              aria-pressed={isOn}
              onClick={() => choose({ q: [...rest, ...(isOn ? [] : [term])].join(' '), rows: undefined })}
            >
              <span className={`mark ${mark}`}>{mark}</span> <b>{policies}</b>
              <span className="quiet small">{MEANINGS[mark]}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
