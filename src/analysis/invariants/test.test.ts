import { describe, expect, test } from 'vitest';
import type { InvariantState } from '#model/answers.ts';
import type { ProfileId } from '#model/profile.ts';
import { readInvariants } from '#parse/invariants.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import { testOf } from './test.ts';

function deployment(name: string, more = ''): string {
  const [namespace, app] = name.split('/');
  const template = `{metadata: {labels: {app: ${app}}}, spec: {${more}containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}}`;
  return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${app}, namespace: ${namespace}}, spec: {selector: {matchLabels: {app: ${app}}}, template: ${template}}}\n`;
}

function policy(name: string, spec: string): string {
  const [namespace, id] = name.split('/');
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${id}, namespace: ${namespace}}, spec: ${spec}}\n`;
}

const WORKLOADS = ['shop/web', 'shop/api', 'data/db'].map((name) => deployment(name));
const HOST = deployment('kube-system/agent', 'hostNetwork: true, ');
const NODE =
  '{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}}\n';
const DENY = policy('data/deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
const API_ONLY = admits('{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}');
const SERVICE =
  '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}\n';
const WEB_8080 = policy('shop/web', '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8080}]}]}');

function admits(peer: string): string {
  return policy(
    'data/db',
    `{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{from: [${peer}], ports: [{port: 5432}]}]}`,
  );
}

function run(objects: readonly string[], statement: string, engine: ProfileId = 'kube-network-policies') {
  const analysis = analyseSnapshot(snapshotOf([{ file: 'all.yaml', text: objects.join('---\n') }]), { engine });
  const text = `{apiVersion: ringfence.dev/v1, kind: Invariants, metadata: {name: x}, invariants: [{name: x, ${statement}}]}`;
  const answer = testOf(analysis, readInvariants([{ file: 'i.yaml', text }]).invariants);
  return { result: answer.invariants[0]!, diagnostics: answer.diagnostics.filter(({ code }) => code === 'RF5001') };
}

type Case = readonly [why: string, objects: readonly string[], statement: string, state: InvariantState];

describe('states', () => {
  const table: readonly Case[] = [
    ['never: nothing is possible', [...WORKLOADS, DENY], 'never: {from: shop/web, to: data/db}', 'holds'],
    [
      'never: one port is',
      [...WORKLOADS, DENY, API_ONLY],
      'never: {from: ["shop/web", "shop/api"], to: "ns:data"}',
      'broken',
    ],
    [
      'never: not on this port',
      [...WORKLOADS, DENY, API_ONLY],
      'never: {from: shop/api, to: data/db, ports: ["80"]}',
      'holds',
    ],
    [
      'never: perhaps',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 10.0.0.0/8}}')],
      'never: {from: shop/web, to: data/db}',
      'unknown',
    ],
    ['never from the internet', [...WORKLOADS, DENY, API_ONLY], 'never: {from: internet, to: "ns:data"}', 'holds'],
    [
      'never from the internet, which a block admits',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 203.0.113.0/24}}')],
      'never: {from: internet, to: "ns:data"}',
      'broken',
    ],
    [
      'never from a block beside the one that is admitted',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 203.0.113.0/25}}')],
      'never: {from: 203.0.113.128/25, to: data/db}',
      'holds',
    ],
    [
      'never from part of the block that is admitted',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 203.0.113.0/24}}')],
      'never: {from: 203.0.113.9, to: data/db}',
      'broken',
    ],
    [
      'never: leaves ICMP out',
      [...WORKLOADS, DENY, policy('data/any', '{podSelector: {}, ingress: [{ports: [{port: 1}]}]}')],
      'never: {from: shop/web, to: data/db, ports: ["2"]}',
      'holds',
    ],
    [
      'never: ICMP by name',
      [...WORKLOADS, policy('data/any', '{podSelector: {}, ingress: [{}]}')],
      'never: {from: shop/web, to: data/db, ports: [icmp]}',
      'broken',
    ],
    ['always', [...WORKLOADS, DENY, API_ONLY], 'always: {from: shop/api, to: data/db, ports: ["5432"]}', 'holds'],
    [
      'always: one of two may not',
      [...WORKLOADS, DENY, API_ONLY],
      'always: {from: "ns:shop", to: data/db, ports: ["5432"]}',
      'broken',
    ],
    [
      'always: one of two ports is closed',
      [...WORKLOADS, DENY, API_ONLY],
      'always: {from: shop/api, to: data/db, ports: ["5432", "80"]}',
      'broken',
    ],
    [
      'always: perhaps',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 10.0.0.0/8}}')],
      'always: {from: shop/web, to: data/db, ports: ["5432"]}',
      'unknown',
    ],
    [
      'always to a Service: its port becomes that of the pods',
      [...WORKLOADS, SERVICE, WEB_8080],
      'always: {from: shop/api, to: "svc:shop/web", ports: ["80"]}',
      'holds',
    ],
    [
      'never to a Service: the port of the pods is what counts',
      [...WORKLOADS, SERVICE, WEB_8080],
      'never: {from: shop/api, to: "svc:shop/web", ports: ["80"]}',
      'broken',
    ],
    [
      'a port that the Service does not have',
      [...WORKLOADS, SERVICE, WEB_8080],
      'never: {from: shop/api, to: "svc:shop/web", ports: ["8080"]}',
      'invalid',
    ],
    [
      'a Service of which nothing is known',
      [...WORKLOADS, SERVICE.replace('selector: {app: web}, ', '')],
      'never: {from: shop/api, to: "svc:shop/web"}',
      'unknown',
    ],
    ['onlyThese', [...WORKLOADS, DENY, API_ONLY], 'onlyThese: {from: shop/api, to: data/db}', 'holds'],
    ['onlyThese says nothing about these', [...WORKLOADS, DENY], 'onlyThese: {from: shop/api, to: data/db}', 'holds'],
    ['onlyThese: somebody else', [...WORKLOADS, DENY, API_ONLY], 'onlyThese: {from: shop/web, to: data/db}', 'broken'],
    [
      'onlyThese: an outside address',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 203.0.113.0/24}}')],
      'onlyThese: {from: shop/web, to: data/db}',
      'broken',
    ],
    [
      'onlyThese: the very block',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 203.0.113.0/24}}')],
      'onlyThese: {from: 203.0.113.0/24, to: data/db}',
      'holds',
    ],
    [
      'onlyThese: half of the block',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 203.0.113.0/24}}')],
      'onlyThese: {from: 203.0.113.0/25, to: data/db}',
      'broken',
    ],
    [
      'onlyThese leaves nodes and their network out',
      [...WORKLOADS, DENY, API_ONLY, NODE, HOST],
      'onlyThese: {from: shop/api, to: data/db}',
      'holds',
    ],
    [
      '… unless it is asked',
      [...WORKLOADS, DENY, API_ONLY, NODE, HOST],
      'onlyThese: {from: shop/api, to: data/db, nodes: true}',
      'unknown',
    ],
    ['isolated', [...WORKLOADS, DENY], 'isolated: {endpoints: "ns:data"}', 'holds'],
    [
      'isolated: rules for those that are known',
      [...WORKLOADS, DENY, API_ONLY],
      'isolated: {endpoints: "ns:data"}',
      'holds',
    ],
    [
      'isolated: in one direction only',
      [...WORKLOADS, policy('data/in', '{podSelector: {}, policyTypes: [Ingress]}')],
      'isolated: {endpoints: "ns:data"}',
      'broken',
    ],
    [
      '… and only that is asked for',
      [...WORKLOADS, policy('data/in', '{podSelector: {}, policyTypes: [Ingress]}')],
      'isolated: {endpoints: "ns:data", directions: [ingress]}',
      'holds',
    ],
    [
      'isolated: a rule for all pods of all namespaces',
      [...WORKLOADS, DENY, admits('{namespaceSelector: {}}')],
      'isolated: {endpoints: "ns:data"}',
      'broken',
    ],
    [
      'isolated: a rule for a block in which the pod may be',
      [...WORKLOADS, DENY, admits('{ipBlock: {cidr: 10.0.0.0/8}}')],
      'isolated: {endpoints: "ns:data"}',
      'unknown',
    ],
    ['isolated: not the nodes', [...WORKLOADS, DENY, NODE], 'isolated: {endpoints: "node:n1"}', 'invalid'],
    ['nobody of that name', WORKLOADS, 'never: {from: shop/wbe, to: data/db}', 'invalid'],
  ];
  test.each(table)('%s', (_why, objects, statement, state) => {
    expect(run(objects, statement).result).toMatchObject({ state });
  });

  test('nothing is enforced under the profile `none`', () => {
    expect(run([...WORKLOADS, DENY], 'isolated: {endpoints: "ns:data"}', 'none').result.state).toBe('broken');
  });
});

test('a name that is not known is a diagnostic with the near ones', () => {
  const { diagnostics } = run(WORKLOADS, 'never: {from: shop/wbe, to: data/db}');
  expect(diagnostics).toMatchObject([
    { code: 'RF5001', message: 'invariant `x`: no workload `shop/wbe` in the input', help: 'did you mean `shop/web`?' },
  ]);
});

test('witnesses name the pair and what decides', () => {
  const { result } = run([...WORKLOADS, DENY, API_ONLY], 'onlyThese: {from: shop/web, to: data/db}');
  expect(result.witnesses).toEqual([
    {
      from: 'shop/Deployment/api',
      to: 'data/Deployment/db',
      traffic: [{ protocol: 'TCP', ports: '5432' }],
      verdict: 'allowed',
    },
  ]);
  expect(result.why).toContain('shop/Deployment/api reaches data/Deployment/db on TCP 5432');
  expect(result.why).toContain('allowed by NetworkPolicy data/db spec.ingress[0]');
});

test('one pod of a workload is not the others', () => {
  const pod = (name: string) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: shop, labels: {app: api}}, spec: {containers: [{name: c}]}}\n`;
  const objects = [
    ...WORKLOADS.filter((text) => !text.includes('name: api')),
    pod('api-1'),
    pod('api-2'),
    DENY,
    API_ONLY,
  ];
  const { result } = run(objects, 'onlyThese: {from: "pod:shop/api-1", to: data/db}');
  expect(result.state).toBe('broken');
  expect(result.witnesses.map(({ from }) => from)).toEqual(['shop/Pod/api-2']);
});
