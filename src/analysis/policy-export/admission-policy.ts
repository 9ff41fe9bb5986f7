import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { ExportRule } from './export-rule.ts';
import { annotationsOf } from './labels.ts';

/** A policy of the API server itself, and the binding that puts it in force. */
export function admissionPolicyObjects(
  rule: ExportRule,
  excludedNamespaces: readonly string[],
): readonly PlainObject[] {
  const name = `ringfence-${rule.name}`;
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name, annotations: annotationsOf(rule) },
      spec: specOf(rule, excludedNamespaces),
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name, annotations: annotationsOf(rule) },
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}

function specOf({ matches, parameters, cel }: ExportRule, excludedNamespaces: readonly string[]): PlainObject {
  const operator = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: excludedNamespaces };
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      namespaceSelector: { matchExpressions: [operator] },
      resourceRules: matches.map(({ group, versions, resource }) => ({
        apiGroups: [group],
        apiVersions: versions,
        operations: ['CREATE', 'UPDATE'],
        resources: [resource],
      })),
    },
    validations: cel.map(({ expression, message }) => ({
      expression: withParameters(expression, parameters),
      message,
      reason: 'Forbidden',
    })),
  };
}

/** Values stand in the expression itself: a policy with parameters would need an object more. */
function withParameters(expression: string, parameters: PlainObject): string {
  return expression.replace(/variables\.params\.([A-Za-z]+)/g, (whole, name: string) => {
    const value = parameters[name];
    return value === undefined ? whole : literalOf(value);
  });
}

/** Of CEL: a list of text without a type is one of anything, and is taken where it is empty. */
function literalOf(value: PlainValue): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  return Array.isArray(value) ? `[${value.map(literalOf).join(', ')}]` : String(value);
}
