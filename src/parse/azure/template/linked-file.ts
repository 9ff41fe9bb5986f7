/**
 * The file of the input that the address of a linked template means: a path relative to the linking file, or the end of
 * a URL. Undefined where there is none, or where several files could be meant alike.
 */
export function fileOf(address: string, from: string, files: Iterable<string>): string | undefined {
  const path = address.replace(/[?#].*$/s, '');
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
  const known = new Set(files);
  const beside = normalized(`${folderOf(from)}${path.replace(/^\//, '')}`);
  if (!isUrl && known.has(beside)) return beside;
  const wanted = normalized(isUrl ? path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '') : path).split('/');
  let best: string[] = [];
  let score = 0;
  for (const file of known) {
    const shared = sharedEnd(file.split('/'), wanted);
    if (shared === 0 || shared < score) continue;
    best = shared > score ? [file] : [...best, file];
    score = shared;
  }
  return best.length === 1 ? best[0] : undefined;
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

function sharedEnd(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[a.length - 1 - shared] === b[b.length - 1 - shared]) shared++;
  return shared;
}

function normalized(path: string): string {
  const out: string[] = [];
  for (const piece of path.split('/')) {
    if (piece === '.' || (piece === '' && out.length > 0)) continue;
    if (piece === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else out.push(piece);
  }
  return out.join('/').replace(/^\/(?=.)/, (slash) => (path.startsWith('/') ? slash : ''));
}
