import { addressReaderOf } from '#engine/compile/azure/address-items.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { IpConfiguration, NetworkInterface } from '#model/azure/network.ts';
import type { Assessment, ControlData, Evidence, Judged } from '#model/control.ts';
import { answeredOr, plain } from '../../assessment.ts';
import { evidenceOfResource } from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted, viewFor } from '../../azure-judging.ts';
import { GUARDED_PORTS, guardedPortsOf, openToInternet } from '../../azure-open-ports.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';

const ID = 'API-NET-004';

const data: ControlData = {
  id: ID,
  title: 'Administrators reach the cluster only through a controlled path',
  severity: 'medium',
  rationale:
    'A machine that administers the cluster and answers SSH or RDP from the internet is a door around everything else. Bastion, VPN and ExpressRoute ask who comes before a connection reaches anything.',
  evidence:
    'Bastion hosts and gateways in the networks around the cluster, interfaces of machines with a public address, and what their security groups let in on ports of administration.',
  states: [
    {
      state: 'PASS',
      when: 'the cluster is private, a Bastion host, VPN or ExpressRoute leads to it, and no machine is open',
    },
    {
      state: 'FAIL',
      when: 'a machine near the cluster has a public address and lets the internet in to SSH, RDP or WinRM',
    },
    { state: 'UNKNOWN', when: 'a security group of such a machine is not in the input' },
    { state: 'MANUAL', when: 'nothing in the input shows how administrators come' },
  ],
  remedy:
    'Put Azure Bastion, a VPN or ExpressRoute before machines of administrators, and take their public addresses away.',
  mappings: mappingsOf({
    'cis-aks': ['5.4.2'],
    'nist-800-190': ['4.3.1'],
    'nsa-cisa': ['control-plane-hardening'],
    'owasp-top-ten': ['K06'],
    'owasp-cheat-sheet': ['controlling-network-access-to-sensitive-ports'],
    mcsb: ['NS-3', 'PA-6'],
    'azure-policy': ['22730e10-96f6-4aac-ad84-9383d35b5917'],
    attack: ['T1133', 'T1021'],
    'azure-security-book': ['L19'],
    'kubernetes-network-practices': ['L31'],
    'azure-security-book-2024': ['L26'],
  }),
  question: 'Do administrators come to the cluster only by Bastion, VPN, ExpressRoute or a listed address?',
};

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined)
    return answeredOr(context, ID, 'the input does not show how administrators come to the cluster');
  const machines = openMachines(view);
  if (machines.some(({ state }) => state !== 'PASS'))
    return assessed(machines, plain('PASS', ''), ['machine', 'machines']);
  const ways = waysOf(view);
  if (view.cluster.api.privateCluster === true && ways.length > 0)
    return plain('PASS', 'the cluster is private, and administrators come by a way that asks who they are', ways);
  if (context.settings.answers.has(ID)) return answeredOr(context, ID, '');
  const why =
    view.cluster.api.privateCluster === true
      ? 'the cluster is private, and the input has no Bastion host and no gateway that leads to it'
      : 'the API server may be reached without any path of one’s own';
  return { ...answeredOr(context, ID, why), evidence: ways };
}

/** Bastion hosts and gateways of the cluster's networks, and of those that they are peered with. */
function waysOf(view: AzureView): Evidence[] {
  const near = nearOf(view);
  const isNear = (subnet: unknown) =>
    typeof subnet === 'string' && near.has(view.subnets.get(subnet)?.network ?? subnet.split('/subnets/')[0]!);
  return [
    ...view.estate.bastions
      .filter(({ subnet }) => isNear(subnet))
      .map((each) => evidenceOfResource(each, 'a Bastion host')),
    ...view.estate.gateways
      .filter(({ subnet, kind }) => isNear(subnet) && kind !== 'other')
      .map((each) => evidenceOfResource(each, each.kind === 'vpn' ? 'a VPN gateway' : 'a gateway of ExpressRoute')),
  ];
}

function nearOf({ own, peerings }: AzureView): ReadonlySet<string> {
  return new Set([...own, ...peerings.map(({ remote }) => remote).filter(isKey)]);
}

const OF_MACHINES = GUARDED_PORTS.filter((port) => port.of === 'machine');

/** Machines with a public address near the cluster: closed, open, or not known. */
function openMachines(view: AzureView): Judged[] {
  const near = nearOf(view);
  return view.estate.interfaces.flatMap((nic) =>
    nic.configurations.flatMap((configuration): Judged[] => {
      const subnet = isKey(configuration.subnet) ? view.subnets.get(configuration.subnet) : undefined;
      if (configuration.publicIp === undefined || subnet === undefined || !near.has(subnet.network)) return [];
      return [judgeMachine(view, nic, { configuration, subnet })];
    }),
  );
}

interface Stand {
  readonly configuration: IpConfiguration;
  readonly subnet: NonNullable<ReturnType<AzureView['subnets']['get']>>;
}

/** "A public address of the Standard SKU is closed until a security group opens it": both groups must let it in. */
function judgeMachine(view: AzureView, nic: NetworkInterface, { configuration, subnet }: Stand): Judged {
  const where = placeOfEntity(nic);
  const evidence = [evidenceOfResource(nic, 'an interface with a public address'), evidenceOfResource(subnet)];
  const refs = [nic.securityGroup, subnet.securityGroup].filter((ref) => ref !== undefined);
  const groups = refs.map((ref) => (isKey(ref) ? view.securityGroups.get(ref) : undefined));
  if (groups.length === 0) return unguarded(view, { where, evidence, configuration });
  const own = configuration.privateAddress === undefined ? [] : rangesOf([configuration.privateAddress]);
  const reader = addressReaderOf(view);
  const opened = groups.map((group) => {
    if (group === undefined) return undefined;
    const asked = { group, direction: 'ingress', subnet, ...(own.length > 0 && { own }) } as const;
    return openToInternet(reader, asked);
  });
  const names = opened.map((each) =>
    each === undefined ? undefined : new Set(each.by.flatMap((one) => guardedPortsOf(one, OF_MACHINES).names)),
  );
  const known = names.filter((each) => each !== undefined);
  const both = [...(known[0] ?? [])].filter((name) => known.every((each) => each.has(name)));
  const rules = opened.flatMap((each) => each?.by ?? []).map(({ rule }) => ({ object: rule.id, origin: rule.origin }));
  if (known.length > 0 && both.length === 0 && opened.every((each) => each === undefined || each.open === undefined))
    return { where, state: 'PASS', message: 'the internet does not reach its ports of administration', evidence };
  if (known.length < names.length || both.length === 0)
    return {
      where,
      state: 'UNKNOWN',
      message: 'what its security groups let in is not settled by the input',
      evidence,
    };
  const message = `${quoted(nic.name)} has a public address and answers the internet on ${both.join(', ')}`;
  return { where, state: 'FAIL', message, evidence: [...evidence, ...rules], severity: 'high' };
}

function unguarded(
  view: AzureView,
  { where, evidence, configuration }: Pick<Judged, 'where' | 'evidence'> & Pick<Stand, 'configuration'>,
): Judged {
  const address = isKey(configuration.publicIp) ? view.publicIps.get(configuration.publicIp) : undefined;
  const sku = typeof address?.sku === 'string' ? address.sku.toLowerCase() : undefined;
  if (sku === 'standard')
    return { where, state: 'PASS', message: 'its public address lets nothing in without a security group', evidence };
  if (sku === 'basic')
    return {
      where,
      state: 'FAIL',
      message: 'it has a public address and no security group',
      evidence,
      severity: 'high',
    };
  return {
    where,
    state: 'UNKNOWN',
    message: 'whether its public address lets anything in is not in the input',
    evidence,
  };
}

export const apiNet004: Control = { data, assess };
