// Runs a program that ends well or badly as one check, with the closing line that `.ci/run` adds up.
import { runAloud } from './run.ts';
import { closingLine, NONE } from './tally.ts';

const [file, ...args] = process.argv.slice(2);
const code = file === undefined ? 2 : await runAloud(file, args);
console.log(closingLine(code === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 }));
process.exitCode = code;
