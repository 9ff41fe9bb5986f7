import type { Labels, PodShape, Workload, WorkloadKind } from '#model/resource.ts';
import { quote } from './draft.ts';
import { type Meta, readController } from './meta.ts';
import { readTemplate } from './pod.ts';
import { NO_LABELS, type Reader } from './reader.ts';

type ReadWorkload = (object: Reader, meta: Meta) => Workload;

/** Deployment, ReplicaSet, StatefulSet, DaemonSet: `spec.template`, which must be there. */
export function controllerOf(kind: WorkloadKind): ReadWorkload {
  return (object, meta) => {
    const spec = object.requiredChild('spec');
    return workload(object, meta, { kind, template: readTemplate(spec.requiredChild('template')), spec });
  };
}

/** The ReplicationController's template may be left out: it then makes no pods that we could know. */
export function readReplicationController(object: Reader, meta: Meta): Workload {
  const spec = object.childOrEmpty('spec');
  return workload(object, meta, {
    kind: 'ReplicationController',
    template: readTemplate(spec.childOrEmpty('template')),
    spec,
  });
}

/** The API server labels a Job's pods with its name, unless the Job has a selector of its own. */
export function readJob(object: Reader, meta: Meta): Workload {
  const spec = object.requiredChild('spec');
  const manual = spec.boolean('manualSelector') ?? false;
  const added: Labels = new Map([
    ['batch.kubernetes.io/job-name', meta.name],
    ['job-name', meta.name],
  ]);
  const template = readTemplate(spec.requiredChild('template'), manual ? NO_LABELS : added);
  return workload(object, meta, { kind: 'Job', template });
}

export function readCronJob(object: Reader, meta: Meta): Workload {
  const job = object.requiredChild('spec').requiredChild('jobTemplate').requiredChild('spec');
  return workload(object, meta, { kind: 'CronJob', template: readTemplate(job.requiredChild('template')) });
}

/** `apps.openshift.io/v1`: its controller labels every pod with the name of the configuration. */
export function readDeploymentConfig(object: Reader, meta: Meta): Workload {
  const spec = object.requiredChild('spec');
  const template = readTemplate(spec.childOrEmpty('template'), new Map([['deploymentconfig', meta.name]]));
  return workload(object, meta, { kind: 'DeploymentConfig', template, spec });
}

/** `argoproj.io/v1alpha1`: a template of its own, or that of a Deployment it refers to, which the snapshot fills in. */
export function readRollout(object: Reader, meta: Meta): Workload {
  const spec = object.requiredChild('spec');
  const ref = spec.child('workloadRef');
  if (ref !== undefined && spec.has('template')) {
    spec.refuse('RF2009', 'workloadRef', 'excludes `template`; a Rollout has one of the two');
  }
  if (ref !== undefined) referTo(ref);
  else if (!spec.has('template')) spec.missing('template');
  return workload(object, meta, { kind: 'Rollout', template: readTemplate(spec.childOrEmpty('template')), spec });
}

function referTo(ref: Reader): void {
  const kind = ref.requiredText('kind');
  const name = ref.requiredText('name');
  const lender = quote(`${kind}/${name}`);
  const message = `takes its pod template from ${lender}, which is not in the input`;
  const problem = ref.draft.diagnostic('RF3008', ref.place(), { message, help: `add the manifest of ${lender}` });
  ref.draft.templateRef = { kind, name, problem };
}

interface WorkloadParts {
  readonly kind: WorkloadKind;
  readonly template: PodShape;
  /** Where `replicas` stands, for kinds that have it. */
  readonly spec?: Reader;
}

function workload(object: Reader, meta: Meta, { kind, template, spec }: WorkloadParts): Workload {
  const replicas = spec?.integer('replicas');
  return { ...meta, kind, template, ...(replicas !== undefined && { replicas }), ...readController(object) };
}
