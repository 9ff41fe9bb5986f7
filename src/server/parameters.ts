import { z } from 'zod';
import { nearest } from '#analysis/nearest.ts';
import { escapeControl } from '#base/escape.ts';
import { HttpProblem } from './problem.ts';

/** Parameters of a query. Each value arrives as the list of what was given under its name. */

/** Names of things in a cluster and in Azure are shorter. */
export const MOST_NAME = 2_000;

export function text(most = MOST_NAME) {
  return z.preprocess(lastOf, z.string().min(1).max(most));
}

export function optionalText(most = MOST_NAME) {
  return z.preprocess(lastOf, z.string().min(1).max(most).optional());
}

export function whole(from: number, to: number) {
  return z.preprocess(numberOf, z.int().min(from).max(to));
}

export function wholeOr(usual: number, from: number, to: number) {
  return z.preprocess(numberOf, z.int().min(from).max(to).default(usual));
}

export function flag() {
  return z.preprocess((given) => WORDS.get(lastOf(given)) ?? lastOf(given), z.boolean().default(false));
}

export function choice<const T extends readonly [string, ...string[]]>(values: T, usual: T[number]) {
  return z.preprocess(lastOf, z.enum(values).default(usual as never));
}

export function optionalChoice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.preprocess(lastOf, z.enum(values).optional());
}

/** May be given several times. */
export function texts(most = 100) {
  return z.preprocess((given) => given ?? [], z.array(z.string().min(1).max(MOST_NAME)).max(most));
}

export function choices<const T extends readonly [string, ...string[]]>(values: T) {
  return z.preprocess((given) => given ?? [], z.array(z.enum(values)).max(values.length));
}

/** `FIRST-END`, the end not counted: as `0-256`. */
export function stretch() {
  return z.preprocess(
    lastOf,
    z
      .string()
      .regex(/^\d{1,7}-\d{1,7}$/)
      .describe('`FIRST-END`, the end not counted'),
  );
}

export const MOST_LISTED = 50_000;

/** Of routes with a long list. */
export const PAGE = {
  filter: optionalText().describe('As `namespace:shop -verdict:allowed text`: see docs/api.md'),
  limit: wholeOr(5_000, 1, MOST_LISTED).describe('Entries of the list; `Link` leads to the next'),
  offset: wholeOr(0, 0, 10_000_000),
};

/** Reads a query by its form. Throws a 400 that names the parameter, and what comes near to one that is unknown. */
export function readQuery<Q extends z.ZodObject>(form: Q, given: URLSearchParams): z.infer<Q> {
  const known = Object.keys(form.shape);
  const stranger = [...given.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const near = nearest(stranger, known);
    const message = `\`${escapeControl(stranger.slice(0, 100))}\` is not a parameter here`;
    throw new HttpProblem(400, message, { near: near.length > 0 ? near : known });
  }
  const raw = Object.fromEntries(known.map((name) => [name, given.has(name) ? given.getAll(name) : undefined]));
  return readBy(form, raw);
}

/** Reads a value by a form. Throws a 400 that says where it differs. */
export function readBy<S extends z.ZodType>(form: S, value: unknown): z.infer<S> {
  const reading = form.safeParse(value);
  if (reading.success) return reading.data;
  const [issue] = reading.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `\`${escapeControl(issue.path.join('.'))}\`: `;
  throw new HttpProblem(400, `${where}${escapeControl(issue?.message ?? 'not as it must be')}`);
}

function lastOf(given: unknown): unknown {
  return Array.isArray(given) ? given.at(-1) : given;
}

function numberOf(given: unknown): unknown {
  const last = lastOf(given);
  return typeof last === 'string' && /^\d{1,15}$/.test(last) ? Number(last) : last;
}

const WORDS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['', true],
  ['false', false],
]);
