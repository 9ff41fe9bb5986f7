import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Peering, Subnet } from '#model/azure/network.ts';
import type { Assessment, ControlData, Evidence, Fix, Judged } from '#model/control.ts';
import { clusterSubnets } from '../../../azure/bypasses.ts';
import { plain } from '../../assessment.ts';
import { azGroup, azWord } from '../../az-command.ts';
import { evidenceOf, evidenceOfResource, managedClustersOf, poolsOf, withoutCluster } from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted, unreadSubnets, viewFor } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';

const data: ControlData = {
  id: 'AZN-VNET-001',
  title: 'Cluster is isolated in its own network with segmented subnets',
  severity: 'medium',
  rationale:
    'Machines that share a subnet with nodes reach every port of them past most rules. A network of one’s own, with a subnet for each purpose, is what rules between them can be written for.',
  evidence:
    'Whether pools stand in subnets of one’s own, what else stands in those, and with which networks theirs is peered.',
  states: [
    {
      state: 'PASS',
      when: 'only the cluster stands in its subnets, and each peering lets in no more than a firewall or gateway needs',
    },
    { state: 'FAIL', when: 'machines or services that are not the cluster’s stand in a subnet of its nodes or pods' },
    {
      state: 'WARN',
      when: 'AKS made the network, so that nothing can be parted, or a peered network without a firewall may forward what others send',
    },
    { state: 'UNKNOWN', when: 'a subnet, or what a peering allows, is not settled by the input' },
  ],
  remedy:
    'Put pools into subnets of your own network that nothing else stands in, and let only the hub forward traffic into it.',
  mappings: mappingsOf({
    'cis-aks': ['5.4.3'],
    'nist-800-190': ['4.3.3'],
    'nsa-cisa': ['worker-node-segmentation'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-1'],
    attack: ['T1046'],
    'azure-security-book': ['L13'],
    'aks-network-baseline': ['L92'],
    'securing-kubernetes-in-azure': ['L34', 'L35'],
  }),
};

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined) return withoutCluster(context, 'its network');
  const subnets = clusterSubnets(view);
  const places = [
    ...managedPools(context),
    ...unreadSubnets(view),
    ...subnets.map((subnet) => judgeSubnet(view, subnet)),
    ...view.estate.peerings
      .filter(({ network }) => view.own.has(network))
      .map((peering) => judgePeering(view, peering)),
  ];
  return assessed(places, plain('UNKNOWN', 'the pools of the cluster are not in the input'), [
    'pool, subnet or peering',
    'pools, subnets or peerings',
  ]);
}

/** Without a subnet of one's own AKS makes a network in which nothing can be told apart. */
function managedPools(context: ControlContext): Judged[] {
  return managedClustersOf(context).flatMap((written) =>
    poolsOf(context, written).flatMap(({ pool, resource, at }): Judged[] => {
      if (pool.subnet !== undefined) return [];
      const message = `pool ${quoted(pool.name)} stands in a network that AKS made: nothing in it can be parted`;
      return [
        { where: placeOfEntity(pool), state: 'WARN', message, evidence: [evidenceOf(resource, at('vnetSubnetID'))] },
      ];
    }),
  );
}

function judgeSubnet(view: AzureView, subnet: Subnet): Judged {
  const strangers = strangersIn(view, subnet);
  const where = placeOfEntity(subnet);
  if (strangers.length === 0)
    return {
      where,
      state: 'PASS',
      message: 'nothing but the cluster stands in the subnet',
      evidence: [evidenceOfResource(subnet)],
    };
  const names = strangers.slice(0, 3).map(({ object }) => quoted(object.split('/').at(-1) ?? object));
  const more = strangers.length > 3 ? ` and ${strangers.length - 3} more` : '';
  const message = `${names.join(', ')}${more} stand in the subnet of the cluster and are none of it`;
  return { where, state: 'FAIL', message, evidence: [evidenceOfResource(subnet), ...strangers] };
}

/** AKS makes what is the cluster's in the resource group of the nodes; private endpoints are judged with the pools. */
function strangersIn({ estate, cluster, subnets }: AzureView, { key }: Subnet): Evidence[] {
  const group = isUnsettled(cluster.nodeResourceGroup) ? undefined : cluster.nodeResourceGroup?.toLowerCase();
  const isOwn = ({ resourceGroup }: { readonly resourceGroup: string }) =>
    resourceGroup === group || (group === undefined && resourceGroup.startsWith('mc_'));
  const endpoints = new Set(estate.privateEndpoints.flatMap(({ interfaces }) => interfaces.filter(isKey)));
  const machines = [
    ...estate.interfaces.filter(
      (nic) => nic.configurations.some(({ subnet }) => subnet === key) && !endpoints.has(nic.key),
    ),
    ...estate.scaleSets.filter((set) => set.interfaces.some((nic) => nic.subnets.includes(key))),
  ].filter((each) => !isOwn(each));
  const services = [
    ...estate.applicationGateways.filter((each) => each.subnets.includes(key)),
    ...estate.apiGateways.filter(({ subnet }) => subnet === key),
    ...estate.bastions.filter(({ subnet }) => subnet === key),
  ];
  const clusters = estate.pools.filter(
    ({ subnet, podSubnet, cluster: owner }) =>
      (subnet === key || podSubnet === key) && owner !== cluster.key && subnets.has(key),
  );
  return [...machines, ...services, ...clusters].map((each) => evidenceOfResource(each, 'stands in the subnet'));
}

/** A hub has a firewall or a gateway: what forwards without either brings in whatever it is connected to. */
function judgePeering(view: AzureView, peering: Peering): Judged {
  const { allowForwarded, remote, name } = peering;
  const where = placeOfEntity(peering);
  const field = 'properties.allowForwardedTraffic';
  const value = isUnsettled(allowForwarded) ? allowForwarded.expression : allowForwarded;
  const evidence = [{ object: peering.id, field, value, origin: peering.origin }];
  if (allowForwarded === false || peering.allowAccess === false)
    return {
      where,
      state: 'PASS',
      message: `peering ${quoted(name)} brings in only what the other network itself sends`,
      evidence,
    };
  if (isUnsettled(allowForwarded))
    return {
      where,
      state: 'UNKNOWN',
      message: 'whether the peering forwards what others send is an expression that the input does not settle',
      evidence,
    };
  if (isUnsettled(remote) || !view.networks.has(remote))
    return {
      where,
      state: 'UNKNOWN',
      message: `peering ${quoted(name)} forwards what others send, and the other network is not in the input`,
      evidence,
    };
  if (isHub(view, remote))
    return {
      where,
      state: 'PASS',
      message: `peering ${quoted(name)} leads to a hub with a firewall or gateway`,
      evidence,
    };
  const message = `peering ${quoted(name)} forwards what others send, from a network without a firewall or gateway`;
  return { where, state: 'WARN', message, evidence, severity: 'low' };
}

function isHub({ estate, subnets, interfaces }: AzureView, network: string): boolean {
  const isIn = (ref: unknown) =>
    typeof ref === 'string' && (subnets.get(ref)?.network ?? ref.split('/subnets/')[0]) === network;
  return (
    estate.firewalls.some(({ subnet }) => isIn(subnet)) ||
    estate.gateways.some(({ subnet }) => isIn(subnet)) ||
    [...interfaces.values()].some(
      (nic) => nic.ipForwarding === true && nic.configurations.some(({ subnet }) => isIn(subnet)),
    )
  );
}

function fix(context: ControlContext, { where }: Judged): Fix | undefined {
  const view = viewFor(context);
  const peering = view?.estate.peerings.find(({ key }) => key === where.id);
  if (peering !== undefined) {
    const edits = [{ op: 'set', path: ['properties', 'allowForwardedTraffic'], value: false }] as const;
    const network = peering.network.split('/').at(-1) ?? '';
    const command = `network vnet peering update --resource-group ${azGroup(peering.id)} --vnet-name ${azWord(network)} --name ${azWord(peering.name)} --set allowForwardedTraffic=false`;
    const changes = [{ kind: 'edit-azure', resource: peering.id, edits, command }] as const;
    return {
      summary: `take in only what the network behind ${quoted(peering.name)} itself sends`,
      automatic: false,
      changes,
      steps: ['make sure that no appliance there forwards what the cluster needs'],
    };
  }
  return {
    summary: 'give the cluster subnets that nothing else stands in',
    automatic: false,
    changes: [],
    steps: [
      'make subnets for the pools in a network of your own',
      'make pools there, drain the old ones and delete them',
      'move what is not the cluster’s to subnets of its own',
    ],
  };
}

export const aznVnet001: Control = { data, assess, fix };
