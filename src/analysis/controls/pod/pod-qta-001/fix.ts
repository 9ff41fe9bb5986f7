import type { Change, Fix, Judged } from '#model/control.ts';
import type { PlainObject } from '#model/plain.ts';
import { plainAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { type WorkloadNamespace, workloadNamespaces } from '../workload-namespaces.ts';
import { mostReplicas, servicesOf } from './assess.ts';
import { boundsCompute, boundsServices, quotaOf, unlimited } from './limits.ts';
import { cpuText, memoryText, quantityOf } from './quantity.ts';

/**
 * A quota of twice what the workloads of the input ask for, so that each can be replaced while it runs, and a default limit
 * where a container has none. The quota is a fix by itself where every workload says what it takes.
 */
export function fixQuota(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  if (detail === 'processes') return PROCESSES;
  const space = workloadNamespaces(context).find(({ name }) => name === where.name);
  if (space === undefined) return undefined;
  const isOpen = space.owners.some((owner) => unlimited(context, owner, 'memory').length > 0);
  const sums = isOpen ? undefined : neededBy(context, space);
  const quota = quotaOf(context, space.name);
  const changes: Change[] = [];
  if (isOpen) changes.push({ kind: 'new-object', object: limitRange(space.name) });
  if (!boundsCompute(quota) || !boundsServices(quota))
    changes.push({
      kind: 'new-object',
      object: resourceQuota(context, space, boundsCompute(quota) ? {} : (sums ?? {})),
    });
  return {
    summary: `bound what namespace \`${space.name}\` may take`,
    automatic: !isOpen && (sums !== undefined || boundsCompute(quota)),
    changes,
    steps: isOpen
      ? [
          'the limit of memory is a start: see what each container takes (`kubectl top pod --containers`) and give it its own',
          'add `limits.memory` and `requests.memory` to the quota once every container has them',
        ]
      : ['raise the quota with the number of pods: what does not fit is not started'],
  };
}

const PROCESSES: Fix = {
  summary: 'limit the processes of a pod',
  automatic: false,
  changes: [],
  steps: ['set `podPidsLimit` in the configuration of the kubelet; on AKS `podMaxPids` of the node pool'],
};

interface Sums {
  readonly 'limits.memory'?: string;
  readonly 'requests.cpu'?: string;
  readonly pods?: string;
}

/** Undefined where a workload has as many pods as there are nodes, or does not say what it takes. */
function neededBy(context: ControlContext, { owners }: WorkloadNamespace): Sums | undefined {
  const needs = owners.map((owner) => needOf(context, owner));
  const known = needs.filter((need) => need !== undefined);
  if (known.length < needs.length) return undefined;
  const pods = total(known.map(({ replicas }) => replicas));
  const sum = (field: 'memory' | 'cpu') =>
    known.some((need) => need[field] === undefined)
      ? undefined
      : total(known.map((need) => need.replicas * (need[field] ?? 0)));
  const [memory, cpu] = [sum('memory'), sum('cpu')];
  return {
    pods: `${2 * Math.max(1, pods)}`,
    ...(memory !== undefined && { 'limits.memory': memoryText(2 * memory) }),
    ...(cpu !== undefined && { 'requests.cpu': cpuText(2 * cpu) }),
  };
}

interface Need {
  readonly replicas: number;
  /** Of one pod; absent where a container does not say: a quota of it would refuse the pod. */
  readonly memory?: number | undefined;
  readonly cpu?: number | undefined;
}

function needOf(context: ControlContext, owner: PodOwner): Need | undefined {
  const replicas = mostReplicas(context, owner);
  if (replicas === undefined) return undefined;
  const containers = owner.containers.filter(({ role }) => role !== 'ephemeral');
  const all = (...path: readonly string[]) => {
    const parts = containers.map(({ value }) => quantityOf(plainAt(value, 'resources', ...path)));
    return parts.some((part) => part === undefined) ? undefined : total(parts);
  };
  return { replicas, memory: all('limits', 'memory'), cpu: all('requests', 'cpu') };
}

function total(parts: readonly (number | undefined)[]): number {
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

function resourceQuota(context: ControlContext, { name }: WorkloadNamespace, sums: Sums): PlainObject {
  const { balancers, ports } = servicesOf(context, name);
  const suffix = boundsCompute(quotaOf(context, name)) ? 'services' : 'namespace';
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: suffix, namespace: name },
    spec: { hard: { ...sums, 'services.loadbalancers': `${balancers}`, 'services.nodeports': `${ports}` } },
  };
}

function limitRange(namespace: string): PlainObject {
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'containers', namespace },
    spec: { limits: [{ type: 'Container', default: { memory: '512Mi' }, defaultRequest: { memory: '128Mi' } }] },
  };
}
