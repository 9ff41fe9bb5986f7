// Tests without lint: `npm run vitest -- src/engine`. `--property-runs N` sets how many cases each property tries.
import { closingLine } from './tally.ts';
import { runVitest } from './vitest-run.ts';

const args = process.argv.slice(2);
const at = args.indexOf('--property-runs');
if (at >= 0) process.env['RINGFENCE_PROPERTY_RUNS'] = args.splice(at, 2)[1];
if (!args.some((arg) => arg.startsWith('--project'))) args.unshift('--project=quick');

const tally = await runVitest(args);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
