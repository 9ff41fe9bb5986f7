import '../style/segments.css';
import type { ReactNode } from 'react';
import { choose } from '../shell/location.tsx';

interface SegmentsProps {
  readonly name: string;
  readonly label: string;
  readonly chosen: string;
  readonly options: readonly (readonly [string, string])[];
  readonly isOff?: boolean;
  /** What else of the address changes with it. */
  readonly also?: Readonly<Record<string, string | undefined>>;
}

/** One of a few, all of them in sight; the choice is a part of the address. */
export function Segments({ name, label, chosen, options, isOff = false, also = {} }: SegmentsProps): ReactNode {
  return (
    <fieldset className="segments" disabled={isOff}>
      <legend className="unseen">{label}</legend>
      {options.map(([value, text]) => (
        <label key={value}>
          <input
            type="radio"
            className="unseen"
            name={name}
            checked={value === chosen}
            onChange={() => choose({ ...also, [name]: value })}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
