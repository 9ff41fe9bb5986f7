import type { Evidence } from '#model/control.ts';
import { textAt } from '#model/plain.ts';
import { type ControlContext, titleOf } from '../context.ts';
import type { OwnedContainer, PodOwner } from '../pod-owners.ts';

/** Workloads that run one of these images, as evidence: `/(?:^|\/)falco(?::|@|$)/`. */
export function runningIn(context: ControlContext, image: RegExp, kinds?: readonly string[]): readonly Evidence[] {
  return context.podOwners.flatMap((owner) => {
    if (kinds !== undefined && !kinds.includes(owner.object.kind)) return [];
    const container = owner.containers.find(({ value }) => image.test(textAt(value, 'image') ?? ''));
    return container === undefined ? [] : [evidenceOfImage(owner, container)];
  });
}

function evidenceOfImage({ object }: PodOwner, { path, value, name }: OwnedContainer): Evidence {
  return {
    object: titleOf(object),
    field: `image of container ${name}`,
    value: textAt(value, 'image') ?? '',
    origin: object.originAt([...path, 'image']),
  };
}

/** The last part of an image's name is one of these: `imageNamed('falco', 'tetragon')`. */
export function imageNamed(...names: readonly string[]): RegExp {
  return new RegExp(`(?:^|/)(?:${names.join('|')})(?:[:@]|$)`);
}

/** What sends the logs of containers on. */
export const LOG_AGENTS = imageNamed(
  'fluent-bit(?:-.+)?',
  'fluentd(?:-.+)?',
  'promtail',
  'grafana/alloy',
  'vector',
  'filebeat',
  'elastic-agent',
  'containerinsights/ciprod',
  'opentelemetry-collector(?:-.+)?',
  'splunk-otel-collector',
  '(?:datadog|datadoghq)/agent',
  'dynatrace-oneagent',
  'cloudwatch-agent',
);

/** What takes metrics and keeps or sends them on. */
export const METRIC_AGENTS = imageNamed(
  'prometheus(?:-linux.+)?',
  'azuremonitor/containerinsights/ciprod/prometheus-collector/images',
  'vmagent',
  'victoria-metrics',
  'grafana/alloy',
  'grafana/agent',
  'opentelemetry-collector(?:-.+)?',
  '(?:datadog|datadoghq)/agent',
  'metricbeat',
  'dynatrace-oneagent',
  'nri-kubernetes',
  'telegraf',
);

/** What watches processes of containers for attacks while they run. */
export const THREAT_SENSORS = imageNamed(
  'falco(?:-no-driver)?',
  'tetragon',
  'tracee',
  'kubearmor',
  'kubescape/node-agent',
  'sysdig/agent(?:-slim)?',
  'aquasec/enforcer',
  'twistlock/defender',
  'falcon-sensor',
  'falcon-node-sensor',
  'sentinelone/.+',
  'neuvector/enforcer',
  'stackrox/collector(?:-slim)?',
  'wiz[^/]*/sensor',
  'azuredefender/.+/low-level-collector',
);
