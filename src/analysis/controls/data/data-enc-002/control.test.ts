import { describe, expect, test } from 'vitest';
import { contextOf, stateOf } from '../../controls.test-support.ts';
import { dataEnc002 } from './control.ts';

function resource(type: string, properties: object, more: object = {}): object {
  const id = `/subscriptions/s/resourceGroups/g/providers/${type.split('/').slice(0, 2).join('/')}/one`;
  return { id, name: 'one', type, properties, ...more };
}

describe('services', () => {
  const STORAGE = 'Microsoft.Storage/storageAccounts';
  test.each<[string, object, string]>([
    ['an account as Azure makes it', resource(STORAGE, {}), 'PASS'],
    ['an account without secure transfer', resource(STORAGE, { supportsHttpsTrafficOnly: false }), 'PARTIAL'],
    [
      'an account for NFS on private networks',
      resource(STORAGE, { supportsHttpsTrafficOnly: false, publicNetworkAccess: 'Disabled' }, { kind: 'FileStorage' }),
      'WARN',
    ],
    ['an account with old TLS', resource(STORAGE, { minimumTlsVersion: 'TLS1_0' }), 'PARTIAL'],
    ['a cache with its plain port', resource('Microsoft.Cache/redis', { enableNonSslPort: true }), 'PARTIAL'],
    ['a database as it should be', resource('Microsoft.Sql/servers', { minimalTlsVersion: '1.2' }), 'PASS'],
  ])('%s', (_, azure, state) => expect(stateOf(dataEnc002, { azure: [azure] })).toBe(state));

  test('are mended by one setting', () => {
    const context = contextOf({ azure: [resource(STORAGE, { minimumTlsVersion: 'TLS1_1' })] });
    const place = dataEnc002.assess(context).places.find(({ state }) => state === 'FAIL');
    expect(dataEnc002.fix?.(context, place!)).toMatchObject({
      automatic: true,
      changes: [{ edits: [{ value: 'TLS1_2' }] }],
    });
  });
});

describe('volumes', () => {
  const storage = (parameters: string, options = '[]') => `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: own }
provisioner: file.csi.azure.com
parameters: ${parameters}
mountOptions: ${options}`;
  const volume = (options: string) => `
apiVersion: v1
kind: PersistentVolume
metadata: { name: own }
spec: { nfs: { server: nfs.example.com, path: / }, mountOptions: ${options} }`;
  test.each<[string, string, string]>([
    ['SMB', storage('{}'), 'PASS'],
    ['an old SMB', storage('{}', '[vers=2.1]'), 'FAIL'],
    ['NFS over the public endpoint', storage('{ protocol: nfs }'), 'FAIL'],
    ['NFS over a private endpoint', storage('{ protocol: nfs, networkEndpointType: privateEndpoint }'), 'WARN'],
    ['NFS in TLS', storage('{ protocol: nfs, encryptInTransit: "true" }'), 'PASS'],
    ['NFS of one’s own', volume('[]'), 'WARN'],
    ['NFS with Kerberos', volume('[sec=krb5p]'), 'PASS'],
  ])('%s', (_, manifests, state) => expect(stateOf(dataEnc002, { manifests })).toBe(state));
});

test('nothing to look at', () => {
  expect([stateOf(dataEnc002, {}), stateOf(dataEnc002, { kind: 'live' })]).toEqual(['UNKNOWN', 'NA']);
});
