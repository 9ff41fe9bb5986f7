import { type ReactNode, useEffect, useState } from 'react';
import type { PathAnswer } from '#model/answers.ts';
import { objectText, originText } from '#report/words.ts';
import type { DrawingAnswer } from '../../api/answers.ts';
import { withQuery } from '../../api/client.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Prose } from '../../parts/prose.tsx';
import { endOf, firstPort, lineText } from './line.ts';

/** Milliseconds that the reader rests on a line before its rules are asked for. */
const REST = 200;

/** The line that the reader is at, in words, with the rules that let it pass. */
export function LineSaid({
  answer,
  at,
}: {
  readonly answer: DrawingAnswer;
  readonly at: number | undefined;
}): ReactNode {
  const line = at === undefined ? undefined : answer.edges[at];
  const [from, to] = [line?.from, line?.to].map((id) => (id === undefined ? undefined : endOf(answer, id).ask));
  const path =
    line === undefined || from === undefined || to === undefined
      ? undefined
      : withQuery('/path', { from, to, port: firstPort(line.label), changes: 'none' });
  const [rested, setRested] = useState<string | undefined>(undefined);
  useEffect(() => {
    const timer = setTimeout(() => setRested(path), REST);
    return () => clearTimeout(timer);
  }, [path]);
  const asked = useAnswer<PathAnswer>(rested === path ? rested : undefined);
  const rules = asked.data === undefined || rested !== path ? '' : rulesText(asked.data);
  return (
    <p className="line-said" role="status">
      {line === undefined ? (
        <span className="quiet">A line in focus, or under the pointer, says its ports and its rules here.</span>
      ) : (
        <>
          <b>{lineText(answer, line)}</b>
          {rules !== '' && (
            <span className="quiet">
              {' · '}
              <Prose text={rules} />
            </span>
          )}
        </>
      )}
    </p>
  );
}

function rulesText({ hops }: PathAnswer): string {
  const deciding = hops.flatMap(({ rules }) => rules.filter(({ decides }) => decides));
  if (deciding.length === 0) return 'no policy selects either end for this direction';
  return deciding
    .map((rule) => {
      const origin = originText(rule.origin);
      return `${objectText(rule)} ${rule.rule}${origin === '' ? '' : ` (${origin})`}`;
    })
    .join(', ');
}
