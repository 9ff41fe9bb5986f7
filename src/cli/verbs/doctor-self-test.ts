import { parseAddress } from '#base/address.ts';
import { atomAt } from '#engine/atoms.ts';
import { buildEngine, type Engine } from '#engine/engine.ts';
import { verdictBetween } from '#engine/reach.ts';
import { externalPoint } from '#engine/world.ts';
import type { DoctorAnswer } from '#model/answers.ts';
import { PROFILE_IDS, PROFILES, type ProfileId } from '#model/profile.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { trafficPoint } from '#model/traffic.ts';
import { type AddressParty, oracleOf, type Party, type PodParty } from '#oracle/connection.ts';
import { snapshotOf } from '#parse/snapshot.ts';

type Check = DoctorAnswer['checks'][number];

/** Questions for each engine profile. */
const QUESTIONS = 120;

/** Asks the engine and the oracle the same random questions about a small cluster that is built in. */
export function selfTest(seed: number): Check {
  const snapshot = snapshotOf([{ file: 'self-test.yaml', text: CLUSTER }]);
  const draw = numbersFrom(seed);
  let asked = 0;
  for (const profile of PROFILE_IDS) {
    const found = compare(snapshot, profile, draw);
    if (found !== undefined) return { name: 'self-test', state: 'failed', detail: `${found}; seed ${seed}` };
    asked += QUESTIONS;
  }
  return { name: 'self-test', state: 'ok', detail: `engine and oracle agree on ${asked} verdicts (seed ${seed})` };
}

type Draw = <T>(list: readonly T[]) => T;

/** Answers the first question on which the two differ. */
function compare(snapshot: Snapshot, id: ProfileId, draw: Draw): string | undefined {
  const profile = PROFILES[id];
  const engine = buildEngine(snapshot, { profile });
  const oracle = oracleOf({ snapshot, profile });
  const pods = podsOf(snapshot);
  const parties: readonly Party[] = [...pods, ...ADDRESSES];
  for (let i = 0; i < QUESTIONS; i++) {
    const pod = draw(pods);
    const other = draw(parties.filter((party) => party !== pod));
    const [from, to] = draw([
      [pod, other],
      [other, pod],
    ] as const);
    const traffic = draw(TRAFFIC);
    const told = verdictBetween(engine.reach, pointOf(engine, from), pointOf(engine, to), traffic);
    const truth = oracle({ from, to, traffic });
    if (truth.complete && told !== truth.verdict) {
      return `${id}: ${nameOf(from)} to ${nameOf(to)}, traffic ${traffic}: engine ${told}, oracle ${truth.verdict}`;
    }
  }
  return undefined;
}

function podsOf(snapshot: Snapshot): PodParty[] {
  return snapshot.pods.flatMap(({ namespace, shape, addresses }): PodParty[] => {
    const address = parseAddress(addresses[0] ?? '');
    return address === undefined ? [] : [{ kind: 'pod', namespace, shape, address, family: address.family }];
  });
}

function pointOf({ world }: Engine, party: Party): number {
  if (party.kind === 'address') return externalPoint(world, party.address);
  const { address } = party;
  const atom = address && atomAt(world.atoms[address.family], address.value);
  return world.points.findIndex((point) => {
    const holds = point.units.some((unit) => party.kind === 'pod' && world.units[unit]!.shape === party.shape);
    return holds && (point.atom === undefined || point.atom === atom);
  });
}

function nameOf(party: Party): string {
  if (party.kind === 'address') return `address ${party.address.value}`;
  return party.kind === 'node' ? party.name : `${party.namespace}/${party.shape.labels.get('app') ?? ''}`;
}

/** Numerical Recipes' linear congruential generator: good enough to choose, and the seed tells it all. */
function numbersFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (list) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)]!;
  };
}

const ADDRESSES: readonly AddressParty[] = ['10.0.0.1', '198.51.100.7', '203.0.113.9'].flatMap(
  (text): AddressParty[] => {
    const address = parseAddress(text);
    return address === undefined ? [] : [{ kind: 'address', address }];
  },
);

const TRAFFIC = [80, 443, 5432, 8080, 8081]
  .map((port) => trafficPoint('TCP', port))
  .concat(trafficPoint('UDP', 53), trafficPoint('UDP', 443), trafficPoint('ICMP', 8 * 256), trafficPoint('47'));

function pod(namespace: string, app: string, address: string): string {
  const ports = 'ports: [{name: http, containerPort: 8080}]';
  return `apiVersion: v1
kind: Pod
metadata: {namespace: ${namespace}, name: ${app}, labels: {app: ${app}}}
spec: {containers: [{name: main, image: none, ${ports}}]}
status: {phase: Running, podIPs: [{ip: ${address}}]}
---
`;
}

function policy(namespace: string, name: string, spec: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: ${namespace}, name: ${name}}
spec: ${spec}
---
`;
}

/** Every kind of peer and port, isolation in both directions, and both cluster-wide tiers. */
const CLUSTER = `apiVersion: v1
kind: Namespace
metadata: {name: front, labels: {team: a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: back, labels: {team: b}}
---
${pod('front', 'web', '10.1.0.1')}${pod('front', 'admin', '10.1.0.2')}${pod('back', 'api', '10.1.0.3')}${pod('back', 'db', '10.1.0.4')}\
${policy('back', 'deny', '{podSelector: {}, policyTypes: [Ingress]}')}\
${policy('back', 'api', '{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}], ports: [{port: http}]}]}')}\
${policy('back', 'db', '{podSelector: {matchExpressions: [{key: app, operator: In, values: [db]}]}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}]}]}')}\
${policy('front', 'out', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24, except: [198.51.100.8/29]}}], ports: [{port: 443, endPort: 500}]}, {ports: [{protocol: UDP, port: 53}]}, {to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}]}')}\
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: admin}
spec:
  priority: 10
  subject: {namespaces: {matchLabels: {team: b}}}
  ingress:
    - {action: Pass, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}]}
    - {action: Deny, from: [{namespaces: {matchLabels: {team: a}}}], ports: [{portNumber: {protocol: TCP, port: 8080}}]}
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: default}
spec:
  subject: {namespaces: {}}
  egress:
    - {action: Deny, to: [{networks: [203.0.113.0/24]}]}
`;
