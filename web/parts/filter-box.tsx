import { type ReactNode, useState } from 'react';
import { choose } from '../shell/location.tsx';
import { Prose } from './prose.tsx';

interface FilterBoxProps {
  readonly filter: string;
  /** Why the filter means nothing, if so. */
  readonly problem: string | undefined;
  readonly shown: number;
  /** How many there are, in words. */
  readonly of: string;
  /** An example of what can be typed. */
  readonly hint: string;
}

/** The filter is part of the address. What fits is counted aloud. */
export function FilterBox({ filter, problem, shown, of, hint }: FilterBoxProps): ReactNode {
  const [text, setText] = useState(filter);
  const [from, setFrom] = useState(filter);
  // The address changed by another way than this box: a link, or Back.
  if (from !== filter) {
    setFrom(filter);
    setText(filter);
  }
  return (
    <div className="filter">
      <label htmlFor="filter">Filter</label>
      <input
        id="filter"
        type="search"
        data-filter
        autoComplete="off"
        spellCheck={false}
        placeholder={hint}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setFrom(event.target.value.trim());
          choose({ q: event.target.value.trim() });
        }}
      />
      <span className="quiet" role="status">
        {problem === undefined ? `${shown} of ${of}` : <Prose text={problem} />}
      </span>
    </div>
  );
}
