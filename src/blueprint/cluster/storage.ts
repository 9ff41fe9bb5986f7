import type { Design } from '../plan/design.ts';
import type { Document } from '../write/yaml.ts';
import { objectOf } from './object.ts';

/** Classes of storage for what teams keep. */
export function storageClasses({ choices }: Design): readonly Document[] {
  if (choices.platform !== 'aks') return [];
  const keys = choices.paid.customerManagedKeys
    ? 'They are encrypted with the key of the cluster, as it names an encryption set'
    : 'They are encrypted with keys of the platform';
  return [
    objectOf({
      api: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      name: 'team-disks',
      why: `Disks in three zones. ${keys}; their contents are exported over no network, and they stay when a claim is deleted by mistake.`,
      body: {
        provisioner: 'disk.csi.azure.com',
        parameters: { skuName: 'Premium_ZRS', networkAccessPolicy: 'DenyAll', publicNetworkAccess: 'Disabled' },
        reclaimPolicy: 'Retain',
        allowVolumeExpansion: true,
        volumeBindingMode: 'WaitForFirstConsumer',
      },
    }),
    objectOf({
      api: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      name: 'team-files',
      why: 'Shares that many pods write: NFS inside TLS, by a private endpoint.',
      body: {
        provisioner: 'file.csi.azure.com',
        parameters: {
          skuName: 'Premium_ZRS',
          protocol: 'nfs',
          encryptInTransit: 'true',
          networkEndpointType: 'privateEndpoint',
        },
        mountOptions: ['noresvport', 'actimeo=30'],
        reclaimPolicy: 'Retain',
        allowVolumeExpansion: true,
        volumeBindingMode: 'Immediate',
      },
    }),
  ];
}
