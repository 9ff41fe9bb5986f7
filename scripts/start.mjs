// `npm start`: makes ready what is needed, then runs the command line with the given arguments.
import { join } from 'node:path';
import { become, prepare, ROOT } from './prepare.mjs';

/** What a newcomer sees first, when no arguments are given: the console, each time at the same address where it is free. */
const MAIN_JOB = ['serve', 'examples/shop', '--port', '8700-8799'];

const node = prepare({ build: true });
const given = process.argv.slice(2);
if (given.length === 0) {
  process.chdir(ROOT);
  process.stderr.write('the console over examples/shop; open this address in a browser:\n');
}
become(node, [join(ROOT, 'dist', 'bin.js'), ...(given.length === 0 ? MAIN_JOB : given)]);
