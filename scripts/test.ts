// What `npm test` runs once everything is ready: lint, then every test but the heavy suites. Arguments go to vitest.
import { lint } from './lint-checks.ts';
import { closingLine, sum } from './tally.ts';
import { runVitest } from './vitest-run.ts';

const linted = await lint();
const tested = await runVitest(['--project=quick', ...process.argv.slice(2)]);
const tally = sum(linted, tested);
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
