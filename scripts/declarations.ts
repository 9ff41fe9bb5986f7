import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { run } from './run.ts';

/**
 * Writes the declarations of the library, and makes their imports ones that any TypeScript project can follow:
 * `#room/file.ts` and `./file.ts` become relative `.js` paths, because neither our import map nor our sources ship.
 */
export async function writeDeclarations(source: string, out: string): Promise<void> {
  const { code, output } = await run('node_modules/typescript/bin/tsc', ['--project', 'tsconfig.build.json']);
  if (code !== 0) throw new Error(`declarations for ${source} could not be made\n${output}`);
  for (const entry of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.d.ts')) continue;
    const file = join(out, entry);
    writeFileSync(file, withPlainImports(readFileSync(file, 'utf8'), dirname(entry)));
  }
}

function withPlainImports(text: string, folder: string): string {
  const ours = /(?<=(?:from |import\()['"])([#.][^'"]+)\.ts(?=['"])/g;
  return text.replace(ours, (_, path: string) => {
    return `${path.startsWith('#') ? relativeTo(folder, path.slice(1)) : path}.js`;
  });
}

function relativeTo(folder: string, path: string): string {
  const to = relative(folder, path).split(sep).join('/');
  return to.startsWith('.') ? to : `./${to}`;
}
