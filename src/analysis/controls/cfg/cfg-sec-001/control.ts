import { azureKey } from '#model/azure/resource.ts';
import type { Fix, Judged } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { textAt } from '#model/plain.ts';
import { azTarget } from '../../az-command.ts';
import { managedClustersOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessSecrets } from './assess.ts';
import { type Marked, markedObjects } from './marked.ts';
import { stateForSecrets } from './state-for.ts';

export const cfgSec001: Control = {
  data: {
    id: 'CFG-SEC-001',
    title: 'Secrets are kept in a vault or encrypted, and stand nowhere in plain sight',
    severity: 'medium',
    rationale:
      'What is written into a manifest is in the repository, its history, every pipeline log and every dump of the cluster, long after it was changed. Who finds it needs no other way in.',
    evidence:
      'variables, arguments, annotations and ConfigMaps, for what looks like a secret or is named like one; Secrets whose values are in files; volumes and objects that take secrets from a vault; the key management and the Key Vault driver of the managed cluster',
    states: [
      {
        state: 'FAIL',
        when: 'a secret stands in an object that is none, the values of a Secret are in a file, or etcd keeps secrets unencrypted',
      },
      {
        state: 'WARN',
        when: 'secrets are in the cluster and encrypted by the platform only, or given to workloads as variables; or one stands in a namespace of the platform',
      },
      { state: 'PASS', when: 'secrets come from a vault, or are encrypted in etcd by a key of its own' },
      { state: 'UNKNOWN', when: 'how the cluster keeps its secrets is not in the input' },
      { state: 'NA', when: 'there is no secret in the input' },
    ],
    remedy:
      'Change the secret first: it is known. Put the new one into Key Vault and bring it to the pod by the secrets store driver with workload identity, or by an external secret; switch on encryption of etcd by a key in Key Vault.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.4.1', '5.4.2', '1.2.27', '1.2.28'],
      'cis-aks': ['4.5.1', '4.5.2', '5.3.1'],
      'nist-800-190': ['4.1.4'],
      'nsa-cisa': ['secrets'],
      'owasp-top-ten': ['K03'],
      'owasp-cheat-sheet': ['encrypt-secrets-at-rest'],
      mcsb: ['IM-8', 'DP-6'],
      'azure-policy': ['dbbdc317-9734-4dd8-9074-993b29c69008'],
      attack: ['T1552.007'],
      'azure-security-book': ['L19'],
      'securing-kubernetes-in-azure': ['L19', 'L20'],
    }),
  },
  assess: assessSecrets,
  stateFor: stateForSecrets,
  fix: (context, judged) =>
    judged.where.kind === 'Secret'
      ? OUT_OF_FILES
      : judged.detail === 'variables'
        ? AS_FILES
        : (fixAks(context, judged) ?? fixMarked(context, judged)),
};

const AS_FILES: Fix = {
  summary: 'give secrets as files',
  automatic: false,
  changes: [],
  steps: [
    'mount the Secret, or a SecretProviderClass, as a volume that can only be read',
    'let the program read the file: many images take `NAME_FILE` in place of `NAME`',
  ],
};

const OUT_OF_FILES: Fix = {
  summary: 'keep the values out of files',
  automatic: false,
  changes: [],
  steps: [
    'change the secret: its value is in the file and in the history of the repository',
    'put the new value into Key Vault, and take it from there by a SecretProviderClass or an ExternalSecret of the same name',
    'delete the Secret from the files; where it has to stay, encrypt it there with SOPS or as a SealedSecret',
  ],
};

function fixAks(context: ControlContext, { where }: Judged): Fix | undefined {
  const found = managedClustersOf(context).find(({ resource }) => azureKey(resource.id) === where.id);
  if (found === undefined) return undefined;
  const { id } = found.resource;
  return {
    summary: 'take secrets from Key Vault',
    automatic: false,
    changes: [
      {
        kind: 'edit-azure',
        resource: id,
        edits: [
          { op: 'set', path: ['properties', 'addonProfiles', 'azureKeyvaultSecretsProvider', 'enabled'], value: true },
          {
            op: 'set',
            path: ['properties', 'addonProfiles', 'azureKeyvaultSecretsProvider', 'config', 'enableSecretRotation'],
            value: 'true',
          },
        ],
        command: `aks enable-addons --addons azure-keyvault-secrets-provider --enable-secret-rotation ${azTarget(id)}`,
      },
    ],
    steps: [
      'write a SecretProviderClass for each workload, and mount it; give its identity the right to read secrets of the vault',
      'or encrypt etcd by a key of Key Vault: `az aks update --enable-azure-keyvault-kms --azure-keyvault-kms-key-id KEY`',
    ],
  };
}

/** Variables that are nothing but a secret can refer to a Secret at once; other places need a hand. */
function fixMarked(context: ControlContext, { where }: Judged): Fix | undefined {
  const found = markedObjects(context).get(where.id);
  if (found === undefined) return undefined;
  const { object } = found;
  const secret = `${object.name}-secrets`;
  const variables = found.marks.filter(isVariable);
  return {
    summary: `take the secrets of \`${object.name}\` from a Secret`,
    automatic: false,
    changes:
      variables.length === 0
        ? []
        : [
            {
              kind: 'edit-object',
              object,
              edits: variables.flatMap(({ path }) => {
                const variable = path.slice(0, -1);
                const key = keyOf(object, variable);
                return [
                  { op: 'remove' as const, path },
                  {
                    op: 'set' as const,
                    path: [...variable, 'valueFrom'],
                    value: { secretKeyRef: { name: secret, key } },
                  },
                ];
              }),
            },
          ],
    steps: [
      'change the secrets where they are used: these are known to everybody who could read the file',
      variables.length === 0
        ? `move them to a Secret and mount it`
        : `make the Secret \`${secret}\` with the keys above, best from Key Vault by a SecretProviderClass or an ExternalSecret`,
    ],
  };
}

function isVariable({ path, isWhole }: Marked): boolean {
  return isWhole && path.at(-1) === 'value' && path.at(-3) === 'env';
}

function keyOf(object: ClusterObject, variable: FieldPath): string {
  const name = textAt(object.value, ...variable, 'name') ?? 'value';
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
