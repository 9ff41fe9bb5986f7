import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { type AppOptions, newApp } from './app.ts';
import { type Environment, type EnvironmentOptions, openEnvironment } from './environment.ts';
import { memoryHistory } from './history.ts';
import { localLane } from './lane.ts';
import type { Plan } from './plan.ts';
import { allowedOnLoopback } from './security/origins.ts';

export const ORIGIN = 'http://127.0.0.1:8700';
export const TOKENS = {
  viewer: 'viewer-token-of-the-tests-1',
  editor: 'editor-token-of-the-tests-1',
  admin: 'admin-token-of-the-tests-01',
} as const;

export const SHOP: Readonly<Record<string, string>> = {
  'shop.yaml': `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example.com/web:1"}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "example.com/db:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`,
  'policy.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: 5432}]
`,
};

export interface Folder {
  readonly path: string;
  readonly write: (file: string, text: string) => void;
  readonly remove: () => void;
}

export function folderWith(files: Readonly<Record<string, string>>): Folder {
  const path = mkdtempSync(join(tmpdir(), 'ringfence-server-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  return { path, write, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function planFor(folder: string, more: Partial<Plan> = {}): Plan {
  return {
    folder,
    paths: ['.'],
    kustomize: 'never',
    exclude: { folder, patterns: [] },
    azure: [],
    azureCloud: 'public',
    podRanges: [],
    staged: false,
    controls: NO_CONTROL_SETTINGS,
    invariants: [],
    version: '0.0.0',
    engine: 'calico',
    ...more,
  };
}

/** An environment that was read once, in this thread, and is not watched. */
export async function environmentOf(plan: Plan, more: Partial<EnvironmentOptions> = {}): Promise<Environment> {
  const environment = openEnvironment(plan, { openLane: localLane, watch: 'never', ...more });
  await environment.refresh();
  return environment;
}

export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** An application, and how to ask it as somebody with a token. */
export function appOver(environment: Environment, more: Partial<AppOptions> = {}) {
  const app = newApp({
    environment,
    history: memoryHistory(),
    version: '0.0.0',
    tokens: [
      { name: 'Vera', role: 'viewer', token: TOKENS.viewer },
      { name: 'Edi', role: 'editor', token: TOKENS.editor },
      { name: 'Ada', role: 'admin', token: TOKENS.admin },
    ],
    allowed: () => allowedOnLoopback(8700, false),
    secure: false,
    ...more,
  });
  const bare: Ask = async (path, init) => app.request(`${ORIGIN}${path}`, init);
  const asRole =
    (role: keyof typeof TOKENS): Ask =>
    (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${TOKENS[role]}`);
      return bare(path, { ...init, headers });
    };
  return { app, bare, viewer: asRole('viewer'), editor: asRole('editor'), admin: asRole('admin') };
}

export function posted(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
