import type { InvariantResult, InvariantState, TestAnswer } from '#model/answers.ts';
import { originText, trafficText } from '../words.ts';
import { xmlText } from '../xml.ts';

/**
 * One test case for each invariant, as CI servers read it. Broken is a failure; unknown and invalid are errors, because
 * what could not be decided must not count as passed.
 */
export function* junitText(answer: TestAnswer): Generator<string> {
  const of = (...states: readonly InvariantState[]) =>
    answer.invariants.filter((invariant) => states.includes(invariant.state)).length;
  const counts = `tests="${answer.invariants.length}" failures="${of('broken')}" errors="${of('unknown', 'invalid')}"`;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="ringfence" ${counts}>\n  <testsuite name="invariants" ${counts} skipped="0">\n`;
  for (const invariant of answer.invariants) yield caseText(invariant);
  yield '  </testsuite>\n</testsuites>\n';
}

function caseText(invariant: InvariantResult): string {
  const { file, line } = invariant.origin;
  const place = file === '' ? '' : ` file="${xmlText(file)}" line="${line}"`;
  const head = `    <testcase name="${xmlText(invariant.name)}" classname="${xmlText(invariant.kind)}"${place}`;
  if (invariant.state === 'holds') return `${head}/>\n`;
  const tag = invariant.state === 'broken' ? 'failure' : 'error';
  const detail = xmlText(invariant.why);
  return `${head}>\n      <${tag} type="${invariant.state}" message="${detail}">${bodyText(invariant)}</${tag}>\n    </testcase>\n`;
}

/** The same again as text: some servers show the attribute, some the body. */
function bodyText(invariant: InvariantResult): string {
  const lines = [xmlText(invariant.why)];
  for (const { from, to, traffic, verdict } of invariant.witnesses) {
    lines.push(`${xmlText(from)} -&gt; ${xmlText(to)} ${xmlText(trafficText(traffic))} ${verdict}`);
  }
  const origin = originText(invariant.origin);
  if (origin !== '') lines.push(`at ${xmlText(origin)}`);
  return lines.join('\n');
}
