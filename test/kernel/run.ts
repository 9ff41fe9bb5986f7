import { startAgent, stopAgent } from './agent.ts';
import { CASES, type Case } from './cases.ts';
import { type Comparison, compare } from './compare.ts';
import { makeFabric, removeFabric } from './fabric.ts';
import { propertyScenarios } from './property.ts';
import { randomScenarios } from './random.ts';
import { obstacle } from './requirements.ts';
import {
  formatConnect,
  type Observation,
  type Played,
  play,
  type Sabotage,
  type Scenario,
  type Stage,
} from './scenario.ts';
import { OUTSIDE } from './town.ts';

/** How many connects of one scenario are printed in full. */
const MOST_PRINTED = 5;
/** The case that is played again with a ruleset that is wrong on purpose. */
const SELF_CHECKED = 'both ends must agree';

interface Tally {
  passed: number;
  failed: number;
  unknown: number;
  compared: number;
  readonly connects: Map<string, number>;
}

await main();

async function main(): Promise<void> {
  const why = obstacle();
  if (why !== undefined) {
    console.log(`kernel suite skipped: ${why}`);
    console.log('0 passed, 0 failed, 1 skipped');
    return;
  }
  const stage = raiseStage();
  const tally: Tally = { passed: 0, failed: 0, unknown: 0, compared: 0, connects: new Map() };
  try {
    for (const scenario of scenarios()) await runScenario(stage, scenario, tally);
    await checkThatItCanFail(stage, tally);
  } finally {
    clear(stage);
  }
  summarise(tally);
  process.exitCode = tally.failed > 0 ? 1 : 0;
}

function scenarios(): Scenario[] {
  return [...CASES.map(scenarioOf), ...randomScenarios(), ...propertyScenarios()];
}

function scenarioOf(entry: Case): Scenario {
  return { ...entry, outside: OUTSIDE, isDecided: true };
}

function raiseStage(): Stage {
  const stage: Stage = { fabric: makeFabric(), agent: startAgent(), zones: 0 };
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => {
      clear(stage);
      process.exit(code);
    });
  }
  return stage;
}

function clear(stage: Stage): void {
  stopAgent(stage.agent);
  removeFabric(stage.fabric);
}

async function runScenario(stage: Stage, scenario: Scenario, tally: Tally): Promise<void> {
  const played = await play(stage, scenario);
  const comparison = compare(scenario, played.observations);
  count(tally, played.observations, comparison);
  const problems = problemsOf(played, comparison);
  if (problems.length === 0) {
    tally.passed++;
    console.log(`ok      ${scenario.name} (${played.observations.length} connects)`);
    return;
  }
  tally.failed++;
  console.log(`FAILED  ${scenario.name}`);
  for (const problem of problems) console.log(`        ${problem}`);
  console.log(`        outside: ${scenario.outside.join(', ')}\n${scenario.manifests}`);
}

function problemsOf(played: Played, comparison: Comparison): string[] {
  const unclear = played.observations.filter(({ outcome }) => outcome !== 'allowed' && outcome !== 'denied');
  return [
    ...(played.observations.length === 0 ? ['nothing to connect'] : []),
    ...comparison.refused.map((message) => `a manifest was refused: ${message}`),
    ...someOf(played.broken.map((entry) => `no way there even without rules: ${describe(entry)}`)),
    ...someOf(unclear.map((entry) => `neither an answer nor a refusal: ${describe(entry)}`)),
    ...someOf(
      played.unmet.map(
        ({ expected, outcome }) =>
          `expected by hand \`${expected.line}\`: ${formatConnect(expected.connect, expected.from, expected.to)} was ${outcome}`,
      ),
    ),
    ...someOf(
      comparison.disagreements.map(
        ({ observation, judge, verdict }) => `${verdict} says the ${judge}, kernel: ${describe(observation)}`,
      ),
    ),
  ];
}

function someOf(lines: readonly string[]): string[] {
  if (lines.length <= MOST_PRINTED) return [...lines];
  return [...lines.slice(0, MOST_PRINTED), `… and ${lines.length - MOST_PRINTED} more of the same sort`];
}

function describe({ attempt, outcome }: Observation): string {
  return `${formatConnect(attempt.connect, attempt.from, attempt.to)} was ${outcome}`;
}

/** A suite that cannot fail proves nothing: with one line of the ruleset gone it must complain. */
async function checkThatItCanFail(stage: Stage, tally: Tally): Promise<void> {
  const scenario = scenarioOf(CASES.find(({ name }) => name === SELF_CHECKED)!);
  const sabotages: readonly (readonly [name: string, sabotage: Sabotage])[] = [
    ['one admitting rule', (ruleset) => ruleset.replace(/^.* return$/m, '')],
    ['one refusal', (ruleset) => ruleset.replace(/^ *reject .*$/m, '')],
  ];
  for (const [name, sabotage] of sabotages) {
    const played = await play(stage, scenario, sabotage);
    const found = compare(scenario, played.observations).disagreements.length;
    if (found > 0) tally.passed++;
    else tally.failed++;
    console.log(`${found > 0 ? 'ok     ' : 'FAILED '} self-check: without ${name} ${found} disagreements are reported`);
  }
}

function count(tally: Tally, observations: readonly Observation[], comparison: Comparison): void {
  tally.unknown += comparison.unknown;
  tally.compared += comparison.compared;
  for (const { attempt, outcome } of observations) {
    const [source, , protocol] = attempt.connect;
    const key = `${protocol.startsWith('ICMP') ? 'echo' : protocol} over IPv${source.includes(':') ? 6 : 4}, ${outcome}`;
    tally.connects.set(key, (tally.connects.get(key) ?? 0) + 1);
  }
}

function summarise(tally: Tally): void {
  const total = [...tally.connects.values()].reduce((sum, number) => sum + number, 0);
  console.log(`\n${total} connects:`);
  for (const [key, number] of [...tally.connects].sort()) console.log(`  ${key}: ${number}`);
  console.log(`${tally.compared} comparisons with verdicts, of which ${tally.unknown} unknown`);
  console.log(`${tally.passed} passed, ${tally.failed} failed, 0 skipped`);
}
