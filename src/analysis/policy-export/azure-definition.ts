import type { PlainObject, PlainValue } from '#model/plain.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import type { ExportRule } from './export-rule.ts';
import { constraintTemplate } from './gatekeeper.ts';

const CLUSTERS = ['Microsoft.ContainerService/managedClusters', 'Microsoft.Kubernetes/connectedClusters'];

/** A definition of Azure Policy of one's own that brings a template of Gatekeeper into clusters. */
export function azureDefinition(rule: ExportRule, excludedNamespaces: readonly string[]): PlainObject {
  const { matches, parameters } = rule;
  return definitionOf(rule, {
    mode: 'Microsoft.Kubernetes.Data',
    parameters: {
      effect: effectParameter(['Audit', 'Deny', 'Disabled'], 'Audit'),
      excludedNamespaces: { type: 'Array', defaultValue: excludedNamespaces },
      ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, parameterOf(value)])),
    },
    policyRule: {
      if: { field: 'type', in: CLUSTERS },
      // biome-ignore lint/suspicious/noThenProperty: the language of Azure Policy calls it so
      then: {
        effect: "[parameters('effect')]",
        details: {
          templateInfo: { sourceType: 'Base64Encoded', content: base64Of(constraintTemplate(rule)) },
          apiGroups: [...new Set(matches.map(({ group }) => group))],
          kinds: matches.map(({ kind }) => kind),
          excludedNamespaces: "[parameters('excludedNamespaces')]",
          values: Object.fromEntries(Object.keys(parameters).map((name) => [name, `[parameters('${name}')]`])),
        },
      },
    },
  });
}

function base64Of(template: PlainObject): string {
  return btoa([...yamlText(template)].join(''));
}

function parameterOf(value: PlainValue): PlainObject {
  if (Array.isArray(value)) return { type: 'Array', defaultValue: value };
  return { type: typeof value === 'number' ? 'Integer' : 'String', defaultValue: value };
}

function effectParameter(allowedValues: readonly string[], defaultValue: string): PlainObject {
  return { type: 'String', allowedValues, defaultValue };
}

interface Parts {
  readonly mode: string;
  readonly parameters: PlainObject;
  readonly policyRule: PlainObject;
}

/** In the shape that `az policy definition create --rules --params` and a deployment of ARM are made from. */
function definitionOf(
  { control, name, about, leavesOut }: Described,
  { mode, parameters, policyRule }: Parts,
): PlainObject {
  return {
    type: 'Microsoft.Authorization/policyDefinitions',
    apiVersion: '2021-06-01',
    name: `ringfence-${name}`,
    properties: {
      displayName: `Ringfence ${control}: ${about}`,
      description: `What it leaves out: ${leavesOut}`,
      policyType: 'Custom',
      mode,
      metadata: { category: 'Kubernetes', version: '1.0.0', control },
      parameters,
      policyRule,
    },
  };
}

type Described = Pick<ExportRule, 'control' | 'name' | 'about' | 'leavesOut'>;

// ---------------------------------------------------------------- clusters themselves

const CLUSTER = 'Microsoft.ContainerService/managedClusters';

interface ClusterRule extends Described {
  /** What a cluster that does not comply has. */
  readonly found: PlainObject;
}

function alias(path: string): string {
  return `${CLUSTER}/${path}`;
}

function unless(path: string, value: PlainValue): PlainObject {
  return { field: alias(path), notEquals: value };
}

const CLUSTER_RULES: readonly ClusterRule[] = [
  {
    control: 'NET-CNI-001',
    name: 'network-policy-engine',
    about: 'clusters have an engine for network policies',
    leavesOut: 'engines that are installed in the cluster by oneself',
    found: {
      allOf: [
        {
          anyOf: [
            { field: alias('networkProfile.networkPolicy'), exists: 'false' },
            { field: alias('networkProfile.networkPolicy'), equals: 'none' },
          ],
        },
        unless('networkProfile.networkDataplane', 'cilium'),
      ],
    },
  },
  {
    control: 'NET-CNI-002',
    name: 'no-kubenet',
    about: 'clusters do not use kubenet, which ends',
    leavesOut: 'nodes whose engine is retired for their operating system',
    found: { field: alias('networkProfile.networkPlugin'), equals: 'kubenet' },
  },
  {
    control: 'API-NET-003',
    name: 'no-side-doors',
    about: 'run command and local accounts are off',
    leavesOut: 'the public name of a private cluster',
    found: {
      anyOf: [unless('apiServerAccessProfile.disableRunCommand', true), unless('disableLocalAccounts', true)],
    },
  },
];

/** Definitions about clusters as resources: of these Azure has none of its own, or one that says less. */
export function clusterDefinitions(): readonly { readonly control: string; readonly definition: PlainObject }[] {
  return CLUSTER_RULES.map((rule) => ({
    control: rule.control,
    definition: definitionOf(rule, {
      mode: 'Indexed',
      parameters: { effect: effectParameter(['Audit', 'Deny', 'Disabled'], 'Audit') },
      policyRule: {
        if: { allOf: [{ field: 'type', equals: CLUSTER }, rule.found] },
        // biome-ignore lint/suspicious/noThenProperty: the language of Azure Policy calls it so
        then: { effect: "[parameters('effect')]" },
      },
    }),
  }));
}
