import { ROLE_IDS } from '../../data/azure/roles.ts';
import type { Design } from '../plan/design.ts';
import { roleAssignment } from './access.ts';
import { privateEndpoint, privateZone } from './private-endpoints.ts';
import { type Part, placed, VERSIONS } from './resources.ts';
import { type Draft, idOf, TENANT } from './value.ts';
import { zonesOf } from './zones.ts';

/** Secrets, keys and certificates, reached privately; and the keys with which the cluster encrypts. */
export const vault: Part = (design) => {
  const { vault: zone } = zonesOf(design.choices);
  return [
    keyVault(design),
    ...privateZone(design, zone),
    ...privateEndpoint(design, { key: 'keyVault', part: 'vault', zones: [zone] }),
    // Keys of one's own are for what stands in Azure: elsewhere who runs the machines encrypts them.
    ...(design.choices.paid.customerManagedKeys && design.choices.platform === 'aks' ? keys(design) : []),
  ];
};

function keyVault(design: Design): Draft {
  return {
    key: 'keyVault',
    module: 'key-vault',
    group: 'spoke',
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: VERSIONS.keyVault,
    name: design.names.globally('kv'),
    why: 'No way in but the private endpoint; nothing is lost when somebody deletes.',
    body: placed(design, {
      properties: {
        tenantId: TENANT,
        sku: { family: 'A', name: 'premium' },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        enablePurgeProtection: true,
        softDeleteRetentionInDays: 90,
        publicNetworkAccess: 'Disabled',
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
      },
    }),
  };
}

/** Key Vault Crypto User and Crypto Service Encryption User (built-in roles). */
const CRYPTO_USER = ROLE_IDS['Key Vault Crypto User'];
const CRYPTO_SERVICE_USER = ROLE_IDS['Key Vault Crypto Service Encryption User'];

function keys(design: Design): readonly Draft[] {
  return [
    key('secretsKey', 'secrets-of-cluster'),
    key('disksKey', 'disks-of-cluster'),
    {
      key: 'diskEncryption',
      module: 'key-vault',
      group: 'spoke',
      type: 'Microsoft.Compute/diskEncryptionSets',
      apiVersion: VERSIONS.compute,
      name: design.names.of('des'),
      body: placed(design, {
        identity: { type: 'SystemAssigned' },
        properties: {
          encryptionType: 'EncryptionAtRestWithPlatformAndCustomerKeys',
          rotationToLatestKeyVersionEnabled: true,
          activeKey: {
            sourceVault: { id: idOf('keyVault') },
            keyUrl: { $: { kind: 'property', of: 'disksKey', path: 'properties.keyUriWithVersion' } },
          },
        },
      }),
    },
    roleAssignment({
      key: 'diskEncryptionUsesKey',
      module: 'key-vault',
      group: 'spoke',
      scope: 'keyVault',
      role: CRYPTO_SERVICE_USER,
      who: { of: 'diskEncryption', path: 'identity.principalId' },
    }),
    roleAssignment({
      key: 'clusterUsesKey',
      module: 'key-vault',
      group: 'spoke',
      scope: 'keyVault',
      role: CRYPTO_USER,
      who: { of: 'clusterIdentity', path: 'properties.principalId' },
    }),
  ];
}

/** Rotated once a year by the vault itself, two months before it ends. */
function key(name: string, called: string): Draft {
  return {
    key: name,
    module: 'key-vault',
    group: 'spoke',
    type: 'Microsoft.KeyVault/vaults/keys',
    apiVersion: VERSIONS.keyVault,
    parent: 'keyVault',
    name: called,
    body: {
      properties: {
        kty: 'RSA-HSM',
        keySize: 3072,
        rotationPolicy: {
          attributes: { expiryTime: 'P14M' },
          lifetimeActions: [{ trigger: { timeBeforeExpiry: 'P2M' }, action: { type: 'rotate' } }],
        },
      },
    },
  };
}
