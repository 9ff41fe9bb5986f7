import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_POLICY } from './security/headers.ts';

/** The console as it was built, in memory: no path of a request ever reaches the file system. */
export interface StaticFiles {
  readonly answer: (path: string, ifNoneMatch: string | undefined) => Response | undefined;
}

interface StaticFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly tag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
};

/** Reads the folder once. Undefined where it does not hold a console. */
export function staticFilesIn(folder: string | undefined): StaticFiles {
  const files = folder === undefined ? new Map<string, StaticFile>() : filesIn(folder);
  const page = files.get('/index.html') ?? NOT_BUILT;
  return {
    answer: (path, ifNoneMatch) => {
      // Views of the console are addresses without a file.
      const file = files.get(path) ?? (path.includes('.') ? undefined : page);
      return file === undefined ? undefined : responseOf(file, { path, ifNoneMatch });
    },
  };
}

function filesIn(folder: string): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of entriesOf(folder)) {
    // Links could lead out of the folder.
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = `/${path.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, '')}`;
    files.set(name, fileOf(name, new Uint8Array(readFileSync(path))));
  }
  return files;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}

function fileOf(name: string, bytes: Uint8Array<ArrayBuffer>): StaticFile {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 24)}"`;
  return { bytes, type: TYPES[ending] ?? 'application/octet-stream', tag };
}

interface Wanted {
  readonly path: string;
  readonly ifNoneMatch: string | undefined;
}

function responseOf({ bytes, type, tag }: StaticFile, { path, ifNoneMatch }: Wanted): Response {
  // What a build names by its content never changes.
  const isNamed = /^\/assets\/.*-[\w-]{8,}\.\w+$/.test(path);
  const headers = {
    etag: tag,
    'cache-control': isNamed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': PAGE_POLICY,
  };
  if (ifNoneMatch === tag) return new Response(null, { status: 304, headers });
  return new Response(bytes, { headers: { ...headers, 'content-type': type } });
}

const NOT_BUILT = fileOf(
  'index.html',
  new Uint8Array(
    new TextEncoder().encode(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ringfence</title>
<h1>The console is not built</h1>
<p>The API answers at <a href="/api/v1/openapi.json"><code>/api/v1</code></a>.</p>
<p>To build the console, run <code>npm run build</code> in the repository of Ringfence and start the server again.</p>
</html>
`),
  ),
);
