// `npm start`: makes ready what is needed, then runs the command line with the given arguments.
import { join } from 'node:path';
import { become, prepare, ROOT } from './prepare.mjs';

/** What a newcomer sees first, when no arguments are given. */
const MAIN_JOB = ['map', 'examples/shop'];

const node = prepare({ build: true });
const given = process.argv.slice(2);
if (given.length === 0) process.chdir(ROOT);
become(node, [join(ROOT, 'dist', 'bin.js'), ...(given.length === 0 ? MAIN_JOB : given)]);
