import { PROFILES, type Profile } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { trafficPoint } from '#model/traffic.ts';
import type { Connect } from './agent.ts';
import type { Owner } from './cluster.ts';
import type { Observation, Scenario } from './scenario.ts';
import { type End, JUDGES, type Judge, snapshotOfText } from './verdict.ts';

export interface Disagreement {
  readonly observation: Observation;
  /** `engine under upstream` */
  readonly judge: string;
  readonly verdict: string;
}

export interface Comparison {
  readonly compared: number;
  readonly unknown: number;
  readonly disagreements: readonly Disagreement[];
  /** Manifests that were refused: the two sides did not look at the same cluster. */
  readonly refused: readonly string[];
}

/**
 * The readings that the translator takes: no host-network pods, blocks cover nodes, other protocols by the rules
 * without ports, the own node always.
 */
const FOLLOWED = PROFILES['azure-npm-linux'];
/** Under `upstream` what the API leaves open is unknown, and the rest must agree all the same. */
const HELD: readonly Profile[] = [FOLLOWED, PROFILES.upstream];

/** Holds what the kernel did against the verdicts. `unknown` claims nothing, so it cannot disagree; it is counted. */
export function compare(scenario: Scenario, observations: readonly Observation[]): Comparison {
  const snapshot = snapshotOfText(scenario.name, scenario.manifests);
  // Whatever is neither has been reported as such.
  const clear = observations.filter(({ outcome }) => outcome === 'allowed' || outcome === 'denied');
  const disagreements: Disagreement[] = [];
  let unknown = 0;
  for (const [name, judgeOf] of Object.entries(JUDGES)) {
    for (const profile of HELD) {
      const judge = judgeOf(snapshot, profile);
      const isDecided = scenario.isDecided && profile === FOLLOWED;
      for (const observation of clear) {
        const verdict = verdictOn(judge, observation);
        if (verdict === 'unknown') unknown++;
        if (verdict === observation.outcome || (verdict === 'unknown' && !isDecided)) continue;
        disagreements.push({ observation, judge: `${name} under ${profile.id}`, verdict });
      }
    }
  }
  return {
    compared: clear.length * HELD.length * Object.keys(JUDGES).length,
    unknown,
    disagreements,
    refused: refusedIn(snapshot),
  };
}

function refusedIn(snapshot: Snapshot): string[] {
  return snapshot.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
}

function verdictOn(judge: Judge, { attempt }: Observation): string {
  const [source, target] = attempt.connect;
  return judge(endOf(attempt.from, source), endOf(attempt.to, target), trafficOf(attempt.connect));
}

function endOf(owner: Owner, address: string): End {
  if (owner.id === 'outside') return { kind: 'address', address };
  if (owner.id.startsWith('node:')) return { kind: 'node', name: owner.id.slice('node:'.length), address };
  const [namespace, name] = owner.id.split('/');
  return { kind: 'pod', namespace: namespace!, name: name!, address };
}

/** Echo requests are type 8 in ICMP (RFC 792) and type 128 in ICMPv6 (RFC 4443), code 0. */
function trafficOf([, , protocol, port]: Connect): number {
  if (protocol === 'ICMP') return trafficPoint('ICMP', 8 * 256);
  if (protocol === 'ICMPv6') return trafficPoint('ICMPv6', 128 * 256);
  return trafficPoint(protocol, port);
}
