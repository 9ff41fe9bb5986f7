import type { AzureView } from '#engine/compile/azure/view.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { plain } from '../../assessment.ts';
import { azGroup, azWord } from '../../az-command.ts';
import { evidenceOf, evidenceOfResource, resourceOf, settingAt, withoutCluster } from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted, unreadSubnets, viewFor } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';

const data: ControlData = {
  id: 'AZN-NSG-001',
  title: 'Every cluster subnet has a network security group',
  severity: 'medium',
  rationale:
    'Without a security group everything in the network, and in every network that is connected to it, reaches every port of a subnet. The group that AKS keeps at the nodes is its own: it is not for rules of yours.',
  evidence:
    'The security group of each subnet of nodes, pods, the API server, private endpoints and gateways for requests in the cluster’s networks.',
  states: [
    { state: 'PASS', when: 'the subnet has a group' },
    { state: 'FAIL', when: 'the subnet has none, or the subnet of a gateway has one, which breaks it' },
    { state: 'UNKNOWN', when: 'a subnet of the cluster is not in the input' },
    { state: 'NA', when: 'AKS made the network itself' },
  ],
  remedy: 'Make a security group for each subnet and attach it; allow in first what load balancers and gateways bring.',
  mappings: mappingsOf({
    'nist-800-190': ['4.3.3'],
    'nsa-cisa': ['worker-node-segmentation'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-1'],
    'azure-policy': ['e71308d3-144b-4262-b144-efdc3cc90517', '35f9c03a-cc27-418e-9c0c-539ff999d010'],
    attack: ['T1046'],
    'aks-network-baseline': ['L49'],
    'securing-kubernetes-in-azure': ['L9', 'L10'],
  }),
};

/** Subnets that Azure refuses a group for, or that one breaks: docs of network security groups and of each service. */
const WITHOUT = /^(?:azurefirewallsubnet|azurefirewallmanagementsubnet|routeserversubnet)$/i;

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined) return withoutCluster(context, 'its subnets');
  const { cluster } = view;
  const refs = cluster.pools.flatMap(({ subnet, podSubnet }) => [subnet, podSubnet]).filter((ref) => ref !== undefined);
  if (refs.length === 0 && cluster.pools.length > 0)
    return plain('NA', 'nodes stand in a network that AKS made and looks after', [evidenceOfResource(cluster)]);
  const places = [
    ...purposesOf(view).map(([subnet, purpose]) => judge(context, subnet, purpose)),
    ...gatewaySubnets(view),
    ...unreadSubnets(view),
  ];
  return assessed(places, plain('UNKNOWN', 'no subnet of the cluster is in the input'), ['subnet', 'subnets']);
}

/** Subnets of the cluster's networks by what stands in them. */
function purposesOf(view: AzureView): (readonly [Subnet, string])[] {
  const { cluster, estate, subnets, own } = view;
  const refs: (readonly [unknown, string])[] = [
    ...cluster.pools.flatMap(
      ({ subnet, podSubnet }) =>
        [
          [subnet, 'nodes'],
          [podSubnet, 'pods'],
        ] as const,
    ),
    [cluster.api.subnet, 'the API server'],
    ...estate.privateEndpoints.map(({ subnet }) => [subnet, 'private endpoints'] as const),
    ...estate.applicationGateways.flatMap((gateway) =>
      gateway.subnets.map((subnet) => [subnet, 'an application gateway'] as const),
    ),
    ...estate.trafficControllers.flatMap((each) =>
      each.subnets.map((subnet) => [subnet, 'an application gateway for containers'] as const),
    ),
    ...estate.apiGateways.map(({ subnet }) => [subnet, 'API Management'] as const),
  ];
  const found = new Map<Subnet, Set<string>>();
  for (const [ref, purpose] of refs) {
    const subnet = typeof ref === 'string' ? subnets.get(ref) : undefined;
    if (subnet === undefined || !own.has(subnet.network) || WITHOUT.test(subnet.name)) continue;
    found.set(subnet, (found.get(subnet) ?? new Set()).add(purpose));
  }
  return [...found].map(([subnet, purposes]) => [subnet, [...purposes].join(', ')] as const);
}

const FIELD = ['properties', 'networkSecurityGroup'];

function judge(context: ControlContext, subnet: Subnet, purpose: string): Judged {
  const where = placeOfEntity(subnet);
  const resource = resourceOf(context, subnet.id);
  const evidence =
    resource === undefined
      ? [{ object: subnet.id, field: FIELD.join('.'), origin: subnet.origin }]
      : [evidenceOf(resource, settingAt(resource, ...FIELD))];
  if (subnet.securityGroup !== undefined)
    return { where, state: 'PASS', message: `the subnet of ${purpose} has a security group`, evidence };
  return { where, state: 'FAIL', message: `the subnet of ${purpose} has no security group`, evidence };
}

/** "A security group at GatewaySubnet is not supported, and stops the gateway." */
function gatewaySubnets({ subnets }: AzureView): Judged[] {
  return [...subnets.values()].flatMap((subnet): Judged[] => {
    if (!/^gatewaysubnet$/i.test(subnet.name) || subnet.securityGroup === undefined) return [];
    const evidence = [{ object: subnet.id, field: FIELD.join('.'), origin: subnet.origin }];
    const message =
      'the subnet of a gateway has a security group, which Azure does not support and which may stop the gateway';
    return [{ where: placeOfEntity(subnet), state: 'FAIL', message, evidence, detail: 'gateway' }];
  });
}

/** What comes in through load balancers must be allowed first, which the input does not hold as a whole: never by itself. */
function fix(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  const view = viewFor(context);
  const subnet = view?.subnets.get(where.id);
  if (view === undefined || subnet === undefined) return undefined;
  const [, network = '', name = ''] = /\/virtualnetworks\/([^/]+)\/subnets\/([^/]+)$/i.exec(subnet.id) ?? [];
  const target = `network vnet subnet update --resource-group ${azGroup(subnet.id)} --vnet-name ${azWord(network)} --name ${azWord(name)}`;
  if (detail === 'gateway') {
    const edits = [{ op: 'remove', path: FIELD }] as const;
    const changes = [{ kind: 'edit-azure', resource: subnet.id, edits, command: `${target} --nsg ""` }] as const;
    return { summary: 'take the security group from the subnet of the gateway', automatic: true, changes, steps: [] };
  }
  const steps = [
    'make a security group in the same region, with rules for what load balancers, gateways and private endpoints bring in',
    `\`${target} --nsg NAME\``,
  ];
  return { summary: `give subnet ${quoted(subnet.name)} a security group`, automatic: false, changes: [], steps };
}

export const aznNsg001: Control = { data, assess, fix };
