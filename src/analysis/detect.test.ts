import { describe, expect, test } from 'vitest';
import { clusterOf, workload } from '#engine/ask.test-support.ts';
import { detectProfile } from './detect.ts';

const agent = (name: string, kind = 'DaemonSet') => workload(`kube-system/${name}`, { kind });

describe('detectProfile', () => {
  test.each<[why: string, documents: string[], profile: string, says: RegExp, codes: string[]]>([
    ['nothing', [], 'upstream', /no engine is in the input/, []],
    ['Azure NPM', [agent('azure-npm-linux')], 'azure-npm-linux', /DaemonSet kube-system\/azure-npm/, []],
    ['kube-network-policies', [agent('kube-network-policies')], 'kube-network-policies', /kube-network-policies/, []],
    ['OVN-Kubernetes', [agent('ovnkube-node')], 'ovn-kubernetes', /OVN-Kubernetes/, []],
    [
      'an agent without a profile',
      [agent('calico-node')],
      'upstream',
      /Calico, for which there is no profile/,
      ['RF4001'],
    ],
    ['two agents', [agent('azure-npm-linux'), agent('cilium')], 'upstream', /several engines/, ['RF4001']],
    [
      'the same agent twice',
      [agent('azure-npm-linux'), workload('other/azure-npm', { kind: 'DaemonSet' })],
      'azure-npm-linux',
      /azure-npm/,
      [],
    ],
    ['a Deployment of that name', [agent('azure-npm-linux', 'Deployment')], 'upstream', /no engine/, []],
    ['a name that objects inherit', [agent('constructor')], 'upstream', /no engine/, []],
  ])('%s', (_why, documents, profile, says, codes) => {
    const detected = detectProfile(clusterOf(...documents));
    expect(detected.profile).toBe(profile);
    expect(detected.why).toMatch(says);
    expect(detected.diagnostics.map(({ code }) => code)).toEqual(codes);
  });
});
