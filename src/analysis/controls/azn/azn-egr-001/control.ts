import { formatRange } from '#base/address.ts';
import { addressReaderOf } from '#engine/compile/azure/address-items.ts';
import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import { isUnsettled } from '#model/azure/entity.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { Assessment, Change, ControlData, Evidence, Fix, Judged } from '#model/control.ts';
import { portTraffic } from '#model/traffic.ts';
import { clusterSubnets } from '../../../azure/bypasses.ts';
import { plain } from '../../assessment.ts';
import { azGroup, azTarget, azWord } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  placeOfResource,
  resourceOf,
  settingAt,
  withoutCluster,
} from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted, unreadSubnets, viewFor } from '../../azure-judging.ts';
import { openToInternet, widthOf } from '../../azure-open-ports.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { type DefaultWay, defaultWayOf } from '../default-way.ts';

const data: ControlData = {
  id: 'AZN-EGR-001',
  title: 'Cluster egress takes a controlled path',
  severity: 'high',
  rationale:
    'What a taken workload steals leaves by the way that everything leaves by. A firewall on that way is where names can be asked for and connections are seen; a load balancer or a NAT gateway only changes addresses.',
  evidence:
    'The outbound type of the cluster, and of every subnet of its pools the default route, what that leads to, and what its security group denies towards the internet.',
  states: [
    { state: 'PASS', when: 'every subnet sends all to a firewall or appliance, or the cluster has no way out at all' },
    {
      state: 'WARN',
      when: 'a NAT gateway or a gateway to other networks is on the way, or only a security group limits it',
    },
    {
      state: 'FAIL',
      when: 'the way out is a load balancer and nothing limits it, or the default route is missing or leads to nothing',
    },
    { state: 'UNKNOWN', when: 'what the route leads to is not in the input' },
  ],
  remedy:
    'Send what leaves the subnets to a firewall by a default route and set the outbound type to `userDefinedRouting`, or make the cluster network isolated.',
  mappings: mappingsOf({
    'nist-800-190': ['4.4.2'],
    'nsa-cisa': ['network-separation-and-hardening'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-3'],
    'azure-policy': ['fc5e4038-4584-4632-8c85-c0448d374b2c', '7bca8353-aa3b-429b-904a-9229c4385837'],
    attack: ['T1048', 'T1041'],
    'azure-security-book': ['L14'],
    'aks-network-baseline': ['L43', 'L45'],
  }),
};

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  if (view === undefined) return withoutCluster(context, 'how it reaches the internet');
  const evidence = outboundEvidence(view);
  const where = evidence.where;
  const type = outboundOf(view);
  if (type === undefined)
    return assessed(
      [
        {
          where,
          state: 'UNKNOWN',
          message: 'the outbound type is an expression that the input does not settle',
          evidence: evidence.seen,
        },
      ],
      plain('UNKNOWN', ''),
      ['cluster', 'clusters'],
    );
  if (type === 'none' || type === 'block')
    return plain('PASS', `the cluster has no way to the internet (${quoted(type)})`, evidence.seen);
  const subnets = clusterSubnets(view);
  const unread = unreadSubnets(view);
  const places = [
    ...subnets.map((subnet) => judge(view, { subnet, type, seen: evidence.seen })),
    ...unread,
    ...(subnets.length === 0 && unread.length === 0 ? [managed(type, { where, evidence: evidence.seen })] : []),
  ];
  return assessed(places, plain('UNKNOWN', ''), ['subnet of the cluster', 'subnets of the cluster']);
}

function outboundOf({ cluster: { outboundType } }: AzureView): string | undefined {
  return isUnsettled(outboundType) ? undefined : outboundType.toLowerCase();
}

function outboundEvidence({ cluster, estate }: AzureView): {
  readonly where: Judged['where'];
  readonly seen: readonly Evidence[];
} {
  const resource = estate.resources.get(cluster.key);
  if (resource === undefined) return { where: placeOfEntity(cluster), seen: [] };
  const seen = evidenceOf(resource, settingAt(resource, 'properties', 'networkProfile', 'outboundType'));
  return { where: placeOfResource(resource), seen: [seen] };
}

/** Without a subnet of one's own there is nothing on the way but what AKS makes. */
function managed(type: string, place: Pick<Judged, 'where' | 'evidence'>): Judged {
  if (/natgateway/.test(type))
    return {
      ...place,
      state: 'WARN',
      message: 'a NAT gateway gives the cluster one address, and limits nothing that leaves',
    };
  return {
    ...place,
    state: 'FAIL',
    message: 'everything may leave by the load balancer of AKS: the network is one that AKS made',
  };
}

interface Asked {
  readonly subnet: Subnet;
  readonly type: string;
  readonly seen: readonly Evidence[];
}

function judge(view: AzureView, { subnet, type, seen }: Asked): Judged {
  const way = defaultWayOf(view, subnet);
  const where = placeOfEntity(subnet);
  const evidence = [...way.evidence, ...seen, evidenceOfResource(subnet)];
  const what = quoted(way.what);
  switch (way.to) {
    case 'firewall':
      return { where, state: 'PASS', message: `what leaves goes to ${what}`, evidence };
    case 'appliance':
    case 'unknown':
      return { where, state: 'UNKNOWN', message: `what leaves goes to ${what}`, evidence };
    case 'dead':
      return { where, state: 'FAIL', message: `the default route leads to ${what}`, evidence };
    case 'none':
      return { where, state: 'PASS', message: 'the default route drops what leaves', evidence };
    case 'gateway':
      return {
        where,
        state: 'WARN',
        message: `what leaves goes to ${what}, and what stands there is not in the input`,
        evidence,
      };
    case 'internet':
    case 'absent':
      return withoutRoute(view, { subnet, type, seen: evidence }, way);
  }
}

function withoutRoute(view: AzureView, { subnet, type, seen: evidence }: Asked, { to, what }: DefaultWay): Judged {
  const where = placeOfEntity(subnet);
  if (type === 'userdefinedrouting' && to === 'absent') {
    const message = `the outbound type asks for a default route, and there is ${quoted(what)}`;
    return { where, state: 'FAIL', message, evidence };
  }
  const limit = limitOf(view, subnet);
  const way = /natgateway/.test(type) || subnet.natGateway !== undefined ? 'a NAT gateway' : 'the load balancer';
  if (limit === 'unknown') {
    const message = `everything leaves by ${way}, and what the security group denies is not settled by the input`;
    return { where, state: 'UNKNOWN', message, evidence };
  }
  if (limit === 'some') {
    const message = `everything leaves by ${way}: only addresses and ports of a security group limit it, and no name`;
    return { where, state: 'WARN', message, evidence };
  }
  if (way === 'a NAT gateway') {
    const message = 'a NAT gateway gives the cluster one address, and limits nothing that leaves';
    return { where, state: 'WARN', message, evidence };
  }
  return {
    where,
    state: 'FAIL',
    message: 'the load balancer leads to all of the internet, and nothing limits what is asked there',
    evidence,
  };
}

/**
 * Whether the group of a subnet keeps most of the internet from being asked on port 443, by which anything can leave. By
 * default all of it may be.
 */
function limitOf(view: AzureView, subnet: Subnet): 'none' | 'some' | 'unknown' {
  if (subnet.securityGroup === undefined) return 'none';
  const group = isKey(subnet.securityGroup) ? view.securityGroups.get(subnet.securityGroup) : undefined;
  if (group === undefined) return 'unknown';
  const withDefault = { ...group, rules: [...group.rules, allowAll(group)] };
  const asked = openToInternet(addressReaderOf(view), { group: withDefault, direction: 'egress', subnet });
  const widths = new Set(asked.by.map((opened) => widthOf(opened, HTTPS)));
  if (widths.has('internet') || widths.has('wide')) return asked.isUnread ? 'unknown' : 'none';
  return asked.open !== undefined || asked.isUnread ? 'unknown' : 'some';
}

const HTTPS = portTraffic('TCP', 443);
const LAST = '(default)';

function allowAll({ id, origin }: { readonly id: string; readonly origin: Judged['where']['origin'] & object }) {
  const any = { kind: 'any', origin } as const;
  return {
    name: LAST,
    id,
    direction: 'egress',
    access: 'allow',
    priority: 65_000,
    protocol: 'any',
    sources: [any],
    sourcePorts: [],
    destinations: [any],
    destinationPorts: [],
    path: '',
    origin,
  } as const;
}

/** The firewall must know first what the cluster needs: never by itself. */
function fix(context: ControlContext, { where }: Judged): Fix | undefined {
  const view = viewFor(context);
  if (view === undefined) return undefined;
  const [firewall] = view.firewalls;
  const subnet = view.subnets.get(where.id);
  const address =
    firewall?.privateAddress?.kind === 'range'
      ? formatRange(firewall.privateAddress.range)
          .join()
          .replace(/\/\d+$/, '')
      : undefined;
  const command = `aks update ${azTarget(view.cluster.id)} --outbound-type userDefinedRouting`;
  const changes: Change[] = [
    ...(address === undefined || subnet === undefined ? [] : routeChange(context, { subnet, address })),
    {
      kind: 'edit-azure',
      resource: view.cluster.id,
      edits: [{ op: 'set', path: ['properties', 'networkProfile', 'outboundType'], value: 'userDefinedRouting' }],
      command,
    },
  ];
  return {
    summary: 'send what leaves the cluster to a firewall',
    automatic: false,
    changes,
    steps: [
      'allow what the cluster needs in the firewall first: `ringfence egress --write` makes the rules',
      'give the subnet of every pool the default route to the firewall before the outbound type is changed',
    ],
  };
}

function routeChange(
  context: ControlContext,
  { subnet, address }: { readonly subnet: Subnet; readonly address: string },
): Change[] {
  const table = isKey(subnet.routeTable) ? resourceOf(context, subnet.routeTable) : undefined;
  if (table === undefined) return [];
  const properties = { addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: address };
  const command = `network route-table route create --resource-group ${azGroup(table.id)} --route-table-name ${azWord(table.name)} --name default --address-prefix 0.0.0.0/0 --next-hop-type VirtualAppliance --next-hop-ip-address ${address}`;
  const value = { name: 'default', properties };
  return [
    {
      kind: 'edit-azure',
      resource: table.id,
      edits: [{ op: 'append', path: ['properties', 'routes'], value }],
      command,
    },
  ];
}

export const aznEgr001: Control = { data, assess, fix };
