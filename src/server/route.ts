import { z } from 'zod';
import type { Environment } from './environment.ts';
import type { History } from './history.ts';
import { readBy, readQuery } from './parameters.ts';
import type { Recorder } from './recorder.ts';
import type { ApiAnswer } from './schemas.ts';
import type { Identity, Role } from './security/tokens.ts';
import type { Reply } from './worker/question.ts';

/** What a route works with. */
export interface Surroundings {
  readonly environment: Environment;
  readonly history: History;
  /** Keeps moments in the history. */
  readonly recorder: Recorder;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Asked<Q, B> extends Surroundings {
  readonly query: Q;
  readonly body: B;
  /** Parts of the path by name, decoded. */
  readonly parts: Readonly<Record<string, string>>;
  readonly identity: Identity;
  /** `2026-11-21`, UTC. */
  readonly today: string;
}

/** What a route answers: a reply of the analysis, an object, or nothing. */
export type Answered =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'object'; readonly status: 200 | 201; readonly value: object }
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'nothing' };

/** `tile`: bytes; `snapshot-file`: what `snapshot take` writes; `report`: a file in one of several forms; `nothing`: 204. */
export type AnswerKind = ApiAnswer | 'tile' | 'snapshot-file' | 'report' | 'nothing';

interface RouteWords {
  readonly method: 'get' | 'post' | 'delete';
  /** Below /api/v1, as OpenAPI writes it: `/workload/{id}`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** Who may. */
  readonly role: Role;
  readonly answer: AnswerKind;
  /** Whether the answer depends on the revision, the day and the address only. */
  readonly ofRevision: boolean;
  /** The list that is paged. */
  readonly pages?: string;
}

export interface Route extends RouteWords {
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** With the query and the body as they came. */
  readonly run: (asked: Asked<URLSearchParams, unknown>) => Promise<Answered>;
}

interface RouteRules<Q extends z.ZodObject, B extends z.ZodType> extends RouteWords {
  readonly query?: Q;
  readonly body?: B;
  readonly run: (asked: Asked<z.infer<Q>, z.infer<B>>) => Promise<Answered>;
}

const NO_QUERY = z.object({});

/** A route whose query and body are read by their forms before it runs. */
export function route<Q extends z.ZodObject, B extends z.ZodType>(rules: RouteRules<Q, B>): Route {
  const { query, body, run, ...words } = rules;
  return {
    ...words,
    ...(query !== undefined && { query }),
    ...(body !== undefined && { body }),
    run: async (asked) =>
      run({
        ...asked,
        // Without a form there is nothing to read, and `run` was given no type to read it by.
        query: query === undefined ? (readQuery(NO_QUERY, asked.query) as z.infer<Q>) : readQuery(query, asked.query),
        body: body === undefined ? (undefined as z.infer<B>) : readBy(body, asked.body),
      }),
  };
}

export function object(value: object, status: 200 | 201 = 200): Answered {
  return { kind: 'object', status, value };
}

export function reply(answer: Reply): Answered {
  return { kind: 'reply', reply: answer };
}
