import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { appOver, environmentOf, type Folder, folderWith, planFor, posted, SHOP } from './app.test-support.ts';
import type { Environment } from './environment.ts';
import { openApi } from './open-api.ts';
import { ROUTES } from './routes.ts';
import { API_SCHEMAS, type ApiAnswer } from './schemas.ts';

let folder: Folder;
let environment: Environment;
let asked: ReturnType<typeof appOver>;

beforeAll(async () => {
  folder = folderWith({
    ...SHOP,
    'invariants.yaml': `apiVersion: ringfence.dev/v1
kind: Invariants
invariants:
  - name: db is for web
    never: {from: [internet], to: [shop/db]}
`,
  });
  environment = await environmentOf(planFor(folder.path));
  asked = appOver(environment);
});

afterAll(async () => {
  await environment.close();
  folder.remove();
});

interface Case {
  readonly id: string;
  readonly path: string;
  readonly init?: RequestInit;
  readonly status?: number;
}

async function told<N extends ApiAnswer>(name: N, response: Response): Promise<z.infer<(typeof API_SCHEMAS)[N]>> {
  const form: z.ZodType<z.infer<(typeof API_SCHEMAS)[N]>> = API_SCHEMAS[name] as never;
  return form.parse(await response.json());
}

const WEB = encodeURIComponent('shop/Deployment/web');
const EDIT = { files: [{ file: 'policy.yaml', text: SHOP['policy.yaml']!.replace('5432', '5433') }] };

const FINDING = 'NET-POL-001 /Namespace//shop';
const ACCEPTED = { fingerprint: FINDING, reason: 'a wall is built', owner: 'Ada', until: '2099-01-01' };

const CASES: readonly Case[] = [
  { id: 'status', path: '/status' },
  { id: 'refresh', path: '/refresh', init: posted({}) },
  { id: 'environment', path: '/environment' },
  { id: 'endpoints', path: '/endpoints?filter=kind:workload' },
  { id: 'names', path: '/names?q=we' },
  { id: 'map', path: '/map?fold=never&encryption=true' },
  { id: 'mapDrawing', path: '/map/drawing?encryption=true&ingress=true&svg=true' },
  { id: 'matrix', path: '/matrix?level=workload' },
  { id: 'matrixTile', path: '/matrix/tile?level=workload&rows=0-2&columns=0-512' },
  { id: 'path', path: '/path?from=shop/web&to=shop/db&port=5432' },
  { id: 'azurePath', path: '/azure/path?from=shop/web&to=internet', status: 404 },
  { id: 'expose', path: '/expose' },
  { id: 'workload', path: `/workload/${WEB}` },
  { id: 'isolation', path: `/workload/${WEB}/isolation` },
  { id: 'rulebook', path: `/rulebook?workload=${WEB}` },
  { id: 'baselines', path: '/baselines?framework=pss&scope=namespace:shop' },
  { id: 'scanReport', path: '/scan/report?format=oscal' },
  { id: 'pathReport', path: '/path/report?from=shop/web&to=shop/db&port=5432' },
  { id: 'policies', path: '/policies?namespace=shop' },
  { id: 'scan', path: '/scan?filter=severity:high,critical' },
  { id: 'controls', path: '/controls' },
  { id: 'control', path: '/controls/net-pol-001' },
  { id: 'egress', path: '/egress', status: 404 },
  { id: 'invariants', path: '/invariants' },
  { id: 'source', path: '/source?file=policy.yaml&line=8' },
  { id: 'preview', path: '/preview', init: posted(EDIT) },
  { id: 'texts', path: '/texts' },
  { id: 'try', path: '/try?from=shop/web&to=shop/db&port=5433' },
  { id: 'fix', path: '/fix?fingerprint=NET-POL-001%20%2FNamespace%2F%2Fshop' },
  { id: 'takeSnapshot', path: '/snapshots', init: posted({ note: 'before' }), status: 201 },
  { id: 'snapshots', path: '/snapshots' },
  { id: 'snapshot', path: '/snapshots/1' },
  { id: 'diff', path: '/diff?base=1' },
  { id: 'drift', path: '/drift?base=1' },
  { id: 'finding', path: `/finding?fingerprint=${encodeURIComponent(FINDING)}` },
  { id: 'acceptances', path: '/acceptances' },
  { id: 'draftAcceptance', path: '/acceptances/draft', init: posted(ACCEPTED) },
  { id: 'acceptFinding', path: '/acceptances', init: posted(ACCEPTED), status: 409 },
  { id: 'withdrawAcceptance', path: '/acceptances?fingerprint=a', init: { method: 'DELETE' }, status: 409 },
  { id: 'removeSnapshot', path: '/snapshots/1', init: { method: 'DELETE' }, status: 204 },
];

/** Schemas of the document with one of them asked for. */
function validator() {
  const document = openApi('0.0.0');
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  ajv.addSchema(document, 'api');
  return {
    document,
    validate: (pointer: string, value: unknown) => {
      ajv.validate({ $ref: `api#${pointer}` }, value);
      return ajv.errors;
    },
  };
}

const { document, validate } = validator();

function schemaPointer({ id, status = 200 }: Case): string {
  const { method, path } = ROUTES.find((route) => route.id === id)!;
  const key = `/api/v1${path}`
    .replaceAll('~', '~0')
    .replaceAll('/', '~1')
    .replaceAll('{', '%7B')
    .replaceAll('}', '%7D');
  if (status >= 400) return '/components/schemas/Problem';
  return `/paths/${key}/${method}/responses/${status}/content/application~1json/schema`;
}

describe('every route', () => {
  test('is in the table', () => {
    expect(CASES.map(({ id }) => id).sort()).toEqual(ROUTES.map(({ id }) => id).sort());
  });

  test.each(CASES)('$id answers as the document says', async (each) => {
    const { path, init, status = 200 } = each;
    const response = await asked.admin(`/api/v1${path}`, init);
    expect([response.status, status >= 400 ? '' : await response.clone().text()]).toEqual([status, expect.anything()]);
    if (status === 204 || ['matrixTile', 'scanReport', 'pathReport'].includes(each.id)) return;
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    expect(response.headers.get('content-type')).toBe(type);
    expect(validate(schemaPointer(each), await response.json())).toBeNull();
  });

  test.each(ROUTES.map(({ id }) => CASES.find((each) => each.id === id)!))(
    '$id wants somebody who is known',
    async ({ path, init }) => {
      const response = await asked.bare(`/api/v1${path}`, init);
      expect(response.status).toBe(401);
      expect(validate('/components/schemas/Problem', await response.json())).toBeNull();
    },
  );

  test.each(ROUTES)('$id is for $role and those above', async ({ id, role }) => {
    const { path, init } = CASES.find((each) => each.id === id)!;
    const asViewer = await asked.viewer(`/api/v1${path}`, init);
    expect(asViewer.status === 403).toBe(role !== 'viewer');
    if (role === 'admin') expect((await asked.editor(`/api/v1${path}`, init)).status).toBe(403);
  });
});

test('the document names every route, and every reference in it leads somewhere', () => {
  const text = JSON.stringify(document);
  for (const { id } of ROUTES) expect(text).toContain(`"operationId":"${id}"`);
  const { schemas } = document['components'] as { schemas: Record<string, unknown> };
  const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => !(name in schemas))).toEqual([]);
  expect(text).not.toContain('#/$defs/');
});

describe('the scan as a file', () => {
  test.each([
    ['html', 'text/html; charset=utf-8', '<!doctype html>'],
    ['oscal', 'application/oscal+json', 'assessment-results'],
    ['csv', 'text/csv; charset=utf-8', 'control'],
    ['sarif', 'application/sarif+json', '"version": "2.1.0"'],
    ['markdown', 'text/markdown; charset=utf-8', 'NET-POL'],
    ['junit', 'application/xml; charset=utf-8', '<testsuites'],
    ['json', 'application/json', 'ringfence.dev/scan/v1'],
  ])('%s', async (format, type, said) => {
    const response = await asked.viewer(`/api/v1/scan/report?format=${format}&framework=nsa-cisa`);
    const { headers } = response;
    expect([response.status, headers.get('content-type')]).toEqual([200, type]);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="ringfence-nsa-cisa-[\d-]{10}\.[\w.]+"$/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await response.text()).toLowerCase()).toContain(said.toLowerCase());
  });
});

describe('what is asked wrongly', () => {
  test.each([
    ['/path?from=shop/web', '`to`'],
    ['/path?from=shop/wep&to=shop/db', 'shop/web'],
    ['/path?from=shop/web&to=shop/db&port=http', 'port'],
    ['/path?from=shop/web&to=shop/db&prot=80', 'port'],
    ['/map?namespace=shp', 'shop'],
    ['/map?fold=sometimes', '`fold`'],
    ['/map?protocol=tpc', 'protocol'],
    ['/map?limit=0', '`limit`'],
    ['/map?limit=1e3', '`limit`'],
    ['/map?limit=-1', '`limit`'],
    ['/endpoints?filter=namespac:shop', 'namespace'],
    ['/matrix/tile?level=workload&rows=0-600&columns=0-2', '512'],
    ['/matrix/tile?level=workload&rows=5-2&columns=0-2', '5-2'],
    ['/matrix/tile?level=workload&rows=a-b&columns=0-2', '`rows`'],
    ['/matrix/tile?rows=0-2&columns=0-2&port=http', 'http'],
    ['/scan?control=NET-PLO', 'NET-PLO'],
    ['/scan?framework=cis', 'framework'],
    ['/baselines?scope=namespace:shp', 'namespace:shop'],
    ['/baselines?framework=cis', 'framework'],
    ['/scan/report?format=pdf', '`format`'],
    ['/rulebook?namespace=shp', 'shop'],
    ['/rulebook?filter=markk:dead', 'mark'],
    ['/diff?base=current&filter=chance:opened', 'change'],
  ])('%s', async (path, said) => {
    const response = await asked.viewer(`/api/v1${path}`);
    const body = await response.json();
    expect(response.status).toBe(400);
    expect(JSON.stringify(body)).toContain(said);
    expect(validate('/components/schemas/Problem', body)).toBeNull();
  });

  test.each([
    ['/workload/shop%2FDeployment%2Fwep', 'shop/Deployment/web'],
    ['/workload/shop%2FDeployment%2Fwep/isolation', 'shop/Deployment/web'],
    ['/rulebook?workload=shop/Deployment/wep', 'shop/Deployment/web'],
    ['/controls/NET-POL-0O1', 'NET-POL-001'],
    ['/source?file=nothing.yaml&line=1', 'no file that was read'],
    ['/source?file=policy.yaml&line=9999', 'lines'],
    ['/diff?base=17', 'no such snapshot'],
    ['/nothing', 'nothing there'],
    ['/pats', '/api/v1/path'],
    ['/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'openapi'],
  ])('%s is not there', async (path, said) => {
    const response = await asked.viewer(`/api/v1${path}`);
    expect(response.status).toBe(404);
    expect(JSON.stringify(await response.json())).toContain(said);
  });

  test('another method is told which there are', async () => {
    const response = await asked.admin('/api/v1/map', posted({}));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

describe('answers', () => {
  test('a path is what `can -o json` prints', async () => {
    const body = await told('path', await asked.viewer('/api/v1/path?from=shop/web&to=shop/db&port=5432'));
    expect(body).toMatchObject({ schema: 'ringfence.dev/path/v1', verdict: 'allowed' });
    const denied = await told('path', await asked.viewer('/api/v1/path?from=shop/web&to=shop/db&port=80'));
    expect(denied).toMatchObject({ verdict: 'denied', changes: [expect.anything(), ...denied.changes.slice(1)] });
    const plain = await told('path', await asked.viewer('/api/v1/path?from=shop/web&to=shop/db&port=80&changes=none'));
    expect(plain).toEqual({ ...denied, changes: [] });
  });

  test('a preview tells what opened and closed, and nothing is kept', async () => {
    const before = await (await asked.viewer('/api/v1/map?fold=never')).text();
    const body = await told('preview', await asked.viewer('/api/v1/preview', posted(EDIT)));
    expect(body.diff.changes).toEqual([
      expect.objectContaining({
        from: 'shop/Deployment/web',
        to: 'shop/Deployment/db',
        opened: [{ protocol: 'TCP', ports: '5433' }],
        closed: [{ protocol: 'TCP', ports: '5432' }],
      }),
    ]);
    expect(await (await asked.viewer('/api/v1/map?fold=never')).text()).toBe(before);
  });

  test('the fix of a finding is edited files that close it, and a patch', async () => {
    const fingerprint = 'NET-POL-001 /Namespace//shop';
    const fix = await told('fix', await asked.viewer(`/api/v1/fix?fingerprint=${encodeURIComponent(fingerprint)}`));
    expect(fix).toMatchObject({ made: true, proof: { closes: true, worsens: [] } });
    expect(fix.patch).toContain('+kind: NetworkPolicy');
    const preview = await told('preview', await asked.viewer('/api/v1/preview', posted({ files: fix.files })));
    expect(preview.findings.go.map((finding) => finding.fingerprint)).toContain(fingerprint);
    const left = await told('fix', await asked.viewer('/api/v1/fix?fingerprint=NET-POL-002%20%2FNamespace%2F%2Fshop'));
    expect(left).toMatchObject({ made: false, why: expect.any(String), files: [] });
  });

  test('the smallest change of a path, tried, opens what was denied', async () => {
    const tried = await told('fix', await asked.viewer('/api/v1/try?from=shop/web&to=shop/db&port=5433'));
    expect(tried).toMatchObject({ made: true, files: [{ file: 'policy.yaml' }] });
    const { diff } = await told('preview', await asked.viewer('/api/v1/preview', posted({ files: tried.files })));
    expect(diff.changes).toEqual([
      expect.objectContaining({
        from: 'shop/Deployment/web',
        to: 'shop/Deployment/db',
        opened: [{ protocol: 'TCP', ports: '5433' }],
        closed: [],
      }),
    ]);
  });

  test('a preview of a broken text has its diagnostics', async () => {
    const files = [{ file: 'policy.yaml', text: 'kind: [' }];
    const body = await told('preview', await asked.viewer('/api/v1/preview', posted({ files })));
    expect(body.diagnostics[0]).toMatchObject({ severity: 'error', origin: { file: 'policy.yaml' } });
  });

  test('findings come and go with an edit', async () => {
    const text = SHOP['shop.yaml']!.replace('spec: {containers', 'spec: {hostNetwork: true, containers');
    const files = [{ file: 'shop.yaml', text }];
    const body = await told('preview', await asked.viewer('/api/v1/preview', posted({ files })));
    expect(body.findings.come.map(({ where }) => where.name)).toContain('web');
    expect(body.findings.go.map(({ fingerprint }) => fingerprint)).not.toContain(body.findings.come[0]!.fingerprint);
  });

  test('pages: the count, and where the next is', async () => {
    const first = await asked.viewer('/api/v1/endpoints?limit=2');
    expect((await told('endpoints', first.clone())).endpoints).toHaveLength(2);
    const total = Number(first.headers.get('x-total-count'));
    expect(total).toBeGreaterThan(2);
    const ids: string[] = [];
    let next: string | undefined = '/api/v1/endpoints?limit=2';
    while (next !== undefined) {
      const page: Response = await asked.viewer(next);
      ids.push(...(await told('endpoints', page)).endpoints.map(({ id }) => id));
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(new Set(ids).size).toBe(total);
  });

  test('a filter is one language for all lists', async () => {
    const body = await told('map', await asked.viewer('/api/v1/map?fold=never&filter=to:*/db%20verdict:allowed'));
    expect(body.connections.map(({ from }) => from)).toEqual(['shop/Deployment/web']);
    expect(body.unfiltered).toBeGreaterThan(1);
  });

  test('a tile is bytes, cut at the edge', async () => {
    const axis = await told('matrix', await asked.viewer('/api/v1/matrix?level=workload'));
    const response = await asked.viewer('/api/v1/matrix/tile?level=workload&rows=0-512&columns=1-512&port=5432');
    expect([response.headers.get('x-rows'), response.headers.get('x-columns')]).toEqual([
      `${axis.size}`,
      `${axis.size - 1}`,
    ]);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const at = (id: string) => axis.endpoints.find((each) => each.id === id)!.index;
    const cell = (from: string, to: string) => axis.cells[bytes[at(from) * (axis.size - 1) + at(to) - 1]!];
    expect(cell('shop/Deployment/web', 'shop/Deployment/db')).toBe('all');
    expect(cell('shop/Deployment/db', 'shop/Deployment/web')).toBe('all');
    expect(cell('external:1', 'shop/Deployment/db')).toBe('denied');
  });

  test('a drawing of one workload is it and its neighbours', async () => {
    const drawing = await told('drawing', await asked.viewer('/api/v1/map/drawing?focus=shop/Deployment/db'));
    expect(drawing.nodes.map(({ id }) => id)).toContain('shop/Deployment/web');
    expect(drawing.edges.some(({ to, label }) => to === 'shop/Deployment/db' && label.includes('5432'))).toBe(true);
    for (const { spot } of drawing.nodes) {
      expect(spot.x + spot.width).toBeLessThanOrEqual(drawing.width);
      expect(spot.y + spot.height).toBeLessThanOrEqual(drawing.height);
    }
    const none = await asked.viewer('/api/v1/map/drawing?focus=shop/Deployment/nothing');
    expect(none.status).toBe(404);
    expect((await asked.viewer('/api/v1/map/drawing?focus=internet')).status).toBe(400);
  });

  test('the folded matrix has the rows of the folded map, in its order', async () => {
    const axis = await told('matrix', await asked.viewer('/api/v1/matrix'));
    const map = await told('map', await asked.viewer('/api/v1/map?fold=always'));
    expect(axis.endpoints.map(({ index: _, ...entry }) => entry)).toEqual(map.endpoints);
  });

  test('a namespace of one workload does not deny itself: it has nobody else', async () => {
    const own = folderWith({
      'alone.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: one, namespace: alone}
spec:
  selector: {matchLabels: {app: one}}
  template:
    metadata: {labels: {app: one}}
    spec: {containers: [{name: one, image: "example.com/one:1"}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: alone}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
`,
    });
    const live = await environmentOf(planFor(own.path));
    const app = appOver(live);
    const axis = await told('matrix', await app.viewer('/api/v1/matrix'));
    const tile = await app.viewer('/api/v1/matrix/tile?rows=0-9&columns=0-9&filter=namespace:alone');
    expect(axis.cells[new Uint8Array(await tile.arrayBuffer())[0]!]).toBe('itself');
    await live.close();
    own.remove();
  });

  test('a tile of what a filter leaves counts in that', async () => {
    const axis = await told('matrix', await asked.viewer('/api/v1/matrix?level=workload'));
    const filter = encodeURIComponent('from:shop/web to:*/db');
    const response = await asked.viewer(`/api/v1/matrix/tile?level=workload&rows=0-9&columns=0-9&filter=${filter}`);
    expect([response.headers.get('x-rows'), response.headers.get('x-columns')]).toEqual(['1', '1']);
    expect(axis.cells[new Uint8Array(await response.arrayBuffer())[0]!]).toBe('some');
    const folded = await asked.viewer('/api/v1/matrix/tile?rows=0-9&columns=0-9&filter=namespace:shop&port=5433');
    expect(axis.cells[new Uint8Array(await folded.arrayBuffer())[0]!]).toBe('mixed');
    const wrong = await asked.viewer('/api/v1/matrix/tile?rows=0-9&columns=0-9&filter=form:shop');
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('from')]);
  });

  test('the matrix of what changed since a snapshot has its endpoints and its cells', async () => {
    const taken = await told('history', await asked.admin('/api/v1/snapshots', posted({})));
    const { id } = taken.snapshots[0]!;
    const before = await told('matrix', await asked.viewer(`/api/v1/matrix?base=${id}`));
    expect(before.endpoints).toEqual([]);
    folder.write('policy.yaml', SHOP['policy.yaml']!.replace('5432', '5433'));
    await environment.refresh();
    const axis = await told('matrix', await asked.viewer(`/api/v1/matrix?base=${id}`));
    const tile = await asked.viewer(`/api/v1/matrix/tile?base=${id}&rows=0-9&columns=0-9&filter=from:web%20to:db`);
    expect(axis.endpoints.map((each) => [each.id, each.presence])).toContainEqual(['shop/Deployment/db', 'both']);
    expect(axis.cells[new Uint8Array(await tile.arrayBuffer())[0]!]).toBe('both');
    const gone = await asked.viewer('/api/v1/matrix?base=no-such');
    expect(gone.status).toBe(404);
    folder.write('policy.yaml', SHOP['policy.yaml']!);
    await environment.refresh();
  });

  test('the same revision is not sent twice', async () => {
    const first = await asked.viewer('/api/v1/map');
    const tag = first.headers.get('etag')!;
    const again = await asked.viewer('/api/v1/map', { headers: { 'if-none-match': tag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
  });

  test('lines of a file, with the place of the line', async () => {
    const body = await told('source', await asked.viewer('/api/v1/source?file=policy.yaml&line=8&around=1'));
    expect(body.lines.map(({ number }) => number)).toEqual([7, 8]);
    expect(body.lines[1]!.text).toContain('5432');
  });
});
