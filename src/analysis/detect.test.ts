import { describe, expect, test } from 'vitest';
import { clusterOf, policy, workload } from '#engine/ask.test-support.ts';
import { analyseSnapshot } from './analysis.ts';
import { detectProfile } from './detect.ts';

const agent = (name: string, kind = 'DaemonSet') => workload(`kube-system/${name}`, { kind });

function ciliumAgent(image: string): string {
  const template = `{metadata: {labels: {a: b}}, spec: {containers: [{name: cilium-agent, image: "${image}"}]}}`;
  return `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: cilium, namespace: kube-system}, spec: {selector: {matchLabels: {a: b}}, template: ${template}}}`;
}

const CONFIG =
  '{apiVersion: v1, kind: ConfigMap, metadata: {name: cilium-config, namespace: kube-system}, data: {enable-policy: default}}';
const FELIX = '{apiVersion: crd.projectcalico.org/v1, kind: FelixConfiguration, metadata: {name: default}, spec: {}}';
const CILIUM_POLICY =
  '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, spec: {endpointSelector: {}, ingress: [{}]}}';
const CALICO_POLICY =
  '{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: p}, spec: {types: [Ingress]}}';

describe('detectProfile', () => {
  test.each<[why: string, documents: string[], profile: string, says: RegExp, codes: string[]]>([
    ['nothing', [], 'upstream', /no engine is in the input/, []],
    ['Azure NPM', [agent('azure-npm')], 'azure-npm-linux', /DaemonSet kube-system\/azure-npm is/, []],
    [
      'Azure NPM with its Windows half',
      [agent('azure-npm-win'), agent('azure-npm')],
      'azure-npm-linux',
      /azure-npm is/,
      [],
    ],
    ['Azure NPM on Windows alone', [agent('azure-npm-win')], 'azure-npm-windows', /azure-npm-win is/, []],
    ['kube-network-policies', [agent('kube-network-policies')], 'kube-network-policies', /kube-network-policies/, []],
    ['OVN-Kubernetes', [agent('ovnkube-node')], 'ovn-kubernetes', /OVN-Kubernetes/, []],
    ['Calico', [agent('calico-node')], 'calico', /DaemonSet kube-system\/calico-node is Calico/, []],
    ['Calico by its configuration', [FELIX], 'calico', /FelixConfiguration default is Calico/, []],
    ['kube-router', [agent('kube-router')], 'kube-router', /kube-router/, []],
    ['Antrea', [agent('antrea-agent')], 'antrea', /Antrea/, []],
    ['Cilium of no version', [agent('cilium')], 'cilium', /is Cilium$/, []],
    ['Cilium by its image', [ciliumAgent('quay.io/cilium/cilium:v1.17.3@sha256:ab')], 'cilium-1.17', /Cilium 1.17/, []],
    ['Cilium of a line without a profile', [ciliumAgent('quay.io/cilium/cilium:v1.21.0')], 'cilium', /is Cilium$/, []],
    [
      'Cilium as AKS runs it',
      [ciliumAgent('mcr.microsoft.com/oss/cilium/cilium:1.16.6-1')],
      'cilium-aks',
      /Azure CNI powered by Cilium/,
      [],
    ],
    ['Cilium by its configuration', [CONFIG], 'cilium', /ConfigMap kube-system\/cilium-config is Cilium/, []],
    [
      'Cilium by agent and configuration',
      [CONFIG, ciliumAgent('cilium/cilium:v1.18.0')],
      'cilium-1.18',
      /DaemonSet/,
      [],
    ],
    ['policies of Cilium and no agent', [CILIUM_POLICY], 'cilium', /a policy of Cilium's own kinds/, ['RF4001']],
    ['policies of Calico and no agent', [CALICO_POLICY], 'calico', /a policy of Calico's own kinds/, ['RF4001']],
    ['policies of both and no agent', [CALICO_POLICY, CILIUM_POLICY], 'upstream', /several engines/, ['RF4007']],
    ['two agents', [agent('azure-npm'), agent('cilium')], 'upstream', /several engines/, ['RF4007']],
    ['an agent and another’s configuration', [agent('calico-node'), CONFIG], 'upstream', /several engines/, ['RF4007']],
    [
      'the same agent twice',
      [agent('azure-npm'), workload('other/azure-npm', { kind: 'DaemonSet' })],
      'azure-npm-linux',
      /azure-npm/,
      [],
    ],
    ['a Deployment of that name', [agent('azure-npm', 'Deployment')], 'upstream', /no engine/, []],
    ['a name that objects inherit', [agent('constructor')], 'upstream', /no engine/, []],
  ])('%s', (_why, documents, profile, says, codes) => {
    const detected = detectProfile(clusterOf(...documents));
    expect(detected.profile).toBe(profile);
    expect(detected.why).toMatch(says);
    expect(detected.diagnostics.map(({ code }) => code)).toEqual(codes);
  });

  test('the version of a managed Cilium is that of its image', () => {
    const snapshot = clusterOf(ciliumAgent('mcr.microsoft.com/oss/cilium/cilium:1.16.6-1'));
    expect(analyseSnapshot(snapshot).profile.cilium?.minor).toBe(16);
  });
});

describe('policies of an engine that is not there', () => {
  const codesOf = (documents: readonly string[]) =>
    analyseSnapshot(clusterOf(...documents, workload('shop/web')))
      .diagnostics.filter(({ code }) => code === 'RF4008')
      .map(({ message }) => message);

  test.each<[string, string[], RegExp[]]>([
    [
      'Cilium’s under Calico',
      [agent('calico-node'), CILIUM_POLICY],
      [/CiliumNetworkPolicy shop\/p does not count: the profile `calico`/],
    ],
    ['Calico’s under Cilium', [agent('cilium'), CALICO_POLICY], [/GlobalNetworkPolicy p does not count/]],
    ['both under Azure NPM', [agent('azure-npm'), CALICO_POLICY, CILIUM_POLICY], [/Calico/, /Cilium/]],
    ['its own', [agent('cilium'), CILIUM_POLICY], []],
    ['of Kubernetes', [agent('cilium'), policy('shop/x')], []],
  ])('%s', (_, documents, says) => {
    const messages = codesOf(documents);
    expect(messages).toHaveLength(says.length);
    for (const [index, pattern] of says.entries()) expect(messages[index]).toMatch(pattern);
  });
});
