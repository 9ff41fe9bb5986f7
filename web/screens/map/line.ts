import type { DrawingAnswer } from '../../api/answers.ts';

export type DrawnLine = DrawingAnswer['edges'][number];

/** An end of a line, which is a box or a whole island, as people read it and as questions name it. */
export interface LineEnd {
  readonly text: string;
  /** Undefined where no question can be asked of it. */
  readonly ask: string | undefined;
}

export function endOf({ groups, nodes }: DrawingAnswer, id: string): LineEnd {
  const node = nodes.find((each) => each.id === id);
  if (node !== undefined) {
    const group = groups.find((each) => each.id === node.group);
    const isInside = group !== undefined && !group.outside && /^[^:]+\/[A-Z]/.test(id);
    return { text: isInside ? `${group.label}/${node.label}` : node.label, ask: node.ask };
  }
  const group = groups.find((each) => each.id === id);
  if (group === undefined) return { text: id, ask: undefined };
  const isNamespace = !group.outside && group.label !== 'cluster nodes';
  return { text: `all of ${group.label}`, ask: isNamespace ? `ns:${group.label}` : undefined };
}

/** The first port of a label, as questions take it: `TCP 80,443 · mtls-required` is `80/TCP`. */
export function firstPort(label: string): string | undefined {
  const found = /(TCP|UDP|SCTP) (\d+)(?![-\d])/.exec(label);
  return found === null ? undefined : `${found[2]}/${found[1]}`;
}

export function askUrl(answer: DrawingAnswer, line: DrawnLine): string {
  const [from, to] = [endOf(answer, line.from), endOf(answer, line.to)];
  if (from.ask === undefined || to.ask === undefined) return '/reach';
  const port = firstPort(line.label);
  return `/ask?${new URLSearchParams({ from: from.ask, to: to.ask, ...(port !== undefined && { port }) })}`;
}

/** `shop/web to shop/db: TCP 5432, allowed` */
export function lineText(answer: DrawingAnswer, line: DrawnLine): string {
  const word = line.tone === 'mixed' ? 'allowed for some' : line.tone;
  return `${endOf(answer, line.from).text} to ${endOf(answer, line.to).text}: ${line.label}, ${word}`;
}
