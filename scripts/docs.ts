// Writes what docs/ has from the code: the pages made from it, the usage of verbs, and what commands print. A test says
// when they are behind.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedPages } from './docs-pages.ts';
import { refreshedPages } from './docs-refresh.ts';

for (const [path, text] of [...(await refreshedPages()), ...generatedPages()]) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
