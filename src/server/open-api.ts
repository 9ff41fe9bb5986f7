import { z } from 'zod';
import type { AnswerKind, Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { API_SCHEMAS, type ApiAnswer, problemSchema, status } from './schemas.ts';
import { MOST_TILE } from './worker/matrix-answers.ts';
import { REPORT_TYPES } from './worker/report-answer.ts';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document: paths from the routes, and schemas from what also makes the published JSON Schemas. */
export function openApi(version: string): Json {
  const components: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(API_SCHEMAS)) addSchema(components, schemaName(name), schema);
  addSchema(components, 'Problem', problemSchema);
  addSchema(components, 'Status', status);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES)
    paths[`/api/v1${route.path}`] = { ...paths[`/api/v1${route.path}`], [route.method]: operation(route) };
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Ringfence',
      version,
      description: 'Who can reach whom in a Kubernetes cluster, over one analysed environment.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: { ...paths, ...SPECIAL_PATHS },
    components: {
      schemas: components,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'ringfence', description: 'The name ends in the port' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
    security: [{ session: [] }, { token: [] }],
  };
}

/** `azure-path` as `AzurePathAnswer`. */
export function schemaName(name: string): string {
  const words = name.split('-').map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`);
  return `${words.join('')}Answer`;
}

/** Definitions inside of a schema become components of their own: their names mean the same everywhere. */
function addSchema(components: Record<string, unknown>, name: string, schema: z.ZodType): void {
  const { $defs, $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  for (const [inner, definition] of Object.entries($defs ?? {})) components[inner] = withoutIds(hoisted(definition));
  const own = withoutIds(hoisted(rest));
  // A schema that has this name itself comes as a reference to its own definition.
  if (!isReferenceTo(own, name)) components[name] = own;
}

function isReferenceTo(schema: unknown, name: string): boolean {
  return (schema as Json)['$ref'] === `#/components/schemas/${name}`;
}

function hoisted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hoisted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [
      key,
      key === '$ref' && typeof own === 'string' ? own.replace('#/$defs/', '#/components/schemas/') : hoisted(own),
    ]),
  );
}

/** The names under which zod knows definitions are those of the components already. */
function withoutIds(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const { id: _id, ...rest } = schema as Readonly<Record<string, unknown>>;
  return rest;
}

function operation(route: Route): Json {
  const parameters = [...pathParameters(route), ...queryParameters(route)];
  return {
    operationId: route.id,
    summary: route.summary,
    description: `For the role \`${route.role}\`.`,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: plainSchema(route.body, 'input') } } },
    }),
    responses: { ...responseOf(route), ...PROBLEMS },
  };
}

function pathParameters({ path }: Route): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: Route): Json[] {
  return Object.entries(query?.shape ?? {}).map(([name, form]) => {
    // A form of a query is always a schema; the shape does not say so by its type.
    const { description, ...schema } = plainSchema(form as z.ZodType, 'output');
    const isRequired = !(form as z.ZodType).safeParse(undefined).success;
    const isList = schema['type'] === 'array';
    return {
      name,
      in: 'query',
      ...(isRequired && { required: true }),
      ...(typeof description === 'string' && { description }),
      ...(isList && { style: 'form', explode: true }),
      schema,
    };
  });
}

function plainSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  return rest;
}

function responseOf({ answer, method, ofRevision, pages }: Route): Json {
  if (answer === 'nothing') return { 204: { description: 'Done' } };
  const headers = {
    ...(ofRevision && { ETag: header('Of the revision: `If-None-Match` saves asking again') }),
    ...(pages !== undefined && {
      'X-Total-Count': header(`Entries of \`${pages}\` before they are paged`),
      Link: header('Where the next page is (RFC 8288)'),
    }),
    ...(answer === 'tile' && { 'X-Rows': header('Rows'), 'X-Columns': header('Columns') }),
  };
  const isTaking = method === 'post' && answer === 'history';
  return {
    [isTaking ? 201 : 200]: {
      description: 'The answer',
      ...(Object.keys(headers).length > 0 && { headers }),
      content: contentOf(answer),
    },
  };
}

function header(description: string): Json {
  return { description, schema: { type: 'string' } };
}

function contentOf(answer: Exclude<AnswerKind, 'nothing'>): Json {
  if (answer === 'tile')
    return {
      'application/octet-stream': {
        schema: { description: `One byte for each cell, row by row; at most ${MOST_TILE} × ${MOST_TILE}` },
      },
    };
  if (answer === 'report')
    return Object.fromEntries(
      Object.values(REPORT_TYPES).map(({ type }) => [type, { schema: { type: 'string', description: 'A file' } }]),
    );
  if (answer === 'snapshot-file') return { 'application/json': { schema: { type: 'object' } } };
  return jsonOf(answer);
}

function jsonOf(answer: ApiAnswer): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName(answer)}` } } };
}

const PROBLEMS = {
  default: {
    description: 'No answer, and why',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  },
};

/** What is not a question. */
const SPECIAL_PATHS = {
  '/api/v1/session': {
    get: {
      operationId: 'session',
      summary: 'Who is asking',
      responses: { 200: { description: 'The answer', content: jsonOf('session') }, ...PROBLEMS },
    },
    post: {
      operationId: 'signIn',
      summary: 'Exchange a token for a cookie',
      security: [],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object', properties: { token: { type: 'string' } }, required: ['token'] },
          },
        },
      },
      responses: { 200: { description: 'The answer', content: jsonOf('session') }, ...PROBLEMS },
    },
    delete: {
      operationId: 'signOut',
      summary: 'End the session',
      responses: {
        200: { description: 'Done here, and there is a session at the issuer', content: jsonOf('signed-out') },
        204: { description: 'Done' },
        ...PROBLEMS,
      },
    },
  },
  '/api/v1/events': {
    get: {
      operationId: 'events',
      summary: 'Server-sent events: `status` when a revision comes or cannot be taken, `progress` while one is read',
      responses: {
        200: {
          description: 'Events; the data of `status` is a Status, that of `progress` a text in JSON',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        ...PROBLEMS,
      },
    },
  },
  '/api/v1/openapi.json': {
    get: {
      operationId: 'openApi',
      summary: 'This document',
      responses: {
        200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
        ...PROBLEMS,
      },
    },
  },
};
