import { describe, expect, test } from 'vitest';
import { analyseSnapshot } from '#analysis/analysis.ts';
import { testOf } from '#analysis/invariants/test.ts';
import { parseCidr } from '#base/address.ts';
import { readInvariants } from '#parse/invariants.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import type { SourceText } from '#parse/text/node.ts';
import { EXAMPLE } from '../choices/example.ts';
import { readChoices } from '../choices/read-choices.ts';
import { clusterFiles } from '../cluster/cluster-files.ts';
import { designOf } from '../plan/design.ts';
import { invariantsText } from './invariants.ts';
import { standIns } from './stand-ins.ts';

/** A document of the cluster, and what it is: `NetworkPolicy shop/dns`. */
interface Manifest {
  readonly title: string;
  readonly text: string;
}

function environment(changes: Readonly<Record<string, string>>) {
  const text = Object.entries(changes).reduce((before, [from, to]) => before.replace(from, to), EXAMPLE);
  const { choices, diagnostics } = readChoices({ file: 'blueprint.yaml', text });
  expect(diagnostics).toEqual([]);
  const design = designOf(choices!);
  const manifests = [...clusterFiles(design)]
    .filter(([file]) => file.endsWith('.yaml') && !file.endsWith('kustomization.yaml'))
    .flatMap(([, whole]) => whole.split('---\n').map(manifestOf));
  return { design, manifests };
}

function manifestOf(text: string): Manifest {
  const field = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  const [kind, name, namespace] = [/^kind: (.*)$/m, /^ {2}name: (.*)$/m, /^ {2}namespace: (.*)$/m].map(field);
  return { title: `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`, text };
}

type Environment = ReturnType<typeof environment>;

/** As `ringfence test` holds them, by what is in the cluster alone. */
function held({ design, manifests }: Environment) {
  const { engine, addresses } = design.choices;
  const sources: SourceText[] = [
    { file: 'cluster.yaml', text: manifests.map(({ text }) => text).join('---\n') },
    { file: 'proof.yaml', text: standIns(design) },
  ];
  const snapshot = snapshotOf(sources);
  const analysis = analyseSnapshot(snapshot, {
    engine: engine === 'cilium' ? 'cilium-aks' : 'calico',
    podRanges: [parseCidr(addresses.pods)!.cidr],
  });
  const read = readInvariants([{ file: 'invariants.yaml', text: invariantsText(design) }]);
  const answer = testOf(analysis, read.invariants);
  return { answer, diagnostics: [...read.diagnostics, ...answer.diagnostics] };
}

const CALICO = { 'engine: cilium': 'engine: calico' } as const;
const meshed = (mesh: string) => ({ 'mesh: cilium': `mesh: ${mesh}` });
const behind = (waf: string) => ({ 'waf: application-gateway': `waf: ${waf}` });
const entered = (wayIn: string) => ({ 'wayIn: public': `wayIn: ${wayIn}` });
const SERVER = { 'engine:': 'apiServer: vnet-integration\nengine:' };
const API_GATEWAY = { 'topology:': 'apiGateway: true\ntopology:' };
const ARC = {
  'topology:':
    'platform: arc\nonPremises: {link: expressroute, ranges: [192.168.0.0/16]}\nlogs: {retentionDays: 365}\ntopology:',
  ...entered('internal'),
};

const TABLE: readonly (readonly [name: string, changes: Readonly<Record<string, string>>])[] = [
  ['the example', {}],
  ['Cilium, Application Gateway for Containers', behind('containers')],
  ['Cilium, no encryption, Front Door, API gateway', { ...meshed('none'), ...behind('front-door'), ...API_GATEWAY }],
  ['Cilium, Istio, internal', { ...meshed('istio'), ...entered('internal') }],
  ['Cilium, Linkerd, no way in', { ...meshed('linkerd'), ...entered('none') }],
  ['Calico, nothing encrypted, for Containers', { ...CALICO, ...meshed('none'), ...behind('containers') }],
  ['Calico, Istio, API server in the network', { ...CALICO, ...meshed('istio'), ...SERVER }],
  ['Calico, Linkerd, Front Door', { ...CALICO, ...meshed('linkerd'), ...behind('front-door') }],
  ['Arc, Calico, Linkerd', { ...CALICO, ...meshed('linkerd'), ...ARC }],
];

describe('what was chosen holds, and nothing else', () => {
  test.each(TABLE)('%s', (_, changes) => {
    const { answer, diagnostics } = held(environment(changes));
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(
      answer.invariants.filter(({ state }) => state !== 'holds').map(({ name, why }) => `${name}: ${why}`),
    ).toEqual([]);
  });
});

const POLICIES =
  /^(?:NetworkPolicy|CiliumNetworkPolicy|CiliumClusterwideNetworkPolicy|GlobalNetworkPolicy|AuthorizationPolicy|PeerAuthentication|Server) /;
/** Rules of the first layer stand behind those of the second: alone neither shows when it is taken away. */
const BEHIND = /(?:\/default-deny| (?:default\.)?baseline)$/;
/** Calico allows a port of the internet, where no name can be asked for: what passes is for the firewall to say. */
const WITHOUT_NAMES = /^NetworkPolicy .*\/outside$/;

describe('what protects is needed', () => {
  test.each(TABLE.filter(([, changes]) => !('platform' in changes)))('%s: each policy that allows', (_, changes) => {
    const whole = environment(changes);
    const allowing = whole.manifests.filter(({ title }) => /^(?:Cilium)?NetworkPolicy /.test(title));
    for (const { title } of allowing.filter((each) => !BEHIND.test(each.title) && !WITHOUT_NAMES.test(each.title))) {
      const { answer } = held({ ...whole, manifests: whole.manifests.filter((each) => each.title !== title) });
      const broken = answer.invariants.filter(({ state }) => state === 'broken');
      expect(broken.length, `without ${title}`).toBeGreaterThan(0);
    }
  });

  test.each(TABLE)('%s: without any policy each invariant that forbids breaks', (_, changes) => {
    const whole = environment(changes);
    const { answer } = held({ ...whole, manifests: whole.manifests.filter(({ title }) => !POLICIES.test(title)) });
    const forbidding = answer.invariants.filter(({ kind }) => kind !== 'always');
    expect(forbidding.filter(({ state }) => state !== 'broken').map(({ name }) => name)).toEqual([]);
  });
});
