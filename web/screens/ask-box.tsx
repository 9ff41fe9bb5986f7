import { type ReactNode, useState } from 'react';
import type { NamesAnswer } from '../api/answers.ts';
import { withQuery } from '../api/client.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Choices, useChoices } from '../parts/choices.tsx';
import { choose } from '../shell/location.tsx';
import { type Question, questionOf, sentenceOf, slotOf } from './sentence.ts';

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly about: string;
}

const SHOWN_AT_MOST = 8;

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
  const slot = slotOf(text);
  const offered = useOffers(open && slot.kind !== 'port' ? slot.word : undefined);
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

/** As the server knows them by the word so far; those before stay until then. */
function useOffers(word: string | undefined): readonly Choice[] {
  const asked = useAnswer<NamesAnswer>(
    word === undefined ? undefined : withQuery('/names', { q: word, limit: `${SHOWN_AT_MOST}` }),
  );
  const names = asked.data?.names ?? [];
  // Nothing is offered for what is said in full already.
  if (word === undefined || (names.length === 1 && names[0]!.name === word)) return [];
  return names.map(({ name, kind }) => ({ id: name, label: name, about: kind }));
}
