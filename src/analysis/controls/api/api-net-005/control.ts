import { addressReaderOf } from '#engine/compile/azure/address-items.ts';
import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { listAt, textAt } from '#model/plain.ts';
import { nodeSubnets } from '../../../azure/aks-flows.ts';
import { placeOf } from '../../assessment.ts';
import {
  evidenceOf,
  evidenceOfResource,
  isOn,
  managedClustersOf,
  placeOfResource,
  poolsOf,
  settingAt,
  type WrittenCluster,
  type WrittenPool,
  withoutCluster,
} from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted, viewFor } from '../../azure-judging.ts';
import { GUARDED_PORTS, guardedPortsOf, openToInternet } from '../../azure-open-ports.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { seenAt } from '../../evidence.ts';
import { mappingsOf } from '../../mappings.ts';
import { isPrivateAddress } from '../node-addresses.ts';

const data: ControlData = {
  id: 'API-NET-005',
  title: 'Nodes are private and node management ports are closed to untrusted networks',
  severity: 'high',
  rationale:
    'A node with a public address can be asked by anybody: its SSH, its kubelet and the ports of Services are one rule away from the internet. That the API server is private says nothing of the nodes.',
  evidence:
    'Public addresses of every node pool and of nodes, and what security groups of their subnets and interfaces let the internet in to on SSH, kubelet and node ports.',
  states: [
    { state: 'PASS', when: 'the pool has no public addresses, or no group of the subnet lets the internet in' },
    {
      state: 'FAIL',
      when: 'nodes have public addresses, or all groups before them let the internet in to those ports',
    },
    { state: 'WARN', when: 'the group of the subnet is open, and only the one that AKS keeps at the nodes holds' },
    { state: 'UNKNOWN', when: 'a setting is an expression, or the input has nothing of the pools' },
  ],
  remedy:
    'Make the pool again without public addresses, turn off SSH where nobody needs it, and close the ports in the security group.',
  mappings: mappingsOf({
    'cis-kubernetes': ['4.2.4'],
    'cis-aks': ['5.4.3', '3.2.4'],
    'nist-800-190': ['4.5.1', '4.5.4'],
    'nsa-cisa': ['worker-node-segmentation'],
    'owasp-top-ten': ['K06'],
    'owasp-cheat-sheet': ['limiting-access-to-the-kubelets'],
    mcsb: ['NS-1', 'NS-3'],
    'azure-policy': [
      '28257686-e9db-403e-b9e2-a5eecbe03da9',
      '83a86a26-fd1f-447c-b59d-e51f44264114',
      '9daedab3-fb2d-461e-b861-71790eead4f6',
    ],
    attack: ['T1190', 'T1021', 'T1133'],
    'azure-security-book': ['L9'],
    'aks-network-baseline': ['L64'],
    'securing-kubernetes-in-azure': ['L9', 'L10'],
  }),
};

function assess(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context);
  const view = viewFor(context);
  const places = [
    ...nodesWithAddresses(context),
    ...clusters.flatMap((each) => judgePools(context, each)),
    ...(view === undefined ? [] : nodeSubnets(view).flatMap((subnet) => judgeSubnet(view, subnet))),
  ];
  return assessed(places, withoutCluster(context, 'the addresses and ports of its nodes'), [
    'pool, node or subnet',
    'pools, nodes or subnets',
  ]);
}

/** Nodes say themselves that they have an address outside, whatever provider they are of. */
function nodesWithAddresses({ objects }: ControlContext): Judged[] {
  return objects.of('', 'Node').flatMap((node): Judged[] => {
    const addresses = listAt(node.value, 'status', 'addresses');
    const index = addresses.findIndex(
      (each) =>
        textAt(each, 'type') === 'ExternalIP' ||
        (textAt(each, 'type') === 'InternalIP' && !isPrivateAddress(textAt(each, 'address') ?? '')),
    );
    if (index < 0) return [];
    const message = `the node has the public address ${quoted(textAt(addresses[index], 'address') ?? '')}`;
    const evidence = [seenAt(node, ['status', 'addresses', index])];
    return [{ where: placeOf(node), state: 'FAIL', message, evidence }];
  });
}

function judgePools(context: ControlContext, written: WrittenCluster): Judged[] {
  const pools = poolsOf(context, written);
  if (pools.length > 0) return pools.map(judgePool);
  const { resource } = written;
  const evidence = [evidenceOf(resource, settingAt(resource, 'properties', 'agentPoolProfiles'))];
  const message = 'the pools of the cluster are not known from the input';
  return [{ where: placeOfResource(resource), state: 'UNKNOWN', message, evidence }];
}

function judgePool({ pool, resource, at }: WrittenPool): Judged {
  const setting = at('enableNodePublicIP');
  const where = placeOfEntity(pool);
  const evidence = [evidenceOf(resource, setting)];
  const isPublic = isOn(setting, false);
  if (isPublic === 'unsettled') {
    const message = 'whether nodes of the pool have public addresses is an expression that the input does not settle';
    return { where, state: 'UNKNOWN', message, evidence };
  }
  if (isPublic) {
    const message = `every node of pool ${quoted(pool.name)} has a public address`;
    return { where, state: 'FAIL', message, evidence: [...evidence, evidenceOf(resource, at('nodePublicIPPrefixID'))] };
  }
  const opened = (pool.hostPorts ?? []).filter(({ from, to }) => OPENED.some((port) => from <= port && port <= to));
  if (opened.length > 0) {
    const ports = opened.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
    const message = `pool ${quoted(pool.name)} opens ports ${ports} of its nodes to the internet`;
    return {
      where,
      state: 'WARN',
      message,
      evidence: [evidenceOf(resource, at('networkProfile', 'allowedHostPorts'))],
    };
  }
  return { where, state: 'PASS', message: `nodes of pool ${quoted(pool.name)} have no public addresses`, evidence };
}

const OPENED = [22, 3389, 10250, 10255, 30000, 32767];

/** The group at the nodes is made by AKS and lets in what Services ask for; without it in the input, that is taken. */
function judgeSubnet(view: AzureView, subnet: Subnet): Judged[] {
  if (subnet.securityGroup === undefined) return [];
  const where = placeOfEntity(subnet);
  const group = isKey(subnet.securityGroup) ? view.securityGroups.get(subnet.securityGroup) : undefined;
  const evidence = [evidenceOfResource(subnet)];
  if (group === undefined)
    return [{ where, state: 'UNKNOWN', message: 'the security group of the subnet is not in the input', evidence }];
  const reader = addressReaderOf(view);
  const asked = openToInternet(reader, { group, direction: 'ingress', subnet });
  const hits = asked.by.map((opened) => ({ opened, ...guardedPortsOf(opened, GUARDED_PORTS) }));
  const open = hits.filter(({ names }) => names.length > 0);
  if (open.length === 0 && (asked.open !== undefined || asked.isUnread)) {
    const message = `what ${quoted(group.name)} lets in is not settled by the input`;
    return [{ where, state: 'UNKNOWN', message, evidence: [...evidence, evidenceOfResource(group)] }];
  }
  if (open.length === 0) {
    const message = `${quoted(group.name)} keeps the internet from ports of nodes`;
    return [{ where, state: 'PASS', message, evidence: [...evidence, evidenceOfResource(group)] }];
  }
  const names = [...new Set(open.flatMap((each) => each.names))].join(', ');
  const rules = open.map(({ opened: { rule } }) => ({ object: rule.id, field: rule.path, origin: rule.origin }));
  const inner = innerGroups(view, subnet).map((each) =>
    openToInternet(reader, { group: each, direction: 'ingress', subnet }),
  );
  const isOpen = inner.some(({ by }) => by.some((opened) => guardedPortsOf(opened, GUARDED_PORTS).names.length > 0));
  if (isOpen) {
    const message = `every security group before the nodes lets the internet in to ${names}`;
    return [{ where, state: 'FAIL', message, evidence: [...rules, ...evidence] }];
  }
  const message = `${quoted(group.name)} lets the internet in to ${names}: only the group that AKS keeps at the nodes holds`;
  return [{ where, state: 'WARN', message, evidence: [...rules, ...evidence], severity: 'medium' }];
}

/** Groups at interfaces of nodes. */
function innerGroups({ estate, securityGroups }: AzureView, subnet: Subnet) {
  const refs = estate.scaleSets.flatMap(({ interfaces }) =>
    interfaces.filter(({ subnets }) => subnets.includes(subnet.key)).map(({ securityGroup }) => securityGroup),
  );
  return [...new Set(refs.filter(isKey))].flatMap((key) => securityGroups.get(key) ?? []);
}

/** Whether nodes have public addresses is settled when a pool is made. */
function fix(context: ControlContext, judged: Judged): Fix | undefined {
  const { where } = judged;
  const pools = managedClustersOf(context).flatMap((each) => poolsOf(context, each));
  const found = pools.find(({ pool }) => pool.key === where.id);
  if (found === undefined) return subnetFix(context, judged);
  const { pool, resource } = found;
  const cluster = pool.cluster.split('/').at(-1) ?? '';
  return {
    summary: `make pool ${quoted(pool.name)} again without public addresses`,
    automatic: false,
    changes: [],
    steps: [
      `make a pool with the same size and labels and without \`enableNodePublicIP\` in cluster \`${cluster}\``,
      'drain the nodes of the old one and delete it',
      `in \`${placeOfResource(resource).name}\` set \`securityProfile.sshAccess\` to \`Disabled\` where nobody signs in to nodes`,
    ],
  };
}

/** The rules that let the internet in; AZN-NSG-002 has the change of each. */
function subnetFix({ snapshot }: ControlContext, { where, evidence }: Judged): Fix | undefined {
  if (!snapshot.azure.subnets.some(({ key }) => key === where.id)) return undefined;
  const rules = evidence.filter(({ field }) => field !== undefined).map(({ object }) => object.split('/').at(-1) ?? '');
  return {
    summary: `keep the internet from ports of nodes in subnet ${quoted(where.name)}`,
    automatic: false,
    changes: [],
    steps: [
      `close or narrow ${[...new Set(rules)].map(quoted).join(', ')}: AZN-NSG-002 has the change`,
      'reach nodes by Bastion or `kubectl debug`, and set `securityProfile.sshAccess` of the pools to `Disabled`',
    ],
  };
}

export const apiNet005: Control = { data, assess, fix };
