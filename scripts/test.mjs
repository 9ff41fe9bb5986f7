// `npm test`: makes ready what is needed, then lints and runs the tests. Arguments go to vitest.
import { join } from 'node:path';
import { become, prepare, ROOT } from './prepare.mjs';

process.chdir(ROOT);
become(prepare({ build: true }), [join('scripts', 'test.ts'), ...process.argv.slice(2)]);
