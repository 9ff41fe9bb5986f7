// `npm run lint`: everything that can be said about the code without running it.
import { lint } from './lint-checks.ts';
import { closingLine } from './tally.ts';

const tally = await lint();
console.log(closingLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
