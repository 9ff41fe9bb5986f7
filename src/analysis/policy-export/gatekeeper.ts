import type { PlainObject } from '#model/plain.ts';
import type { ExportRule } from './export-rule.ts';
import { annotationsOf } from './labels.ts';

/** A template of Gatekeeper and the constraint that puts it in force. */
export function gatekeeperObjects(rule: ExportRule, excludedNamespaces: readonly string[]): readonly PlainObject[] {
  return [constraintTemplate(rule), constraint(rule, excludedNamespaces)];
}

export function constraintTemplate(rule: ExportRule): PlainObject {
  const { kind, schema, rego } = rule;
  const name = kind.toLowerCase();
  return {
    apiVersion: 'templates.gatekeeper.sh/v1',
    kind: 'ConstraintTemplate',
    metadata: { name, annotations: annotationsOf(rule) },
    spec: {
      crd: {
        spec: {
          names: { kind },
          validation: { openAPIV3Schema: { type: 'object', properties: schema } },
        },
      },
      targets: [{ target: 'admission.k8s.gatekeeper.sh', rego: `package ${name}\n\n${rego}\n` }],
    },
  };
}

function constraint(rule: ExportRule, excludedNamespaces: readonly string[]): PlainObject {
  const { name, kind, matches, parameters } = rule;
  return {
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind,
    metadata: { name: `ringfence-${name}`, annotations: annotationsOf(rule) },
    spec: {
      enforcementAction: 'deny',
      match: {
        kinds: matches.map((each) => ({ apiGroups: [each.group], kinds: [each.kind] })),
        excludedNamespaces,
      },
      parameters,
    },
  };
}
