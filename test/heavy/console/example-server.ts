import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { openEnvironment } from '#server/environment.ts';
import { memoryHistory } from '#server/history.ts';
import { workerLane } from '#server/lane.ts';
import { type ListenOptions, listen } from '#server/listen.ts';
import { staticFilesIn } from '#server/static-files.ts';

/** The server as it is, with the console that was built, over a copy of a folder that may be edited. */
export interface ExampleServer {
  readonly url: string;
  /** The address that signs in. */
  readonly entrance: string;
  readonly edit: (file: string, change: (text: string) => string) => void;
  readonly close: () => Promise<void>;
}

export const TOKEN = 'token-of-the-console-tests';

export interface Serving {
  readonly input?: string | undefined;
  /** Folders of what is served, as `shop/terraform`. */
  readonly azure?: readonly string[];
  readonly more?: Partial<ListenOptions> | undefined;
}

/** @param files Of the console, as it was built. */
export async function serveExample(
  files: string,
  { input = 'examples/shop', azure = [], more = {} }: Serving = {},
): Promise<ExampleServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ringfence-console-'));
  cpSync(input, join(folder, 'shop'), { recursive: true });
  const environment = openEnvironment(
    {
      folder,
      paths: ['shop'],
      kustomize: 'never',
      exclude: { folder, patterns: [] },
      azure,
      azureCloud: 'public',
      podRanges: [],
      staged: false,
      controls: NO_CONTROL_SETTINGS,
      invariants: [],
      version: '0.0.0',
    },
    { openLane: workerLane },
  );
  const server = await listen({
    environment,
    history: memoryHistory(),
    version: '0.0.0',
    tokens: [{ name: 'Ada', role: 'admin', token: TOKEN }],
    staticFiles: staticFilesIn(files),
    host: '127.0.0.1',
    port: 0,
    urls: [],
    ...more,
  });
  return {
    url: server.url,
    entrance: `${server.url}/?token=${TOKEN}`,
    edit: (file, change) => {
      const path = join(folder, 'shop', file);
      writeFileSync(path, change(readFileSync(path, 'utf8')));
    },
    close: async () => {
      await server.close();
      await environment.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
