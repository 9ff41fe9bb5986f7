import { escapeControl } from '#base/escape.ts';
import type { Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import { ownerOfEndpoint } from '../../shared.ts';
import { editCluster } from '../clusters.ts';
import { TOKEN_DETAIL } from './tokens.ts';

export const RBAC_DETAIL = 'enableRBAC';

export function fixRbac(context: ControlContext, judged: Judged): Fix | undefined {
  if (judged.detail === TOKEN_DETAIL) return fixToken(context, judged);
  if (judged.detail === RBAC_DETAIL) return fixCluster(context, judged);
  const cis = judged.detail?.split(' ')[0] ?? '';
  const steps = STEPS.get(cis);
  if (steps === undefined) return undefined;
  return { summary: `give less with \`${escapeControl(judged.where.name)}\``, automatic: false, changes: [], steps };
}

/** RBAC cannot be switched on in a cluster that was made without it. */
function fixCluster(context: ControlContext, judged: Judged): Fix {
  if (judged.state === 'FAIL')
    return {
      summary: 'make a cluster with RBAC in place of this one',
      automatic: false,
      changes: [],
      steps: ['AKS makes no cluster without RBAC any more: make one, and move workloads to it'],
    };
  const path = ['properties', 'enableRBAC'];
  const [change] = editCluster(context, judged, { edits: [{ op: 'set', path, value: true }], flags: '' });
  return {
    summary: 'say that RBAC is on',
    automatic: change !== undefined,
    changes: change === undefined ? [] : [{ kind: 'edit-azure', resource: change.resource, edits: change.edits }],
    steps: [],
  };
}

/** Without a right, the API server refuses whatever the token is shown for, but what everybody may ask. */
function fixToken(context: ControlContext, { where }: Judged): Fix | undefined {
  const owner = ownerOfEndpoint(context, `${where.namespace}/${where.kind}/${where.name}`);
  if (owner === undefined) return undefined;
  const path = [...owner.path, 'spec', 'automountServiceAccountToken'];
  return {
    summary: `do not mount a token in pods of \`${escapeControl(where.name)}\``,
    automatic: true,
    changes: [{ kind: 'edit-object', object: owner.object, edits: [{ op: 'set', path, value: false }] }],
    steps: ['if rights are given to its account elsewhere, keep the token and add that binding to the input'],
  };
}

const USED = 'find out from the audit log which verbs and resources its subjects really use';

const STEPS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    '5.1.1',
    [
      USED,
      'bind a role with these alone, in the namespaces that need it',
      'for people, let the right be asked for and end by itself',
    ],
  ],
  ['5.1.2', [USED, 'name the Secrets in `resourceNames`, or mount them instead of reading them through the API']],
  ['5.1.3', [USED, 'list the resources and verbs in place of `*`']],
  ['5.1.4', [USED, 'bind in the namespaces that need it, and keep accounts with wide rights out of these']],
  [
    '5.1.5',
    [
      'make a service account for the workload that needs the right',
      'set `serviceAccountName` there, and bind that account',
    ],
  ],
  ['5.1.7', ['bind a group of your own directory instead, so that the right can be taken away again']],
  ['5.1.8', ['remove `bind`, `escalate` and `impersonate`, or name the few roles or users in `resourceNames`']],
  ['5.1.9', ['let claims and a StorageClass make volumes; remove `create` on persistentvolumes']],
  ['5.1.10', ['read metrics through `nodes/metrics`, and remove `nodes/proxy`']],
  ['5.1.11', ['approve requests for signers of your own only, named in `resourceNames` of `signers`']],
  ['5.1.12', ['name the one configuration that it keeps in `resourceNames`']],
  ['5.1.13', ['name the service accounts that it may make tokens of in `resourceNames`']],
]);
