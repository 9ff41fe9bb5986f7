import type { Design } from '../plan/design.ts';
import { type Space, spacesOf } from '../plan/spaces.ts';
import { workloadAccount } from '../plan/workload-account.ts';
import type { Document } from '../write/yaml.ts';
import { objectOf } from './object.ts';
import { NOT_YET, type ValueOfAzure } from './values.ts';

const CLIENT_ID = 'azure.workload.identity/client-id';

/** The account of pods that sign in to services of Azure, which an identity there trusts. */
export function accountDocuments({ name, services }: Space): readonly Document[] {
  if (services.length === 0) return [];
  return [
    objectOf({
      api: 'v1',
      kind: 'ServiceAccount',
      name: workloadAccount(name),
      namespace: name,
      annotations: { [CLIENT_ID]: NOT_YET },
      why: `Pods that name this account, and have the label azure.workload.identity/use, sign in to ${services.join(', ')} without a secret.`,
      body: { automountServiceAccountToken: false },
    }),
  ];
}

export function accountValues({ choices, names }: Design): readonly ValueOfAzure[] {
  return spacesOf(choices)
    .filter(({ services }) => services.length > 0)
    .map(({ name }) => ({
      key: `${name.replaceAll('-', '_').toUpperCase()}_CLIENT_ID`,
      why: `The client id of the identity ${names.of('id', `ns-${name}`)}: az identity show --query clientId`,
      targets: [
        {
          select: { kind: 'ServiceAccount', name: workloadAccount(name), namespace: name },
          fieldPaths: [`metadata.annotations.[${CLIENT_ID}]`],
        },
      ],
    }));
}
