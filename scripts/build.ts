// Builds dist/: the command line and the library as bundles, the console, and the library's declarations. `--no-types` leaves the
// declarations out: they take longest, and only a published package needs them.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { build as buildConsole, type Rolldown } from 'vite';
import { writeDeclarations } from './declarations.ts';

const OUT = 'dist';
/**
 * Stay imports of the installed package: elkjs is large, loaded only for drawings, and under another licence (EPL-2.0);
 * @azure/identity and pg have parts in CommonJS that ask for modules of Node when they run, which a bundle of this format
 * cannot; PGlite reads files that lie beside its own.
 */
const EXTERNAL = ['elkjs', '@azure/identity', '@electric-sql/pglite', 'pg'];

const result = await build({
  // The worker is a thread's first file: named by its address, not imported.
  entryPoints: {
    bin: 'src/cli/bin.ts',
    index: 'src/index.ts',
    'pglite-worker': 'src/store/pglite-worker.ts',
    'server-worker': 'src/server/worker/worker.ts',
  },
  outdir: OUT,
  bundle: true,
  // A verb's code becomes a file of its own, read when the verb is asked for.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  // Nothing is lowered further. On Node 20 js-yaml ran three times faster with its object spread lowered; on Node 24
  // it runs a third slower so (2 MB of Pods: 57 ms as published, 79 ms lowered).
  target: 'node24',
  external: EXTERNAL,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
dropStaleChunks(result.metafile);
const inputs = [...Object.keys(result.metafile.inputs), ...(await consoleModules())];
writeFileSync(join(OUT, 'THIRD-PARTY.txt'), thirdPartyNotices(inputs));
if (!process.argv.includes('--no-types')) await writeDeclarations('src', join(OUT, 'types'));

/** After the build and not before it, so that a build that fails leaves what was there. */
function dropStaleChunks(metafile: Metafile): void {
  const folder = join(OUT, 'chunks');
  for (const name of readdirSync(folder)) {
    if (!(`${OUT}/chunks/${name}` in metafile.outputs)) rmSync(join(folder, name));
  }
}

/** Builds the console into dist/web, and says of which files. */
async function consoleModules(): Promise<string[]> {
  const built = (await buildConsole({ configFile: 'web/vite.config.ts' })) as Rolldown.RolldownOutput;
  return built.output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
}

/** The licence texts of every package whose code is in the bundles, as their licences ask. */
function thirdPartyNotices(inputs: readonly string[]): string {
  const packages = new Set<string>();
  for (const input of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name !== undefined) packages.add(name);
  }
  return [...packages].sort().map(noticeOf).join('\n');
}

function noticeOf(name: string): string {
  const folder = join('node_modules', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license: string;
  };
  const text = readFileSync(licenceFile(folder, manifest.license), 'utf8').trim();
  return `${'-'.repeat(80)}\n${name} ${manifest.version} (${manifest.license})\n\n${text}\n`;
}

/** A package may name its licence and not bring the text; that of Apache-2.0 is our own too. */
function licenceFile(folder: string, license: string): string {
  const own = readdirSync(folder).find((name) => /^licen[cs]e(?:[-.].*)?$/i.test(name));
  if (own !== undefined) return join(folder, own);
  if (license === 'Apache-2.0') return 'LICENSE';
  throw new Error(`${folder} brings no text of its licence (${license})`);
}
