import type { Design } from '../plan/design.ts';
import { spacesOf } from '../plan/spaces.ts';
import type { Document } from '../write/yaml.ts';
import { objectOf } from './object.ts';

/** Where the cluster stands in Azure, Azure Backup has its schedules beside the vault; elsewhere Velero has them. */
export function backups({ choices }: Design): readonly Document[] {
  if (choices.platform === 'aks') return [];
  return [
    objectOf({
      api: 'velero.io/v1',
      kind: 'Schedule',
      name: 'every-night',
      namespace: 'velero',
      why: 'Volumes and objects of every namespace, and the policies of the cluster: what is restored without its fence is open.',
      body: {
        spec: {
          schedule: '0 2 * * *',
          template: {
            includedNamespaces: spacesOf(choices).map(({ name }) => name),
            includeClusterResources: true,
            snapshotVolumes: true,
            ttl: '720h0m0s',
          },
        },
      },
    }),
  ];
}
