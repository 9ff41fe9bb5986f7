import { escapeControl } from '#base/escape.ts';
import type { Fix, Judged, NewObject } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import { namespaceLabelsTrusted, namespacesWith, trustedLabels } from './trusted-labels.ts';

export function fixNetworkRights(context: ControlContext, judged: Judged): Fix | undefined {
  const { detail = '', where } = judged;
  if (detail.startsWith('label ')) return fixTrusted(context, judged);
  if (detail === 'endpoints') return fixShippedEdit();
  const labels = namespaceLabelsTrusted(context);
  return {
    summary: `keep the fence out of the hands of those that \`${escapeControl(where.name)}\` names`,
    automatic: false,
    changes: labels.length === 0 ? [] : guardOf(labels),
    steps: [
      'take write verbs on policies, endpoints and namespaces out of the role, and give them to the team that owns the network',
      'let deliverers write policies only where a review stands before it',
      ...(labels.length === 0 ? [] : ['name in the guard the groups that may change these labels']),
    ],
  };
}

/** Says which namespaces the label is trusted in: those where the input shows it. */
function fixTrusted(context: ControlContext, { where, detail = '' }: Judged): Fix | undefined {
  const trusted = trustedLabels(context).find(
    ({ policy, labels }) =>
      policy.namespace === where.namespace && policy.name === where.name && detail === `label ${labels}`,
  );
  if (trusted === undefined) return undefined;
  if (trusted.selector === undefined) return BY_ACCOUNT;
  const namespaces = namespacesWith(context, trusted.selector);
  const path = [...trusted.path, 'namespaceSelector'];
  const value = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: namespaces }] };
  return {
    summary: 'trust the label only in the namespaces that have it now',
    automatic: namespaces.length > 0,
    changes:
      namespaces.length === 0
        ? []
        : [{ kind: 'edit-object', object: trusted.policy, edits: [{ op: 'set', path, value }] }],
    steps: ['if pods of other namespaces are to come in, name these too'],
  };
}

const BY_ACCOUNT: Fix = {
  summary: 'trust the label only in the namespaces that are meant',
  automatic: false,
  changes: [],
  steps: ['name the namespace beside the label, or trust a service account in place of it'],
};

function fixShippedEdit(): Fix {
  return {
    summary: 'take endpoints out of `system:aggregate-to-edit`',
    automatic: false,
    changes: [],
    steps: [
      'set the annotation `rbac.authorization.kubernetes.io/autoupdate` of the role to `false`, so that the change stays',
      'remove `endpoints` and `endpointslices` from its rules; give a role of its own to what really writes them',
    ],
  };
}

/** Refuses changes of the labels by which policies choose namespaces, but from the groups that it names. */
function guardOf(labels: readonly string[]): readonly NewObject[] {
  const name = 'keep-trusted-namespace-labels';
  const list = labels.map((key) => `'${key.replace(/[^\w./-]/g, '')}'`).join(', ');
  const value = (side: string) => `(${side}.metadata.?labels[?k].orValue(''))`;
  return [
    {
      kind: 'new-object',
      object: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name },
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: {
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['namespaces'] },
            ],
          },
          matchConditions: [
            { name: 'not-the-owners', expression: "!request.userInfo.groups.exists(g, g in ['system:masters'])" },
          ],
          validations: [
            {
              expression: `[${list}].all(k, ${value('object')} == ${value('oldObject')})`,
              message: 'policies of the network choose namespaces by this label',
            },
          ],
        },
      },
    },
    {
      kind: 'new-object',
      object: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'] },
      },
    },
  ];
}
