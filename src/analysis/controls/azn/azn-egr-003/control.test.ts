import { describe, expect, test } from 'vitest';
import { addressRule, collection, securityRule } from '../../../azure/estate.test-support.ts';
import { type AzureInput, judgedBy } from '../../azure.test-support.ts';
import { aznEgr003 } from './control.ts';

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: a, image: b}]}\n';
const POLICY = (rules: string) =>
  `${POD}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Egress], egress: [${rules}]}\n`;
const PARTNER = '{to: [{ipBlock: {cidr: 203.0.113.7/32}}], ports: [{port: 443}]}';
const NETWORK = '{to: [{ipBlock: {cidr: 10.20.0.0/16}}, {ipBlock: {cidr: 10.10.0.0/16}}]}';
const ALLOWED = [collection('partner', 300, [addressRule('partner', ['203.0.113.7'], ['443'])])];

const DATABASE = `apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: b}]}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {type: LoadBalancer, selector: {app: db}, ports: [{port: 5432}]}
`;
const ISOLATED = `${DATABASE}---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 5432}]}]}
`;
const OPEN_PORT = [securityRule('db', 200, { sourceAddressPrefix: 'Internet', destinationPortRange: '5432' })];
const DIRECT = { routes: [], profile: { outboundType: 'loadBalancer' }, securityRules: OPEN_PORT };

describe('AZN-EGR-003', () => {
  test.each([
    ['both say the same', { estate: { collections: ALLOWED }, manifests: POLICY(`${PARTNER}, ${NETWORK}`) }, ['PASS']],
    [
      'policy allows what the firewall denies',
      { manifests: POLICY(`${PARTNER}, ${NETWORK}`) },
      ['FAIL', 'FAIL Pod shop/web policy-allows 203.0.113.7/32 TCP 443'],
    ],
    [
      'the network lets out more than policy',
      { estate: { collections: ALLOWED }, manifests: POLICY(NETWORK) },
      ['WARN', 'WARN subnets nodes surplus'],
    ],
    [
      'a database that only the network guards',
      { estate: DIRECT, manifests: DATABASE },
      ['FAIL', 'FAIL Deployment shop/db from the internet Service shop/db (LoadBalancer)'],
    ],
    ['… and policy too', { estate: DIRECT, manifests: ISOLATED }, ['NA']],
    ['no policy limits anything', { manifests: POD }, ['NA']],
    ['no workloads', {}, ['UNKNOWN']],
    ['no Azure', { estate: 'none', manifests: POD }, ['UNKNOWN']],
  ] satisfies [string, AzureInput, string[]][])('%s', (_title, input, expected) => {
    expect(judgedBy(aznEgr003, input)).toEqual(expected);
  });
});
