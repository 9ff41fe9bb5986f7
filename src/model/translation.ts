/** What policies can be translated to. */
export const TRANSLATION_TARGETS = ['calico', 'cilium', 'kubernetes', 'clusternetworkpolicy'] as const;
export type TranslationTarget = (typeof TRANSLATION_TARGETS)[number];

/** Why a policy cannot be said in the other form: a closed list (docs/verbs/translate.md lists them all). */
export const TRANSLATION_REFUSALS = {
  'not-read': 'it has a field that Ringfence does not read, so what it means is not known',
  host: 'it is for nodes or host endpoints',
  action: 'the other form has no such action',
  isolation: 'the other form isolates, or cannot isolate, whom it selects',
  priority: 'the other form has no tiers and no priorities',
  'cluster-wide': 'it is for the whole cluster, and the other form is for one namespace',
  selector: 'the other form has no selector that says the same',
  'service-account': 'the other form has no selector of service accounts',
  'near-end': 'it narrows the end that it protects inside a rule',
  peers: 'the other form cannot join these conditions on one peer',
  entity: 'the other form has no name for this group of peers',
  nodes: 'the other form cannot name nodes',
  'domain-names': 'the other form cannot name domains',
  service: 'the other form cannot name Services',
  'address-group': 'the other form cannot name groups of addresses',
  protocol: 'the other form cannot name this protocol',
  ports: 'the other form cannot say these ports',
  'source-ports': 'the other form cannot limit the port of the sender',
  request: 'the other form cannot look into requests',
  authentication: 'the other form cannot ask for mutual authentication',
  'too-large': 'the other form has a limit that it exceeds',
  'moves-together': 'it means what it means only beside another policy that cannot be translated',
  'not-taken': 'the other API would refuse the result',
  'changes-verdicts': 'the result would change a verdict',
} as const satisfies Record<string, string>;

export type TranslationRefusal = keyof typeof TRANSLATION_REFUSALS;
