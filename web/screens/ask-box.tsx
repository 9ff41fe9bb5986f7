import { type ReactNode, useMemo, useState } from 'react';
import type { EndpointEntry } from '#model/answers.ts';
import type { EndpointsAnswer } from '../api/answers.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Choices, useChoices } from '../parts/choices.tsx';
import { shortName } from '../parts/endpoint-name.tsx';
import { choose } from '../shell/location.tsx';
import { type Question, questionOf, sentenceOf, slotOf } from './sentence.ts';

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly about: string;
}

const SHOWN_AT_MOST = 8;
const ALWAYS: readonly Choice[] = [
  { id: 'internet', label: 'internet', about: 'any public address' },
  { id: 'apiserver', label: 'apiserver', about: 'the API server' },
];

/** One sentence, completed word by word with what is in the environment. */
export function AskBox({ question }: { readonly question: Question }): ReactNode {
  const told = sentenceOf(question);
  const [text, setText] = useState(told);
  const [last, setLast] = useState(told);
  // The address changed by another way than this box: a link, or Back. The box stays, and so does the focus.
  if (last !== told) {
    setLast(told);
    setText(told);
  }
  const [open, setOpen] = useState(false);
  const known = useKnown();
  const slot = slotOf(text);
  const offered = open && slot.kind !== 'port' ? offersOf(known, slot.word) : [];
  const choices = useChoices({
    id: 'ask',
    count: offered.length,
    first: -1,
    pick: (at) => {
      const joiner = slot.kind === 'from' ? ' to ' : ' on ';
      setText(`${text.slice(0, slot.start)}${offered[at]!.label}${joiner}`);
      choices.reset();
    },
  });
  return (
    <search>
      <form
        className="ask"
        onSubmit={(event) => {
          event.preventDefault();
          setOpen(false);
          choose({ ...questionOf(text) }, 'push');
        }}
      >
        <label htmlFor="sentence">Can</label>
        <input
          {...choices.input}
          id="sentence"
          data-filter
          // biome-ignore lint/a11y/noAutofocus: nothing else is on the screen yet, and whoever comes here comes to type
          autoFocus={question.to === ''}
          placeholder="shop/web to shop/db on 5432"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            choices.reset();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setOpen(false);
            else choices.input.onKeyDown?.(event);
          }}
          onBlur={() => setOpen(false)}
        />
        <button type="submit" className="primary">
          Ask
        </button>
        <Choices of={choices} label="Endpoints" options={offered} />
      </form>
    </search>
  );
}

function useKnown(): readonly Choice[] {
  const endpoints = useAnswer<EndpointsAnswer>('/endpoints').data?.endpoints;
  return useMemo(() => [...(endpoints ?? []).filter(isNamed).map(choiceOf), ...ALWAYS], [endpoints]);
}

function isNamed({ kind }: EndpointEntry): boolean {
  return kind === 'workload' || kind === 'node';
}

function choiceOf({ id, kind, name, workload }: EndpointEntry): Choice {
  if (kind === 'node') return { id, label: `node:${name ?? id}`, about: 'Node' };
  return { id, label: shortName(id), about: workload ?? kind };
}

/** Those that begin so come first; nothing is offered for what is said in full already. */
function offersOf(known: readonly Choice[], word: string): readonly Choice[] {
  const sought = word.toLowerCase();
  const found = known.filter(({ label }) => label.toLowerCase().includes(sought));
  if (found.length === 1 && found[0]!.label === word) return [];
  const begins = ({ label }: Choice): number => (label.startsWith(sought) || label.includes(`/${sought}`) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b)).slice(0, SHOWN_AT_MOST);
}
