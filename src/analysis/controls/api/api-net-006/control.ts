import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { entriesAt, listAt, plainAt, textAt } from '#model/plain.ts';
import { answeredOr } from '../../assessment.ts';
import { azGroup, azWord } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  managedClustersOf,
  placeOfResource,
  poolsOf,
  resourcesOfType,
  settingAt,
  type WrittenCluster,
  type WrittenPool,
  withoutCluster,
  wordOf,
} from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted, viewFor } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';

const ID = 'API-NET-006';

const data: ControlData = {
  id: ID,
  title: 'Management plane and data plane use separate subnets and pools',
  severity: 'low',
  rationale:
    'Where DNS, metrics and the tunnel to the API server run on the nodes of applications, an application that takes a node takes them too. In one subnet, no rule can tell nodes from private endpoints and the API server.',
  evidence:
    'Modes and taints of node pools, and the subnets of nodes, of the API server and of private endpoints; on Azure Local a person says.',
  states: [
    {
      state: 'PASS',
      when: 'a pool is kept for the system, and nodes share no subnet with the API server or private endpoints',
    },
    { state: 'WARN', when: 'applications share nodes with the system, or a subnet is shared' },
    { state: 'UNKNOWN', when: 'a setting is an expression, or the input has nothing of the pools' },
    { state: 'MANUAL', when: 'the cluster is on Azure Local, whose physical networks no input shows' },
  ],
  remedy:
    'Add a pool for applications, taint the system pool with `CriticalAddonsOnly=true:NoSchedule`, and give private endpoints a subnet of their own.',
  mappings: mappingsOf({
    'cis-aks': ['5.4.1'],
    'nist-800-190': ['4.3.3', '4.3.4', '4.3.5'],
    'nsa-cisa': ['control-plane-hardening'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-1'],
    'azure-policy': ['48940d92-ff05-449e-9111-e742d9280451'],
    'azure-security-book': ['L13'],
    'securing-kubernetes-in-azure': ['L34', 'L35'],
    'azure-security-book-2024': ['L16'],
  }),
  question: 'Are the networks of management and of workloads of the Azure Local cluster separate?',
};

function assess(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context);
  const view = viewFor(context);
  if (clusters.length === 0 && resourcesOfType(context, LOCAL).length > 0)
    return answeredOr(context, ID, 'the networks of management and of workloads of Azure Local are not in the input');
  const places = [
    ...clusters.map((each) => systemPool(context, each)),
    ...(view === undefined ? [] : [...endpointSubnets(view), ...apiSubnet(view)]),
  ];
  return assessed(places, withoutCluster(context, 'its node pools and subnets'), [
    'pool or subnet',
    'pools or subnets',
  ]);
}

const LOCAL = 'Microsoft.HybridContainerService/provisionedClusterInstances';
const TAINT = /^CriticalAddonsOnly=true:No(?:Schedule|Execute)$/i;

function systemPool(context: ControlContext, written: WrittenCluster): Judged {
  const { resource } = written;
  const where = placeOfResource(resource);
  const detail = 'system pool';
  const sku = settingAt(resource, 'sku', 'name');
  if (wordOf(sku, '') === 'automatic') {
    const message = 'AKS Automatic keeps nodes for the system by itself';
    return { where, state: 'PASS', message, evidence: [evidenceOf(resource, sku)], detail };
  }
  const pools = poolsOf(context, written);
  const systems = pools.filter(({ pool }) => String(pool.mode).toLowerCase() === 'system');
  const evidence = systems.map(({ at, resource: own }) => evidenceOf(own, at('nodeTaints')));
  const place = { where, evidence, detail };
  if (systems.length === 0)
    return { ...place, state: 'UNKNOWN', message: 'which pool is kept for the system is not in the input' };
  if (systems.some(isTainted))
    return { ...place, state: 'PASS', message: 'a pool takes nothing but what the system runs' };
  if (systems.some(({ at }) => at('nodeTaints').state === 'unsettled'))
    return {
      ...place,
      state: 'UNKNOWN',
      message: 'taints of the system pool are an expression that the input does not settle',
    };
  const message =
    systems.length === pools.length
      ? 'applications run on the nodes of the system: there is no other pool'
      : 'applications may run on the nodes of the system: no taint keeps them away';
  return { ...place, state: 'WARN', message };
}

function isTainted({ at }: WrittenPool): boolean {
  const setting = at('nodeTaints');
  return (
    setting.state === 'value' && Array.isArray(setting.value) && setting.value.some((each) => TAINT.test(String(each)))
  );
}

/** Subnets of nodes in which private endpoints stand too. */
function endpointSubnets({ cluster, subnets, estate }: AzureView): Judged[] {
  const own = new Set(cluster.pools.flatMap(({ subnet, podSubnet }) => [subnet, podSubnet]).filter(isKey));
  return [...own].flatMap((key): Judged[] => {
    const subnet = subnets.get(key);
    if (subnet === undefined) return [];
    const inside = estate.privateEndpoints.filter((each) => each.subnet === key);
    const place = { where: placeOfEntity(subnet), detail: 'private endpoints' };
    const evidence = [evidenceOfResource(subnet), ...inside.map((each) => evidenceOfResource(each))];
    if (inside.length === 0)
      return [
        { ...place, state: 'PASS', message: 'no private endpoint stands in the subnet of the cluster', evidence },
      ];
    const names = inside.map(({ name }) => quoted(name)).join(', ');
    return [
      { ...place, state: 'WARN', message: `private endpoints ${names} stand among the nodes and pods`, evidence },
    ];
  });
}

function apiSubnet({ cluster, subnets }: AzureView): Judged[] {
  const { subnet: ref } = cluster.api;
  const subnet = isKey(ref) ? subnets.get(ref) : undefined;
  if (subnet === undefined) return [];
  const isShared = cluster.pools.some((pool) => pool.subnet === ref || pool.podSubnet === ref);
  const place = { where: placeOfEntity(subnet), evidence: [evidenceOfResource(subnet)], detail: 'API server' };
  if (isShared) return [{ ...place, state: 'WARN', message: 'the API server stands in the subnet of nodes or pods' }];
  return [{ ...place, state: 'PASS', message: 'the API server has a subnet of its own' }];
}

/** By itself where another pool is there, and nothing of the manifests asks for the nodes of the system by name. */
function fix(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  const found = managedClustersOf(context).find(({ cluster }) => cluster.key === where.id);
  if (found === undefined || detail !== 'system pool') return undefined;
  const pools = poolsOf(context, found);
  const systems = pools.filter(({ pool }) => String(pool.mode).toLowerCase() === 'system');
  const hasOthers = pools.some(
    ({ pool }) => String(pool.mode).toLowerCase() === 'user' && String(pool.os).toLowerCase() === 'linux',
  );
  const [system] = systems;
  if (system === undefined) return undefined;
  const { pool, resource, path } = system;
  const target = `--resource-group ${azGroup(pool.id)} --cluster-name ${azWord(found.cluster.name)} --name ${azWord(pool.name)}`;
  const command = `aks nodepool update ${target} --node-taints CriticalAddonsOnly=true:NoSchedule`;
  const edits = [{ op: 'append', path: [...path, 'nodeTaints'], value: 'CriticalAddonsOnly=true:NoSchedule' }] as const;
  return {
    summary: `keep pool ${quoted(pool.name)} for what the system runs`,
    automatic: hasOthers && !isAskedFor(context, pool.name),
    changes: [{ kind: 'edit-azure', resource: resource.id, edits, command }],
    steps: hasOthers ? [] : ['add a pool of mode User for applications first'],
  };
}

function isAskedFor({ podOwners }: ControlContext, pool: string): boolean {
  return podOwners.some(({ spec }) => {
    const chosen = entriesAt(spec, 'nodeSelector').some(
      ([key, value]) => (POOL_KEYS.includes(key) && value === pool) || (key === MODE && value === 'system'),
    );
    const terms = listAt(
      spec,
      'affinity',
      'nodeAffinity',
      'requiredDuringSchedulingIgnoredDuringExecution',
      'nodeSelectorTerms',
    );
    const asked = terms.some((term) =>
      listAt(term, 'matchExpressions').some((each) => [...POOL_KEYS, MODE].includes(textAt(each, 'key') ?? '')),
    );
    return chosen || asked || plainAt(spec, 'nodeName') !== undefined;
  });
}

const POOL_KEYS: readonly string[] = ['agentpool', 'kubernetes.azure.com/agentpool'];
const MODE = 'kubernetes.azure.com/mode';

export const apiNet006: Control = { data, assess, fix };
