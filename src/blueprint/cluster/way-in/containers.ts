import type { Design } from '../../plan/design.ts';
import { WAY_IN } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import { objectOf } from '../object.ts';
import { NOT_YET, type ValueOfAzure } from '../values.ts';
import { listener } from './gateway.ts';

/** The frontend of Application Gateway for Containers, as the deployment of Azure calls it. */
const FRONTEND = 'front';

export const CONTAINERS_VALUES: readonly ValueOfAzure[] = [
  {
    key: 'TRAFFIC_CONTROLLER_ID',
    why: 'The resource id of Application Gateway for Containers: az network alb show --query id',
    targets: [
      {
        select: { kind: 'Gateway', name: WAY_IN, namespace: WAY_IN },
        fieldPaths: ['metadata.annotations.[alb.networking.azure.io/alb-id]'],
      },
    ],
  },
];

/** Application Gateway for Containers, which the deployment of Azure makes: the Gateway names it and its frontend. */
export function containersDocuments(design: Design): readonly Document[] {
  return [
    objectOf({
      api: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      name: WAY_IN,
      namespace: WAY_IN,
      annotations: { 'alb.networking.azure.io/alb-id': NOT_YET },
      why: 'Application Gateway for Containers with its firewall for the web, which the deployment of Azure attaches to it. HTTPS and nothing else, with the certificate of Key Vault.',
      body: {
        spec: {
          gatewayClassName: 'azure-alb-external',
          addresses: [{ type: 'alb.networking.azure.io/alb-frontend', value: FRONTEND }],
          listeners: [listener(design)],
        },
      },
    }),
  ];
}
