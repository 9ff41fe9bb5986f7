import type { AddressRange } from '#base/address.ts';
import { type AddressReader, addressReaderOf } from '#engine/compile/azure/address-items.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { ALL_TRAFFIC } from '#model/traffic.ts';
import { nodeSubnets } from '../../../azure/aks-flows.ts';
import { flowVerdict } from '../../../azure/security-flow.ts';
import { plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  isOn,
  placeOfResource,
  resourcesOfType,
  settingAt,
  unknownOf,
  withoutCluster,
  wordOf,
} from '../../azure-facts.ts';
import { assessed, placeOfEntity, quoted, viewFor } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';

const data: ControlData = {
  id: 'AZN-HYB-001',
  title: 'On-premises connectivity is private, redundant and filtered',
  severity: 'medium',
  rationale:
    'A connection to a company network brings everybody there to the nodes unless something filters it, and takes the cluster away from them when its only gateway fails.',
  evidence:
    'SKU and redundancy of gateways, policies of IPsec of their connections, and what security groups let in from the networks behind them.',
  states: [
    {
      state: 'PASS',
      when: 'the gateway is redundant, its tunnels have a policy of their own, and nodes are not open to the other side',
    },
    {
      state: 'FAIL',
      when: 'the gateway has the Basic SKU, a tunnel has Azure’s default policy, or a rule opens all of the nodes to the other side',
    },
    { state: 'WARN', when: 'one instance is all there is, or only defaults say what comes in from the other side' },
    { state: 'UNKNOWN', when: 'a setting is an expression' },
    { state: 'NA', when: 'no gateway and no connection to other networks is in the input' },
  ],
  remedy:
    'Use a zone-redundant, active-active gateway with a custom IPsec policy or ExpressRoute, and let in from the other side only what is needed.',
  mappings: mappingsOf({
    'nist-800-190': ['4.3.3'],
    'nsa-cisa': ['encryption'],
    'owasp-top-ten': ['K05'],
    mcsb: ['NS-9'],
    'azure-policy': ['50b83b09-03da-41c1-b656-c293c914862b', 'e345b6c3-24bd-4c93-9bbb-7e5e49a17b78'],
    attack: ['T1133'],
    'azure-security-book': ['L19'],
    'azure-security-book-2024': ['L26'],
  }),
};

const GATEWAYS = 'Microsoft.Network/virtualNetworkGateways';
const CONNECTIONS = 'Microsoft.Network/connections';

function assess(context: ControlContext): Assessment {
  const view = viewFor(context);
  const places = [
    ...resourcesOfType(context, GATEWAYS).flatMap(judgeGateway),
    ...resourcesOfType(context, CONNECTIONS).flatMap(judgeConnection),
    ...(view === undefined ? [] : nodesBehind(context, view)),
  ];
  if (places.length > 0)
    return assessed(places, plain('NA', ''), ['gateway, connection or subnet', 'gateways, connections or subnets']);
  if (context.snapshot.azure.resources.size === 0) return withoutCluster(context, 'its connections to other networks');
  return plain('NA', 'no gateway and no connection to other networks is in the input');
}

function judgeGateway(resource: AzureResource): Judged[] {
  const where = placeOfResource(resource);
  const sku = settingAt(resource, 'properties', 'sku', 'name');
  const type = wordOf(settingAt(resource, 'properties', 'gatewayType'), 'vpn');
  if (sku.state === 'unsettled') return [unknownOf(resource, sku)];
  const word = wordOf(sku, '');
  if (word === 'basic') {
    const message = 'the gateway has the Basic SKU, without redundancy across zones and without policies of IPsec';
    return [{ where, state: 'FAIL', message, evidence: [evidenceOf(resource, sku)], detail: 'SKU' }];
  }
  const active = settingAt(resource, 'properties', 'activeActive');
  const evidence = [evidenceOf(resource, sku), evidenceOf(resource, active)];
  const isRedundant = isOn(active, false);
  if (type !== 'vpn' || isRedundant === true || /az$/.test(word ?? ''))
    return [
      {
        where,
        state: 'PASS',
        message: 'the gateway stays when one of its instances or zones fails',
        evidence,
        detail: 'SKU',
      },
    ];
  if (active.state === 'unsettled') return [unknownOf(resource, active)];
  const message = 'the gateway has one active instance in one zone';
  return [{ where, state: 'WARN', message, evidence, severity: 'low', detail: 'SKU' }];
}

/** Only tunnels have policies: ExpressRoute and peered networks have none. */
function judgeConnection(resource: AzureResource): Judged[] {
  if (wordOf(settingAt(resource, 'properties', 'connectionType'), '') !== 'ipsec') return [];
  const setting = settingAt(resource, 'properties', 'ipsecPolicies');
  if (setting.state === 'unsettled') return [unknownOf(resource, setting)];
  const place = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)], detail: 'IPsec' };
  const has = setting.state === 'value' && Array.isArray(setting.value) && setting.value.length > 0;
  if (has) return [{ ...place, state: 'PASS', message: 'the tunnel has a policy of its own' }];
  return [
    { ...place, state: 'FAIL', message: 'the tunnel takes Azure’s default policy, which accepts weak algorithms' },
  ];
}

/** From the networks behind connections to the nodes, every port: by a rule, or by the default that the whole network may. */
function nodesBehind(context: ControlContext, view: AzureView): Judged[] {
  const behind = [
    ...rangesOf(view.estate.localNetworks.flatMap(({ prefixes }) => prefixes)),
    ...(context.settings.onPremisesRanges ?? []),
  ];
  if (behind.length === 0) return [];
  const reader = addressReaderOf(view);
  return nodeSubnets(view).map((subnet) => judgeNodes(view, { reader, subnet, behind }));
}

interface Asked {
  readonly reader: AddressReader;
  readonly subnet: Subnet;
  readonly behind: readonly AddressRange[];
}

function judgeNodes({ securityGroups }: AzureView, { reader, subnet, behind }: Asked): Judged {
  const place = { where: placeOfEntity(subnet), evidence: [evidenceOfResource(subnet)], detail: 'on-premises' };
  const group = isKey(subnet.securityGroup) ? securityGroups.get(subnet.securityGroup) : undefined;
  if (subnet.securityGroup !== undefined && group === undefined)
    return { ...place, state: 'UNKNOWN', message: 'the security group of the subnet is not in the input' };
  if (group === undefined)
    return {
      ...place,
      state: 'WARN',
      message: 'networks on the other side reach every port of the nodes: no security group is in between',
    };
  const flow = { from: { ranges: behind }, to: { ranges: rangesOf(subnet.prefixes) }, traffic: ALL_TRAFFIC };
  const { verdict, rule } = flowVerdict(reader, { group, subnet, direction: 'ingress' }, flow);
  if (verdict === 'allowed' && rule !== undefined) {
    const evidence = [{ object: rule.id, field: rule.path, origin: rule.origin }, ...place.evidence];
    return {
      ...place,
      state: 'FAIL',
      evidence,
      message: `rule ${quoted(rule.name)} opens every port of the nodes to networks on the other side`,
    };
  }
  if (verdict === 'allowed')
    return {
      ...place,
      state: 'WARN',
      message: 'networks on the other side reach every port of the nodes: only Azure’s default rule says so',
    };
  if (verdict === 'denied' || rule !== undefined)
    return {
      ...place,
      state: 'PASS',
      message: `${quoted(group.name)} filters what comes from networks on the other side`,
    };
  return {
    ...place,
    state: 'UNKNOWN',
    message: 'what comes in from networks on the other side is not settled by the input',
  };
}

function fix(_context: ControlContext, { where, detail }: Judged): Fix | undefined {
  if (detail === 'IPsec')
    return {
      summary: `give ${quoted(where.name)} a policy of IPsec of its own`,
      automatic: false,
      changes: [],
      steps: [
        'agree with the other side on algorithms',
        `\`network vpn-connection ipsec-policy add ${azTarget(where.id).replace('--name', '--connection-name')} …\``,
      ],
    };
  if (detail === 'SKU')
    return {
      summary: `make gateway ${quoted(where.name)} redundant`,
      automatic: false,
      changes: [],
      steps: ['move to a SKU for zones (`VpnGw2AZ`)', 'turn on active-active'],
    };
  return {
    summary: 'let in from the other side only what is needed',
    automatic: false,
    changes: [],
    steps: [
      'allow the ranges and ports that are needed in the security group of the nodes',
      'deny the rest from those ranges behind it',
    ],
  };
}

export const aznHyb001: Control = { data, assess, fix };
