import { describe, expect, test } from 'vitest';
import type { Encryption } from '#model/encryption.ts';
import { asker, axis, clusterOf, namespace, node, pod } from '../../ask.test-support.ts';
import { ALL, cilium, config, OUTSIDE } from './cilium.test-support.ts';
import { ciliumEncryption } from './encryption.ts';

const ON = 'io.cilium/mtls-enabled: "true"';
const CLUSTER = [
  namespace('shop', ON),
  namespace('plain'),
  node('n1', ['10.9.0.1']),
  node('n2', ['10.9.0.2']),
  node('m1', ['10.9.0.3'], 'node-role.kubernetes.io/control-plane: ""'),
  pod('shop/a', { ips: ['10.1.0.1'], node: 'n1' }),
  pod('shop/b', { ips: ['10.1.0.2'], node: 'n2' }),
  pod('shop/beside', { ips: ['10.1.0.3'], node: 'n1', labels: 'app: c' }),
  pod('shop/somewhere', { ips: ['10.1.0.4'] }),
  pod('plain/x', { ips: ['10.2.0.1'], node: 'n2' }),
  pod('lost/z', { ips: ['10.3.0.1'], node: 'n2' }),
  pod('plain/host', { ips: ['10.9.0.2'], node: 'n2', hostNetwork: true }),
];
const WIREGUARD = 'enable-wireguard: "true"';
const NODES = 'encrypt-node: "true"';

describe('ciliumEncryption', () => {
  test.each<[string, readonly string[], string, string, string, Encryption | undefined]>([
    ['nothing is on', [], 'shop/a', 'shop/b', 'TCP/80', undefined],
    ['WireGuard between nodes', [WIREGUARD], 'shop/a', 'shop/b', 'UDP/53', 'encrypted-no-identity'],
    ['IPsec between nodes', ['enable-ipsec: "true"'], 'shop/a', 'shop/b', 'TCP/80', 'encrypted-no-identity'],
    ['on one node', [WIREGUARD], 'shop/a', 'shop/beside', 'TCP/80', 'plaintext'],
    ['no known node', [WIREGUARD], 'shop/a', 'shop/somewhere', 'TCP/80', 'unknown'],
    ['outside', [WIREGUARD], 'shop/a', OUTSIDE, 'TCP/80', undefined],
    ['a node', [WIREGUARD], 'shop/a', 'node:n2', 'TCP/80', 'plaintext'],
    ['a node, with encrypt-node', [WIREGUARD, NODES], 'shop/a', 'node:n2', 'TCP/80', 'encrypted-no-identity'],
    ['… but not with IPsec', ['enable-ipsec: "true"', NODES], 'shop/a', 'node:n2', 'TCP/80', 'plaintext'],
    ['… but not the control plane', [WIREGUARD, NODES], 'shop/a', 'node:m1', 'TCP/80', 'plaintext'],
    [
      '… unless told so',
      [WIREGUARD, NODES, 'node-encryption-opt-out-labels: ""'],
      'shop/a',
      'node:m1',
      'TCP/80',
      'encrypted-no-identity',
    ],
    ['a pod on its node’s network', [WIREGUARD, NODES], 'shop/a', 'plain/host', 'TCP/80', 'encrypted-no-identity'],
    ['ztunnel', ['enable-ztunnel: "true"'], 'shop/a', 'shop/beside', 'TCP/80', 'mtls-required'],
    ['ztunnel is for TCP', ['enable-ztunnel: "true"'], 'shop/a', 'shop/b', 'UDP/53', undefined],
    ['ztunnel, one end', ['enable-ztunnel: "true"'], 'shop/a', 'plain/x', 'TCP/80', undefined],
    ['ztunnel, labels not known', ['enable-ztunnel: "true"'], 'shop/a', 'lost/z', 'TCP/80', 'unknown'],
  ])('%s', (_, settings, from, to, traffic, expected) => {
    const documents = [...CLUSTER, config(...settings)];
    const { engine, points } = asker(documents, { profile: 'cilium', apart: true });
    const source = ciliumEncryption(engine.compiling, clusterOf(...documents));
    const [start, end] = [points(from)[0]!, points(to)[0]!];
    expect(source.between({ from: start, to: end, traffic: axis(traffic) })?.encryption).toBe(expected);
  });

  test('strict mode is told', () => {
    const documents = [...CLUSTER, config(WIREGUARD, 'enable-encryption-strict-mode: "true"')];
    const { engine, points } = asker(documents, { profile: 'cilium', apart: true });
    const source = ciliumEncryption(engine.compiling, clusterOf(...documents));
    const pair = { from: points('shop/a')[0]!, to: points('shop/b')[0]!, traffic: axis('TCP/80') };
    expect(source.between(pair)?.why).toContain('is dropped');
  });
});

describe('what policy sees of ztunnel', () => {
  const TUNNEL = cilium('shop/p', `${ALL}, ingress: [{toPorts: [{ports: [{port: "15008"}]}]}]`);
  const PORT = cilium('shop/p', `${ALL}, ingress: [{toPorts: [{ports: [{port: "80"}]}]}]`);
  test.each([
    ['its port between enrolled pods', TUNNEL, 'shop/a', 'allowed'],
    ['… not theirs', PORT, 'shop/a', 'denied'],
    ['theirs, where one is not enrolled', PORT, 'plain/x', 'allowed'],
    ['either, where that is not known', PORT, 'lost/z', 'unknown'],
  ])('%s', (_, rule, from, verdict) => {
    const documents = [...CLUSTER, config('enable-ztunnel: "true"'), rule];
    expect(asker(documents, { profile: 'cilium-1.20' }).verdict(from, 'shop/b')).toBe(verdict);
  });
});
