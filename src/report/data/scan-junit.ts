import type { ControlEntry, Finding, OpenEntry, ScanAnswer } from '#model/scan.ts';
import { evidenceText, radiusText } from '../text/scan-words.ts';
import { originText } from '../words.ts';
import { xmlText } from '../xml.ts';

/**
 * One suite for each control, one case for each of its places. What fails is a failure; what warns, what is accepted, open
 * or to answer is skipped, with why; a mistake of ours is an error. Places that pass are one case.
 */
export function* scanJunit(answer: ScanAnswer): Generator<string> {
  const suites = answer.controls.map((control) => suiteOf(answer, control));
  const sum = (key: 'failures' | 'errors' | 'skipped') => suites.reduce((total, suite) => total + suite[key], 0);
  const tests = suites.reduce((total, { cases }) => total + cases.length, 0);
  const counts = `tests="${tests}" failures="${sum('failures')}" errors="${sum('errors')}" skipped="${sum('skipped')}"`;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="ringfence scan" ${counts}>\n`;
  for (const suite of suites) yield* suiteText(suite, answer.taken);
  yield '</testsuites>\n';
}

interface Suite {
  readonly control: ControlEntry;
  readonly cases: readonly Case[];
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface Case {
  readonly name: string;
  readonly tag?: 'failure' | 'error' | 'skipped';
  readonly type?: string;
  readonly message?: string;
  readonly body?: string;
}

function suiteOf(answer: ScanAnswer, control: ControlEntry): Suite {
  const cases = casesOf(answer, control);
  const of = (tag: Case['tag']) => cases.filter((each) => each.tag === tag).length;
  return { control, cases, failures: of('failure'), errors: of('error'), skipped: of('skipped') };
}

function casesOf({ findings, open, internalErrors }: ScanAnswer, control: ControlEntry): readonly Case[] {
  const { id, state, why, counts } = control;
  const broken = internalErrors.find((each) => each.control === id);
  if (broken !== undefined) return [{ name: 'control', tag: 'error', type: 'internal', message: broken.message }];
  const passed = counts.PASS ?? 0;
  const cases: Case[] = [
    ...findings.filter((each) => each.control === id).map(findingCase),
    ...open.filter((each) => each.control === id).map(openCase),
    ...(passed > 0 ? [{ name: `${passed} that pass` }] : []),
  ];
  if (cases.length > 0) return cases;
  const isMet = state === 'PASS' || state === 'PASS-PLATFORM';
  return [isMet ? { name: 'control' } : { name: 'control', tag: 'skipped', message: `${state}: ${why}` }];
}

function findingCase(finding: Finding): Case {
  const { where, state, severity, message, suppressed, isNew } = finding;
  const name =
    where.namespace === '' ? `${where.kind} ${where.name}` : `${where.kind} ${where.namespace}/${where.name}`;
  if (suppressed !== null)
    return { name, tag: 'skipped', message: `accepted by ${suppressed.owner}: ${suppressed.reason}` };
  if (isNew === false) return { name, tag: 'skipped', message: `in the baseline: ${message}` };
  if (state === 'WARN') return { name, tag: 'skipped', message: `warning: ${message}` };
  return { name, tag: 'failure', type: severity.toUpperCase(), message, body: bodyOf(finding) };
}

function bodyOf({ evidence, blastRadius, fix, where }: Finding): string {
  const lines = evidence.map((each) => `${evidenceText(each)} ${originText(each.origin)}`.trimEnd());
  const radius = radiusText(blastRadius);
  if (radius !== '') lines.push(`blast radius: ${radius}`);
  if (fix !== undefined && fix.summary !== '') lines.push(`to close it: ${fix.summary}`);
  lines.push(`at ${originText(where.origin) || where.id}`);
  return lines.join('\n');
}

function openCase({ where, state, message }: OpenEntry): Case {
  return { name: `${where.kind} ${where.name}`, tag: 'skipped', message: `${state}: ${message}` };
}

function* suiteText({ control, cases, failures, errors, skipped }: Suite, taken: string): Generator<string> {
  const { id, title, frameworks, severity } = control;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
  yield `  <testsuite name="${xmlText(`${id} ${title}`)}" ${counts} timestamp="${xmlText(taken)}">\n    <properties>\n`;
  yield propertyText('severity', severity);
  for (const { framework, id: entry } of frameworks) yield propertyText(framework, entry);
  yield '    </properties>\n';
  for (const each of cases) yield caseText(id, each);
  yield '  </testsuite>\n';
}

function propertyText(name: string, value: string): string {
  return `      <property name="${xmlText(name)}" value="${xmlText(value)}"/>\n`;
}

function caseText(id: string, { name, tag, type, message = '', body = '' }: Case): string {
  const head = `    <testcase classname="${xmlText(id)}" name="${xmlText(name)}"`;
  if (tag === undefined) return `${head}/>\n`;
  const kind = type === undefined ? '' : ` type="${xmlText(type)}"`;
  const text = body.split('\n').map(xmlText).join('\n');
  const inner = `<${tag}${kind} message="${xmlText(message)}"${text === '' ? '/>' : `>${text}</${tag}>`}`;
  return `${head}>\n      ${inner}\n    </testcase>\n`;
}
