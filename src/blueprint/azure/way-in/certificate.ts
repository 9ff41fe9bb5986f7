import { ROLE_IDS } from '../../../data/azure/roles.ts';
import type { Design } from '../../plan/design.ts';
import { CERTIFICATE } from '../../plan/workload-account.ts';
import { roleAssignment } from '../access.ts';
import { placed, VERSIONS } from '../resources.ts';
import { type Draft, type Expression, propertyOf, text } from '../value.ts';

/** Key Vault Secrets User (built-in role). */
export const SECRETS_USER = ROLE_IDS['Key Vault Secrets User'];

/** The certificate in its newest version, so that a new one is served without anybody's doing. */
export function certificateUri(): Expression {
  return text(propertyOf('keyVault', 'properties.vaultUri'), `secrets/${CERTIFICATE}`);
}

/** Who fetches the certificate, and its right to. */
export function certificateReader(design: Design, { key, what }: { key: string; what: string }): readonly Draft[] {
  return [
    {
      key,
      module: 'identities',
      group: 'spoke',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      apiVersion: VERSIONS.identity,
      name: design.names.of('id', what),
      body: placed(design, {}),
    },
    roleAssignment({
      key: `${key}ReadsCertificate`,
      module: 'key-vault',
      group: 'spoke',
      scope: 'keyVault',
      role: SECRETS_USER,
      who: { of: key, path: 'properties.principalId' },
    }),
  ];
}
