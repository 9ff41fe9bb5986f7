import type { Design } from '../../plan/design.ts';
import { WAY_IN } from '../../plan/way-in.ts';
import type { Document } from '../../write/yaml.ts';
import { objectOf } from '../object.ts';
import { listener } from './gateway.ts';
import { fromValues, NOT_YET } from './values.ts';

/** Values that the Gateway needs of the deployment of Azure. */
export const CONTAINERS_VALUES: Readonly<Record<string, string>> = {
  TRAFFIC_CONTROLLER_ID: 'The resource id of Application Gateway for Containers, an output of the deployment',
  FRONTEND_NAME: 'The name of its frontend, an output of the deployment',
};

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
          addresses: [{ type: 'alb.networking.azure.io/alb-frontend', value: NOT_YET }],
          listeners: [listener(design)],
        },
      },
    }),
  ];
}

export function containersReplacements(): readonly Document['value'][] {
  const target = (path: string) => [{ select: { kind: 'Gateway', name: WAY_IN }, fieldPaths: [path] }];
  return [
    {
      source: fromValues('TRAFFIC_CONTROLLER_ID'),
      targets: target('metadata.annotations.[alb.networking.azure.io/alb-id]'),
    },
    { source: fromValues('FRONTEND_NAME'), targets: target('spec.addresses.0.value') },
  ];
}
