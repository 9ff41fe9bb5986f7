import type { Disagreement, EgressAnswer } from '#model/egress.ts';
import { DISAGREEMENT_WORDS } from '#report/egress-words.ts';
import { shortName } from '../../parts/endpoint-name.tsx';
import type { Question } from '../sentence.ts';

/** The rules of Azure for one connection. */
export function pathUrl({ from, to, port }: Question, more: Readonly<Record<string, string>> = {}): string {
  return `/azure?${new URLSearchParams({ view: 'path', from, to, ...(port !== '' && { port }), ...more })}`;
}

export interface Suggested extends Question {
  readonly why: string;
}

const MOST = 8;

/** The API server from outside, and a connection of each disagreement. */
export function questionsIn({ disagreements }: Pick<EgressAnswer, 'disagreements'>): readonly Suggested[] {
  const api: Suggested = {
    from: 'internet',
    to: 'apiserver',
    port: '443/TCP',
    why: 'whether the API server is private',
  };
  const asked = disagreements.flatMap((each): Suggested[] => {
    const question = questionOf(each);
    return question === undefined ? [] : [{ ...question, why: DISAGREEMENT_WORDS[each.state] }];
  });
  return [...new Map([api, ...asked].map((each) => [`${each.from} ${each.to} ${each.port}`, each])).values()].slice(
    0,
    MOST,
  );
}

/** The first connection that it is about; none where it is about subnets, or about any name. */
export function questionOf({ state, from, to, traffic }: Disagreement): Question | undefined {
  const [sender] = from;
  const target = to.find((each) => !each.includes('*'));
  const entry = traffic === 'all' ? undefined : traffic.find(({ ports }) => ports !== undefined);
  if (state === 'azure-allows' || sender === undefined || target === undefined || entry === undefined) return undefined;
  const ports = entry.ports ?? '';
  const port = /(?:^|,)443(?:,|$)/.test(ports) ? '443' : /^\d+/.exec(ports)?.[0];
  return port === undefined ? undefined : { from: shortName(sender), to: target, port: `${port}/${entry.protocol}` };
}
