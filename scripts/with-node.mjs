// Runs a TypeScript file of this repository under a Node that can: `node scripts/with-node.mjs FILE ARGS`.
import { join } from 'node:path';
import { become, prepare, ROOT } from './prepare.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: node scripts/with-node.mjs FILE [ARGS]\n');
  process.exit(2);
}
const node = prepare({ build: false });
process.chdir(ROOT);
become(node, [join(ROOT, file), ...args]);
