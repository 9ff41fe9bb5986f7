import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { snapshotOf } from '#parse/snapshot.ts';
import { readPaths } from '#source/read-paths.ts';

/** More files than these, and a key press would have to wait. */
const MOST_FILES = 200;
const MOST_BYTES = 512 * 1024;
const FIXED = ['internet', 'apiserver', 'ns:', 'svc:', 'pod:', 'node:', 'dns:'];

/** Names for completion: the workloads, namespaces and Services of a small folder; of a large one only the fixed names. */
export async function endpointNames(folder: string, partial: string): Promise<readonly string[]> {
  const names = [...FIXED];
  if (await isSmall(folder)) {
    const { files } = await readPaths(['.'], {
      cwd: folder,
      kustomize: 'never',
      maxFileSize: MOST_BYTES,
      searchPath: '',
    });
    const snapshot = snapshotOf(files);
    for (const { namespace, name } of [...snapshot.workloads, ...snapshot.pods]) names.push(`${namespace}/${name}`);
    for (const { name } of snapshot.namespaces) names.push(`ns:${name}`);
    for (const { namespace, name } of snapshot.services) names.push(`svc:${namespace}/${name}`);
  }
  return [...new Set(names)].filter((name) => name.startsWith(partial)).sort();
}

async function isSmall(folder: string): Promise<boolean> {
  let left = MOST_FILES;
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined && left > 0; at = waiting.pop()) {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      left--;
      if (entry.isDirectory()) waiting.push(join(at, entry.name));
    }
  }
  return left > 0;
}
