import type { Assessment, ControlState, Evidence, Judged, Place } from '#model/control.ts';
import { listAt, numberAt, plainAt } from '#model/plain.ts';
import { assessmentOf, placeOf, plain } from '../../assessment.ts';
import { evidenceOfResource, resourcesOfType, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { type WorkloadNamespace, workloadNamespaces } from '../workload-namespaces.ts';
import { boundsCompute, boundsServices, quotaOf, unlimited } from './limits.ts';

export function assessQuotas(context: ControlContext): Assessment {
  const places = [...workloadNamespaces(context).map((space) => judge(context, space)), ...judgeKubelets(context)];
  return assessmentOf(
    places,
    plain('NA', 'the input has no workload outside of the namespaces of the platform'),
    (count, state) => `${count} ${count === 1 ? 'place' : 'places'} ${SAID[state]}`,
  );
}

const SAID: Readonly<Partial<Record<ControlState, string>>> = {
  FAIL: 'where nothing bounds what pods take',
  PARTIAL: 'where nothing bounds what pods take',
  WARN: 'where what pods take is bounded in part',
  PASS: 'where what pods take is bounded',
};

const SHOWN = 8;

function judge(context: ControlContext, { name, owners, where }: WorkloadNamespace): Judged {
  const quota = quotaOf(context, name);
  const managed = managedQuota(context, name);
  const isBound = boundsCompute(quota) || managed !== undefined;
  const open = owners.flatMap((owner) =>
    unlimited(context, owner, 'memory').map((container) =>
      seenAt(owner.object, [...container.path, 'resources', 'limits', 'memory'], 'takes what the node has'),
    ),
  );
  const evidence = [
    ...quotaEvidence(context, name),
    ...(managed === undefined ? [] : [managed]),
    ...open.slice(0, SHOWN),
  ];
  const containers = `${open.length} ${open.length === 1 ? 'container has' : 'containers have'} no limit of memory`;
  if (!isBound && open.length > 0)
    return { where, state: 'FAIL', message: `the namespace has no quota, and ${containers}`, evidence };
  if (!isBound)
    return {
      where,
      state: 'WARN',
      message: 'every container has a limit of memory, and the namespace has no quota',
      evidence,
    };
  if (open.length > 0)
    return { where, state: 'WARN', message: `the namespace has a quota, and ${containers}`, evidence };
  if (!boundsServices(quota) && managed === undefined)
    return {
      where,
      state: 'WARN',
      severity: 'low',
      message: 'the quota bounds memory and pods, and not how many load balancers and ports of nodes may be opened',
      evidence,
    };
  return { where, state: 'PASS', message: 'a quota bounds the namespace, and a limit every container', evidence };
}

function quotaEvidence({ objects }: ControlContext, namespace: string): readonly Evidence[] {
  const quotas = objects.of('', 'ResourceQuota').filter((quota) => quota.namespace === namespace);
  if (quotas.length > 0) return quotas.map((quota) => seenAt(quota, ['spec', 'hard']));
  return [{ object: `Namespace ${namespace}`, why: 'no ResourceQuota of it is in the input' }];
}

/** Namespaces that AKS manages have their quota in Azure. */
function managedQuota(context: ControlContext, namespace: string): Evidence | undefined {
  const type = 'Microsoft.ContainerService/managedClusters/managedNamespaces';
  const found = resourcesOfType(context, type).find((resource) => resource.name.split('/').at(-1) === namespace);
  if (found === undefined) return undefined;
  const limit = settingAt(found, 'properties', 'defaultResourceQuota', 'memoryLimit');
  return limit.state === 'absent' ? undefined : evidenceOfResource(found, 'a quota of a namespace that AKS manages');
}

/** What a kubelet says of the number of processes: without a number a pod may take all of its node's. */
function judgeKubelets({ objects, snapshot }: ControlContext): readonly Judged[] {
  const configured = objects.all
    .filter(({ kind }) => kind === 'KubeletConfiguration')
    .map((object) =>
      judgeProcesses(placeOf(object), numberAt(object.value, 'podPidsLimit'), seenAt(object, ['podPidsLimit'])),
    );
  const answered = snapshot.documents
    .filter(({ shape }) => shape === 'kubelet-configz')
    .map(({ value, origin, originAt }, index) => {
      const path = ['kubeletconfig', 'podPidsLimit'];
      const limit = numberAt(value, ...path);
      const name = `${index + 1}`;
      return judgeProcesses({ kind: 'kubelet', namespace: '', name, id: `kubelet/${name}`, origin }, limit, {
        object: `kubelet ${name}`,
        field: 'podPidsLimit',
        ...(limit === undefined ? { absent: true } : { value: limit }),
        origin: originAt(path),
      });
    });
  return [...configured, ...answered];
}

function judgeProcesses(where: Place, limit: number | undefined, evidence: Evidence): Judged {
  const isLimited = limit !== undefined && limit > 0;
  return {
    where,
    detail: 'processes',
    state: isLimited ? 'PASS' : 'WARN',
    severity: 'low',
    message: isLimited
      ? `a pod has at most ${limit} processes`
      : 'a pod may have as many processes as its node, which stops the node when it takes them',
    evidence: [evidence],
  };
}

/** How many pods a workload may have at a time: what its autoscaler allows, or asks for itself. */
export function mostReplicas(
  { objects }: ControlContext,
  owner: WorkloadNamespace['owners'][number],
): number | undefined {
  const { object } = owner;
  if (object.kind === 'DaemonSet') return undefined;
  const scaler = objects
    .of('autoscaling', 'HorizontalPodAutoscaler')
    .find(
      ({ namespace, value }) =>
        namespace === object.namespace &&
        plainAt(value, 'spec', 'scaleTargetRef', 'kind') === object.kind &&
        plainAt(value, 'spec', 'scaleTargetRef', 'name') === object.name,
    );
  if (scaler !== undefined) return numberAt(scaler.value, 'spec', 'maxReplicas');
  // KEDA: a hundred unless it says otherwise.
  const scaled = objects
    .of('keda.sh', 'ScaledObject')
    .find(
      ({ namespace, value }) =>
        namespace === object.namespace && plainAt(value, 'spec', 'scaleTargetRef', 'name') === object.name,
    );
  if (scaled !== undefined) return numberAt(scaled.value, 'spec', 'maxReplicaCount') ?? 100;
  if (object.kind === 'Job' || object.kind === 'CronJob')
    return numberAt(object.value, ...JOB[object.kind], 'parallelism') ?? 1;
  return numberAt(object.value, 'spec', 'replicas') ?? 1;
}

const JOB = { Job: ['spec'], CronJob: ['spec', 'jobTemplate', 'spec'] } as const;

export function servicesOf(
  { objects }: ControlContext,
  namespace: string,
): { readonly balancers: number; readonly ports: number } {
  const services = objects.of('', 'Service').filter((service) => service.namespace === namespace);
  const balancers = services.filter(({ value }) => plainAt(value, 'spec', 'type') === 'LoadBalancer');
  const nodePorts = services.filter(({ value }) => plainAt(value, 'spec', 'type') === 'NodePort');
  const ports = [...balancers, ...nodePorts].reduce((sum, { value }) => sum + listAt(value, 'spec', 'ports').length, 0);
  return { balancers: balancers.length, ports };
}
