import type { Document } from '../write/yaml.ts';
import { objectOf } from './object.ts';

export interface Limits {
  readonly namespace: string;
  /** Cores that pods may request together. */
  readonly cpu: number;
  /** Gibibytes. */
  readonly memory: number;
  readonly pods: number;
  /** Services of type LoadBalancer; each takes a port of nodes for each of its ports. */
  readonly balancers: number;
}

/** HTTPS, and what a gateway has for its own health. */
const PORTS_OF_BALANCER = 2;

/** What a namespace may take of the cluster, and what a container is given that asks for nothing. */
export function limitDocuments({ namespace, cpu, memory, pods, balancers }: Limits): readonly Document[] {
  return [
    objectOf({
      api: 'v1',
      kind: 'ResourceQuota',
      name: 'namespace',
      namespace,
      why: 'One namespace cannot take the cluster from the others, and opens no balancer and no port of nodes that was not chosen.',
      body: {
        spec: {
          hard: {
            'requests.cpu': `${cpu}`,
            'requests.memory': `${memory}Gi`,
            'limits.cpu': `${cpu * 2}`,
            'limits.memory': `${memory * 2}Gi`,
            pods: `${pods}`,
            'services.loadbalancers': `${balancers}`,
            'services.nodeports': `${balancers * PORTS_OF_BALANCER}`,
          },
        },
      },
    }),
    objectOf({
      api: 'v1',
      kind: 'LimitRange',
      name: 'containers',
      namespace,
      why: 'A container that says nothing is given little.',
      body: {
        spec: {
          limits: [
            {
              type: 'Container',
              defaultRequest: { cpu: '50m', memory: '64Mi' },
              default: { cpu: '250m', memory: '256Mi' },
            },
          ],
        },
      },
    }),
  ];
}
