import { loadAll } from 'js-yaml';
import { type Agent, type Connect, listen, probe } from './agent.ts';
import { clusterOf, type Manifest, type Owner, ownersOf } from './cluster.ts';
import { type Expected, expectedOf } from './expectation.ts';
import { connect, type Fabric, loadRules } from './fabric.ts';
import { type Attempt, attemptsOf, portsOf } from './probes.ts';
import { emptyRuleset, rulesetOf } from './translate.ts';

/** One cluster to build and try: hand-written or random. */
export interface Scenario {
  readonly name: string;
  /** YAML documents: what the translator and the code under test both read, each in its own way. */
  readonly manifests: string;
  readonly outside: readonly string[];
  readonly expect: readonly string[];
  readonly mostPorts?: number;
  /** Nothing in it is left open: `unknown` under the profile that the translator follows is a failure. */
  readonly isDecided: boolean;
}

export interface Observation {
  readonly attempt: Attempt;
  /** `allowed`, `denied`, or what else happened. */
  readonly outcome: string;
}

export interface Played {
  readonly observations: readonly Observation[];
  /** Connects that were not answered while there were no rules: the network itself is at fault. */
  readonly broken: readonly Observation[];
  /** Expectations written by hand that the kernel did not meet: the translator is at fault. */
  readonly unmet: readonly { readonly expected: Expected; readonly outcome: string }[];
}

/** The network and the prober, and the number of rulesets loaded so far: each has a conntrack zone of its own. */
export interface Stage {
  readonly fabric: Fabric;
  readonly agent: Agent;
  zones: number;
}

/** Changes the finished ruleset: how the suite checks that it would notice a wrong one. */
export type Sabotage = (ruleset: string) => string;

export async function play(stage: Stage, scenario: Scenario, sabotage?: Sabotage): Promise<Played> {
  // A cast at the border: every manifest of this suite was written for it.
  const cluster = clusterOf(loadAll(scenario.manifests) as Manifest[], scenario.outside);
  const owners = ownersOf(cluster);
  const expected = scenario.expect.flatMap((line) => expectedOf(line, owners));
  const ports = portsOf(cluster, scenario.mostPorts);
  await raise(stage, owners, [...ports, ...expected.map(({ connect: [, , , port] }) => port)]);
  const attempts = attemptsOf(owners, cluster.pods.length, ports);
  const broken = await findBroken(stage, attempts, ports);
  const ruleset = rulesetOf(cluster, { zone: nextZone(stage) });
  loadRules(stage.fabric, sabotage === undefined ? ruleset : sabotage(ruleset));
  const outcomes = await probe(
    stage.agent,
    [...attempts, ...expected].map(({ connect: tried }) => tried),
  );
  return {
    observations: attempts.map((attempt, index) => ({ attempt, outcome: outcomes[index]! })),
    broken,
    unmet: expected
      .map((entry, index) => ({ expected: entry, outcome: outcomes[attempts.length + index]! }))
      .filter(({ expected: entry, outcome }) => outcome !== (entry.isAllowed ? 'allowed' : 'denied')),
  };
}

export function formatConnect(connect: Connect, from: Owner, to: Owner): string {
  const [source, target, protocol, port] = connect;
  return `${from.id} (${source}) > ${to.id} (${target}) ${protocol}${port === 0 ? ' echo' : `/${port}`}`;
}

/** Builds the network and listens on every port of every address, so that a closed port is never taken for a denial. */
async function raise(stage: Stage, owners: readonly Owner[], wanted: readonly number[]): Promise<void> {
  connect(stage.fabric, owners);
  const ports = [...new Set(wanted)].filter((port) => port !== 0);
  const places = owners.flatMap((owner, index) =>
    owner.addresses.map((address) => ({ netns: stage.fabric.spokes[index]!, address })),
  );
  await listen(stage.agent, { places, ports: { TCP: ports, UDP: ports, SCTP: ports } });
}

/** Without rules every pair must reach each other over every protocol. */
async function findBroken(
  stage: Stage,
  attempts: readonly Attempt[],
  ports: readonly number[],
): Promise<Observation[]> {
  loadRules(stage.fabric, emptyRuleset(nextZone(stage)));
  const sample = attempts.filter(({ connect: [, , , port] }) => port === 0 || port === ports[0]);
  const outcomes = await probe(
    stage.agent,
    sample.map(({ connect: tried }) => tried),
  );
  return sample
    .map((attempt, index) => ({ attempt, outcome: outcomes[index]! }))
    .filter(({ outcome }) => outcome !== 'allowed');
}

function nextZone(stage: Stage): number {
  stage.zones++;
  return stage.zones;
}
