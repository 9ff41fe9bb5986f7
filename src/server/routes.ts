import { z } from 'zod';
import { FRAMEWORK_IDS } from '#model/control.ts';
import { HISTORY_ROUTES } from './history-routes.ts';
import {
  choice,
  choices,
  flag,
  optionalChoice,
  optionalText,
  PAGE,
  text,
  texts,
  whole,
  wholeOr,
} from './parameters.ts';
import { PICTURE_ROUTES } from './picture-routes.ts';
import { type Answered, type Asked, object, type Route, reply, route } from './route.ts';
import { PATH_FORMATS, REPORT_FORMATS } from './worker/question.ts';

const PATH_QUERY = z.object({
  from: text().describe('An endpoint, named as on the command line'),
  to: text(),
  port: optionalText(50).describe('As `5432`, `53/UDP`, `icmp`; absent: every port is told'),
  http: optionalText().describe('One request on the connection, as `GET /orders`'),
  changes: optionalChoice(['none']).describe(
    '`none` leaves out the search for the smallest change, which takes longest',
  ),
});

const NAMESPACES = texts().describe('Only what touches one of these');

/** The most that one request may bring: see `readBody`. */
const MOST_FILES = 500;

const PREVIEW_BODY = z.object({
  files: z
    .array(
      z.object({
        file: z.string().min(1).max(4_096).describe('As `environment` names it; any other name is a new file'),
        text: z.string().nullable().describe('null takes the file away'),
      }),
    )
    .min(1)
    .max(MOST_FILES),
});

/** Every route but those of sessions, events and this list itself. */
export const ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/status',
    id: 'status',
    summary: 'How current the answers are',
    role: 'viewer',
    answer: 'status',
    ofRevision: false,
    run: async ({ environment }) => statusOf(environment),
  }),
  route({
    method: 'post',
    path: '/refresh',
    id: 'refresh',
    summary: 'Look at the input again; `accept` takes it whatever errors it has',
    role: 'editor',
    answer: 'status',
    ofRevision: false,
    body: z.object({ accept: z.boolean().default(false) }),
    run: async ({ environment, body }) => {
      await environment.refresh(body);
      return statusOf(environment);
    },
  }),
  route({
    method: 'get',
    path: '/environment',
    id: 'environment',
    summary: 'What was read, what was not understood, what was assumed, and by what',
    role: 'viewer',
    answer: 'environment',
    ofRevision: true,
    pages: 'sources',
    query: z.object(PAGE),
    run: async ({ environment, query }) => reply(await environment.ask({ kind: 'environment', page: query })),
  }),
  route({
    method: 'get',
    path: '/endpoints',
    id: 'endpoints',
    summary: 'Everything that sends or receives traffic',
    role: 'viewer',
    answer: 'endpoints',
    ofRevision: true,
    pages: 'endpoints',
    query: z.object(PAGE),
    run: async ({ environment, query }) => reply(await environment.ask({ kind: 'endpoints', page: query })),
  }),
  route({
    method: 'get',
    path: '/names',
    id: 'names',
    summary: 'Names that questions take, for completion',
    role: 'viewer',
    answer: 'names',
    ofRevision: true,
    query: z.object({ q: optionalText(300), limit: wholeOr(20, 1, 200) }),
    run: async ({ environment, query }) =>
      reply(await environment.ask({ kind: 'names', text: query.q ?? '', limit: query.limit })),
  }),
  route({
    method: 'get',
    path: '/map',
    id: 'map',
    summary: 'Who can reach whom, as `map -o json`',
    role: 'viewer',
    answer: 'map',
    ofRevision: true,
    pages: 'connections',
    query: z.object({
      namespace: NAMESPACES,
      protocol: texts(20),
      fold: choice(['auto', 'always', 'never'], 'auto'),
      layer: optionalChoice(['policy']),
      ingress: flag(),
      encryption: flag(),
      ...PAGE,
    }),
    run: async ({ environment, query }) => {
      const { namespace, protocol, fold, layer, ingress, encryption, ...page } = query;
      const asked = { namespaces: namespace, protocols: protocol, fold, layer, ingress, encryption };
      return reply(await environment.ask({ kind: 'map', asked, page }));
    },
  }),
  ...PICTURE_ROUTES,
  route({
    method: 'get',
    path: '/path',
    id: 'path',
    summary: 'May FROM reach TO, hop by hop, as `can -o json`',
    role: 'viewer',
    answer: 'path',
    ofRevision: true,
    query: PATH_QUERY,
    run: async ({ environment, query: { http, ...asked } }) =>
      reply(await environment.ask({ kind: 'path', asked: { ...asked, request: http } })),
  }),
  route({
    method: 'get',
    path: '/path/report',
    id: 'pathReport',
    summary: 'The path as a file, as `can -o FORMAT`',
    role: 'viewer',
    answer: 'report',
    ofRevision: true,
    query: PATH_QUERY.extend({ format: choice(PATH_FORMATS, 'svg') }),
    run: async ({ environment, query: { http, format, ...asked } }) =>
      reply(await environment.ask({ kind: 'path-report', format, asked: { ...asked, request: http } })),
  }),
  route({
    method: 'get',
    path: '/azure/path',
    id: 'azurePath',
    summary: 'The layers of Azure on the way of one connection, each with the rules that are in effect',
    role: 'viewer',
    answer: 'azure-path',
    ofRevision: true,
    query: z.object({ from: text(), to: text(), port: optionalText(50) }),
    run: async ({ environment, query }) => reply(await environment.ask({ kind: 'azure-path', asked: query })),
  }),
  route({
    method: 'get',
    path: '/expose',
    id: 'expose',
    summary: 'From the outside in, as `expose -o json`',
    role: 'viewer',
    answer: 'expose',
    ofRevision: true,
    pages: 'exposures',
    query: z.object({ namespace: NAMESPACES, ...PAGE }),
    run: async ({ environment, query: { namespace, ...page } }) =>
      reply(await environment.ask({ kind: 'expose', namespaces: namespace, page })),
  }),
  route({
    method: 'get',
    path: '/workload/{id}',
    id: 'workload',
    summary: 'Everything about one workload or node; a slash in its id is %2F',
    role: 'viewer',
    answer: 'workload',
    ofRevision: true,
    run: async ({ environment, parts, today }) =>
      reply(await environment.ask({ kind: 'workload', id: parts['id'] ?? '', today })),
  }),
  route({
    method: 'get',
    path: '/workload/{id}/isolation',
    id: 'isolation',
    summary: 'How one workload can be cut off, as new objects that `preview` takes; nothing is applied',
    role: 'viewer',
    answer: 'isolation',
    ofRevision: true,
    run: async ({ environment, parts }) => reply(await environment.ask({ kind: 'isolation', id: parts['id'] ?? '' })),
  }),
  route({
    method: 'get',
    path: '/policies',
    id: 'policies',
    summary: 'What each policy does, as `policies -o json`',
    role: 'viewer',
    answer: 'policies',
    ofRevision: true,
    pages: 'policies',
    query: z.object({ namespace: NAMESPACES, ...PAGE }),
    run: async ({ environment, query: { namespace, ...page } }) =>
      reply(await environment.ask({ kind: 'policies', namespaces: namespace, page })),
  }),
  route({
    method: 'get',
    path: '/scan',
    id: 'scan',
    summary: 'Controls, findings and frameworks, as `scan -o json`',
    role: 'viewer',
    answer: 'scan',
    ofRevision: true,
    pages: 'findings',
    query: z.object({
      namespace: NAMESPACES,
      framework: choices(FRAMEWORK_IDS),
      control: texts().describe('An id, or how it begins: `NET-POL`'),
      ...PAGE,
    }),
    run: async ({ environment, query: { namespace, framework, control, ...page }, today }) => {
      const asked = { namespaces: namespace, frameworks: framework, controls: control, page, today };
      return reply(await environment.ask({ kind: 'scan', ...asked }));
    },
  }),
  route({
    method: 'get',
    path: '/scan/report',
    id: 'scanReport',
    summary: 'The scan as a file, as `scan -o FORMAT`',
    role: 'viewer',
    answer: 'report',
    ofRevision: true,
    query: z.object({
      format: choice(REPORT_FORMATS, 'html'),
      namespace: NAMESPACES,
      framework: choices(FRAMEWORK_IDS),
    }),
    run: async ({ environment, query: { format, namespace, framework }, today }) => {
      const asked = { format, namespaces: namespace, frameworks: framework, today };
      return reply(await environment.ask({ kind: 'report', ...asked }));
    },
  }),
  route({
    method: 'get',
    path: '/baselines',
    id: 'baselines',
    summary: 'Frameworks by scopes: how many of their entries are in which state, and one framework in full',
    role: 'viewer',
    answer: 'baselines',
    ofRevision: true,
    query: z.object({
      framework: optionalChoice(FRAMEWORK_IDS).describe('The one whose entries are told'),
      scope: z
        .preprocess((given) => given ?? 'all', text(300))
        .describe('`all`, `cluster`, `azure`, or a namespace as `namespace:shop`'),
    }),
    run: async ({ environment, query: { framework, scope }, today }) =>
      reply(await environment.ask({ kind: 'baselines', framework, scope, today })),
  }),
  route({
    method: 'get',
    path: '/rulebook',
    id: 'rulebook',
    summary: 'Rules in the order in which the data path asks them, with what is wrong with them',
    role: 'viewer',
    answer: 'rulebook',
    ofRevision: true,
    pages: 'policies',
    query: z.object({
      namespace: NAMESPACES.describe('Only what selects something in one of these'),
      workload: optionalText().describe('Only what selects it: `shop/Deployment/web`'),
      ...PAGE,
    }),
    run: async ({ environment, query: { namespace, workload, ...page }, today }) =>
      reply(await environment.ask({ kind: 'rulebook', namespaces: namespace, workload, page, today })),
  }),
  route({
    method: 'get',
    path: '/controls',
    id: 'controls',
    summary: 'Every control in full, as `controls -o json`',
    role: 'viewer',
    answer: 'controls',
    ofRevision: true,
    run: async ({ environment }) => reply(await environment.ask({ kind: 'controls' })),
  }),
  route({
    method: 'get',
    path: '/controls/{id}',
    id: 'control',
    summary: 'One control in full',
    role: 'viewer',
    answer: 'controls',
    ofRevision: true,
    run: async ({ environment, parts }) => reply(await environment.ask({ kind: 'controls', id: parts['id'] })),
  }),
  route({
    method: 'get',
    path: '/egress',
    id: 'egress',
    summary: 'What the cluster needs of the network outside, as `egress -o json`',
    role: 'viewer',
    answer: 'egress',
    ofRevision: true,
    query: z.object({ namespace: NAMESPACES }),
    run: async ({ environment, query }) =>
      reply(await environment.ask({ kind: 'egress', namespaces: query.namespace })),
  }),
  route({
    method: 'get',
    path: '/invariants',
    id: 'invariants',
    summary: 'Whether the invariants hold, as `test -o json`',
    role: 'viewer',
    answer: 'test',
    ofRevision: true,
    run: async ({ environment }) => reply(await environment.ask({ kind: 'invariants' })),
  }),
  route({
    method: 'get',
    path: '/source',
    id: 'source',
    summary: 'Lines of a file that was read; what may hold a secret is hidden',
    role: 'viewer',
    answer: 'source',
    ofRevision: true,
    query: z.object({ file: text(4_096), line: whole(1, 10_000_000), around: wholeOr(5, 0, 200) }),
    run: async ({ environment, query }) => reply(await environment.ask({ kind: 'source', ...query })),
  }),
  route({
    method: 'get',
    path: '/texts',
    id: 'texts',
    summary:
      'Everything that was read, to work on: what may hold a secret is hidden, and put back where it is previewed',
    role: 'viewer',
    answer: 'texts',
    ofRevision: true,
    run: async ({ environment, today }) => reply(await environment.ask({ kind: 'texts', today })),
  }),
  route({
    method: 'get',
    path: '/fix',
    id: 'fix',
    summary: 'The fix of one finding, made on the model: what closes, what else changes, and the edited files',
    role: 'viewer',
    answer: 'fix',
    ofRevision: true,
    query: z.object({ fingerprint: text(4_096).describe('Of the finding, as `scan` tells it') }),
    run: async ({ environment, query, today }) =>
      reply(await environment.ask({ kind: 'fix', fingerprint: query.fingerprint, today })),
  }),
  route({
    method: 'get',
    path: '/try',
    id: 'try',
    summary: 'One of the smallest changes that `path` tells, as edited files',
    role: 'viewer',
    answer: 'fix',
    ofRevision: true,
    query: z.object({ from: text(), to: text(), port: optionalText(50), at: wholeOr(0, 0, 100) }),
    run: async ({ environment, query: { at, ...asked } }) => reply(await environment.ask({ kind: 'try', asked, at })),
  }),
  route({
    method: 'post',
    path: '/preview',
    id: 'preview',
    summary: 'What edited files would change. Nothing is written and nothing is kept',
    role: 'viewer',
    answer: 'preview',
    ofRevision: false,
    body: PREVIEW_BODY,
    run: async ({ environment, body, today }) =>
      reply(await environment.ask({ kind: 'preview', files: body.files, today })),
  }),
  ...HISTORY_ROUTES,
];

function statusOf(environment: Asked<unknown, unknown>['environment']): Answered {
  return object({ schema: 'ringfence.dev/status/v1', ...environment.status() });
}
