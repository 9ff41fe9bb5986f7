import { type InputHTMLAttributes, type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';

/** A box with a list to choose from below it: the combobox of the ARIA Authoring Practices, with the focus in the box. */
export interface ChoicesState {
  readonly id: string;
  readonly active: number;
  readonly input: InputHTMLAttributes<HTMLInputElement>;
  readonly pick: (at: number) => void;
  readonly reset: () => void;
}

interface ChoicesOptions {
  readonly id: string;
  readonly count: number;
  readonly pick: (at: number) => void;
  /** Which is active before the reader moves: -1 is none, and Tab then takes what was moved to. */
  readonly first: 0 | -1;
}

/** Enter takes the active choice; where none is active the form has it. */
export function useChoices({ id, count, pick, first }: ChoicesOptions): ChoicesState {
  const [active, setActive] = useState<number>(first);
  const at = Math.min(active, count - 1);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (count === 0) return;
    if (event.key === 'ArrowDown') setActive((at + 1) % count);
    else if (event.key === 'ArrowUp') setActive((Math.max(at, 0) - 1 + count) % count);
    else if ((event.key === 'Enter' || (event.key === 'Tab' && first === -1)) && at >= 0) pick(at);
    else return;
    event.preventDefault();
  };
  return {
    id,
    active: at,
    pick,
    reset: () => setActive(first),
    input: {
      type: 'text',
      role: 'combobox',
      autoComplete: 'off',
      spellCheck: false,
      'aria-autocomplete': 'list',
      'aria-expanded': count > 0,
      'aria-controls': `${id}-list`,
      ...(at >= 0 && { 'aria-activedescendant': `${id}-${at}` }),
      onKeyDown,
    },
  };
}

interface ChoicesProps {
  readonly of: ChoicesState;
  readonly label: string;
  readonly options: readonly { readonly id: string; readonly label: string; readonly about: string }[];
}

export function Choices({ of, label, options }: ChoicesProps): ReactNode {
  useEffect(() => {
    // Some browsers return a promise here, which is no clean-up.
    void document.getElementById(`${of.id}-${of.active}`)?.scrollIntoView({ block: 'nearest' });
  }, [of.id, of.active]);
  return (
    <div className="choices" role="listbox" id={`${of.id}-list`} aria-label={label} hidden={options.length === 0}>
      {options.map((option, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box, which keeps the focus
        // biome-ignore lint/a11y/useFocusableInteractive: the box keeps the focus and names the active option
        <div
          key={option.id}
          id={`${of.id}-${at}`}
          role="option"
          aria-selected={at === of.active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => of.pick(at)}
        >
          <span>{option.label}</span>
          <span className="quiet">{option.about}</span>
        </div>
      ))}
    </div>
  );
}
