import { PROFILE_IDS, PROFILES, type Profile } from '#model/profile.ts';

type Fact = Exclude<keyof Profile, 'id' | 'title' | 'enforces' | 'cilium' | 'lacks'>;

const FACTS: Readonly<Record<Fact, string>> = {
  model: 'how the kinds are put together',
  hostNetworkPods: 'selectors match host-network pods',
  ipBlockCoversNodes: 'an ipBlock covers the addresses of nodes',
  ipBlockCoversPods: 'an ipBlock covers the addresses of pods',
  unlistedRules: 'rules of a direction that `policyTypes` leaves out',
  otherProtocols: 'ICMP and other protocols at an isolated pod',
  podToOwnNode: 'a pod isolated for egress reaches its own node',
  portsWithoutNumber: 'a port of NetworkPolicy without a number (a name, or a protocol alone)',
  forwardedTraffic: 'traffic that a node forwards (`externalTrafficPolicy: Cluster`)',
};

const WORDS: Readonly<Record<Profile[Fact], string>> = {
  kubernetes: 'each API by its own text',
  calico: 'tiers of Calico',
  cilium: 'rules between identities',
  never: 'never',
  'undefined-by-api': 'open',
  yes: 'yes',
  no: 'no',
  ignored: 'no effect',
  enforced: 'enforced, and they isolate',
  'by-rules-without-ports': 'rules without `ports` admit them',
  allowed: 'always',
  policed: 'by policy',
  'as-written': 'as written',
  'not-policed': 'not policed',
  'nothing-or-whole-protocol': 'the whole protocol, or nothing beside a number of it',
};

/** The facts of all profiles as one table. `open` makes the verdicts it touches unknown. */
export function profileTable(): string {
  const ids = PROFILE_IDS.filter((id) => id !== 'none');
  const rows = [
    ['fact', ...ids],
    ['---', ...ids.map(() => '---')],
    ['kinds that have an effect', ...ids.map((id) => PROFILES[id].enforces.join(', '))],
  ];
  for (const [fact, label] of Object.entries(FACTS) as [Fact, string][]) {
    rows.push([label, ...ids.map((id) => WORDS[PROFILES[id][fact]])]);
  }
  rows.push(['not supported, so what it touches is open', ...ids.map((id) => PROFILES[id].lacks.join(', '))]);
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
