import type { History } from './history.ts';
import { HttpProblem } from './problem.ts';

/** The text of a snapshot that is kept. Throws a 404 where there is none. */
export async function textOf(history: History, id: string): Promise<string> {
  const found = await history.text(id);
  if (found === undefined) throw new HttpProblem(404, 'there is no such snapshot', { near: ['current'] });
  return found;
}
