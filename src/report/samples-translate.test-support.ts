import type { TranslateAnswer } from '#model/answers.ts';

const POLICIES = 'data/policies.yaml';

/** Two policies that can be said for Kubernetes, and two that cannot. */
export const TRANSLATE: TranslateAnswer = {
  schema: 'ringfence.dev/translate/v1',
  to: 'kubernetes',
  engines: [
    {
      of: 'policies of Calico',
      source: { profile: 'calico', why: 'DaemonSet calico-system/calico-node is Calico' },
      result: { profile: 'calico', why: 'DaemonSet calico-system/calico-node is Calico' },
    },
    {
      of: 'policies of Cilium',
      source: { profile: 'cilium', why: 'the engine of the source' },
      result: { profile: 'upstream', why: 'the engine of the result' },
    },
  ],
  translated: [
    {
      from: [
        {
          kind: 'NetworkPolicy.projectcalico.org',
          namespace: 'shop-data',
          name: 'postgres',
          origin: { file: POLICIES, line: 12, column: 1 },
        },
      ],
      documents: [
        {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'postgres', namespace: 'shop-data' },
          spec: { podSelector: { matchLabels: { app: 'postgres' } }, policyTypes: ['Ingress'] },
        },
      ],
      notes: ['rules that only write to the log are left out: they decide nothing'],
      proof: {
        source: 'calico',
        result: 'calico',
        input: { pairs: 812, unknown: 3 },
        madeUp: { pairs: 2601, unknown: 0, namespaces: 4, pods: 51, combinations: 24, tried: 12 },
      },
    },
  ],
  refused: [
    {
      kind: 'NetworkPolicy.projectcalico.org',
      namespace: 'shop-data',
      name: 'metrics',
      path: 'spec.ingress[0].source.services',
      reason: 'service',
      why: 'it names a Service: the other form cannot name Services',
      origin: { file: POLICIES, line: 31, column: 5 },
    },
    {
      kind: 'GlobalNetworkPolicy',
      namespace: '',
      name: 'blocklist',
      path: 'spec',
      reason: 'changes-verdicts',
      why: 'the result would change a verdict',
      witness: {
        world: 'made-up',
        from: 'shop-data/Pod/p1',
        to: '203.0.113.0/24',
        traffic: [{ protocol: 'TCP', ports: '1-65535' }],
        before: 'denied',
        after: 'allowed',
      },
      origin: { file: 'platform/global.yaml', line: 1, column: 1 },
    },
  ],
  kept: [
    {
      kind: 'NetworkPolicy',
      namespace: 'shop-data',
      name: 'default-deny',
      origin: { file: POLICIES, line: 1, column: 1 },
      why: 'of that form already',
    },
  ],
  diagnostics: [],
};

export const TRANSLATE_NOTHING: TranslateAnswer = {
  schema: 'ringfence.dev/translate/v1',
  to: 'calico',
  engines: [],
  translated: [],
  refused: [],
  kept: [],
  diagnostics: [],
};
