import { describe, expect, test } from 'vitest';
import type { InvariantState } from '#model/answers.ts';
import { readInvariants } from '#parse/invariants.ts';
import { analyseSnapshot } from '../analysis.ts';
import { deployment, policy } from '../exposure/cluster.test-support.ts';
import { estateWith, rule } from '../inbound/estate.test-support.ts';
import { testOf } from './test.ts';

const WEB = deployment('shop/web', { port: 'http:8443' });
const SHOP = deployment('shop/api', { port: 'http:8443' });
const INTERNAL = '{service.beta.kubernetes.io/azure-load-balancer-internal: "true"}';

function balancer({ annotations = '{}', address = '20.1.1.1', sources = '' } = {}): string {
  return `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, annotations: ${annotations}}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 443, targetPort: 8443, nodePort: 30443}]${sources}}
status: {loadBalancer: {ingress: [{ip: ${address}}]}}`;
}

/** To the address of the balancer, which stands behind no address of a node. */
const DOOR = rule(100, 'Allow', '10.1.1.0/24', '443', { destinationAddressPrefix: '10.1.0.200' });
const SHUT = rule(4096, 'Deny', '*', '*', { protocol: '*' });
const INSIDE = balancer({ annotations: INTERNAL, address: '10.1.0.200' });

function stateOf(service: string, rules: readonly ReturnType<typeof rule>[], statement: string) {
  const snapshot = estateWith({ manifests: [WEB, SHOP, service], rules });
  const text = `{apiVersion: ringfence.dev/v1, kind: Invariants, metadata: {name: x}, invariants: [{name: x, ${statement}}]}`;
  const { invariants } = readInvariants([{ file: 'i.yaml', text }]);
  const [result] = testOf(analyseSnapshot(snapshot, { engine: 'calico' }), invariants).invariants;
  return result!;
}

describe('what security groups stop at the pods comes by a load balancer', () => {
  const open = [rule(100, 'Allow', 'Internet', '443', { destinationAddressPrefix: '20.1.1.1' }), SHUT];
  test.each<[string, string, readonly ReturnType<typeof rule>[], string, InvariantState]>([
    ['never: the internet comes', balancer(), open, 'never: {from: internet, to: shop/web}', 'broken'],
    ['never: not to its neighbour', balancer(), open, 'never: {from: internet, to: shop/api}', 'holds'],
    ['never: not on another port', balancer(), open, 'never: {from: internet, to: shop/web, ports: ["9"]}', 'holds'],
    ['never: the group stops it there too', balancer(), [SHUT], 'never: {from: internet, to: shop/web}', 'holds'],
    [
      'never: the internet does not come inside',
      INSIDE,
      [DOOR, SHUT],
      'never: {from: internet, to: shop/web}',
      'holds',
    ],
    [
      'always: the edge comes',
      INSIDE,
      [DOOR, SHUT],
      'always: {from: 10.1.1.0/24, to: shop/web, ports: ["8443"]}',
      'holds',
    ],
    [
      'always: to the Service',
      INSIDE,
      [DOOR, SHUT],
      'always: {from: 10.1.1.0/24, to: "svc:shop/web", ports: ["443"]}',
      'holds',
    ],
    [
      'always: others do not',
      INSIDE,
      [DOOR, SHUT],
      'always: {from: 10.2.0.0/24, to: shop/web, ports: ["8443"]}',
      'broken',
    ],
    [
      'always: of both only one',
      INSIDE,
      [DOOR, SHUT],
      'always: {from: 10.1.0.0/23, to: shop/web, ports: ["8443"]}',
      'broken',
    ],
    [
      'onlyThese: the edge',
      INSIDE,
      [DOOR, SHUT],
      'onlyThese: {from: ["10.1.1.0/24", "shop/api"], to: shop/web}',
      'holds',
    ],
    [
      'onlyThese: a part of it',
      INSIDE,
      [DOOR, SHUT],
      'onlyThese: {from: ["10.1.1.0/25", "shop/api"], to: shop/web}',
      'broken',
    ],
  ])('%s', (_, service, rules, statement, state) => {
    expect(stateOf(service, rules, statement).state).toBe(state);
  });

  test('the entrance is told', () => {
    expect(stateOf(balancer(), open, 'never: {from: internet, to: shop/web}').why).toContain(
      'through Service shop/web (LoadBalancer) at 20.1.1.1:443',
    );
  });

  test('policy at the pods has its say behind it', () => {
    const shut = policy('shop/deny', 'policyTypes: [Ingress]');
    expect(stateOf(`${balancer()}\n---\n${shut}`, open, 'never: {from: internet, to: shop/web}').state).toBe('holds');
    const isolated = 'isolated: {endpoints: shop/web, directions: [ingress]}';
    expect(stateOf(`${balancer()}\n---\n${shut}`, open, isolated).state).toBe('holds');
  });
});
