import type { PlainObject, PlainValue } from '#model/plain.ts';
import type { Document } from '../write/yaml.ts';
import { objectOf } from './object.ts';

/** A workload with no more rights than it needs, which are none. */
export interface WorkloadOf {
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  /** Of its container, by name. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Of its account. */
  readonly accountAnnotations?: Readonly<Record<string, string>>;
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly volumes?: readonly { readonly volume: PlainObject; readonly mount: PlainObject }[];
  readonly why?: string;
}

/** The account and the Deployment. */
export function workloadDocuments(workload: WorkloadOf): readonly Document[] {
  const { name, namespace, accountAnnotations, why, replicas = 2 } = workload;
  return [
    objectOf({
      api: 'v1',
      kind: 'ServiceAccount',
      name,
      namespace,
      ...(accountAnnotations !== undefined && { annotations: accountAnnotations }),
      ...(why !== undefined && { why }),
      body: { automountServiceAccountToken: false },
    }),
    objectOf({
      api: 'apps/v1',
      kind: 'Deployment',
      name,
      namespace,
      body: {
        spec: {
          replicas,
          selector: { matchLabels: selectorOf(workload) },
          template: {
            metadata: { labels: { ...selectorOf(workload), ...workload.podLabels } },
            spec: podSpec(workload),
          },
        },
      },
    }),
  ];
}

/** Labels by which a Service finds its pods. */
export function selectorOf({ name, labels }: Pick<WorkloadOf, 'name' | 'labels'>): Readonly<Record<string, string>> {
  return labels ?? { app: name };
}

function podSpec({ name, image, ports = {}, volumes = [] }: WorkloadOf): PlainObject {
  const containerPorts: PlainValue = Object.entries(ports).map(([port, containerPort]) => ({
    name: port,
    containerPort,
  }));
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name,
        image,
        ...(containerPorts.length > 0 && { ports: containerPorts }),
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '50m', memory: '32Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        ...(volumes.length > 0 && { volumeMounts: volumes.map(({ mount }) => mount) }),
      },
    ],
    ...(volumes.length > 0 && { volumes: volumes.map(({ volume }) => volume) }),
  };
}
