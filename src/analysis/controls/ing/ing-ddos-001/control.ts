import { isUnsettled } from '#model/azure/entity.ts';
import type { VirtualNetwork } from '#model/azure/network.ts';
import type { Judged } from '#model/control.ts';
import { plain } from '../../assessment.ts';
import { azId } from '../../az-command.ts';
import {
  evidenceOf,
  evidenceOfResource,
  placeOfResource,
  resourceOf,
  settingAt,
  unknownOf,
  withoutCluster,
} from '../../azure-facts.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { type UsedAddress, usedAddresses } from './used-addresses.ts';

export const ingDdos001: Control = {
  data: {
    id: 'ING-DDOS-001',
    title: 'Every public address of the cluster is protected against floods',
    severity: 'medium',
    rationale:
      'What Azure does for everybody sets in at the scale of Azure, not of one application. Only Network Protection of the virtual network or IP Protection of the address is tuned to what you serve, tells you of attacks and shares their cost.',
    evidence:
      '`ddosSettings.protectionMode` of the public addresses of gateways, firewalls and load balancers, and `enableDdosProtection` with its plan at their virtual networks',
    states: [
      { state: 'FAIL', when: 'a public address in use is covered neither by itself nor by its network' },
      {
        state: 'UNKNOWN',
        when: 'the network of the address is not in the input, or a setting comes from an expression',
      },
      { state: 'PASS', when: 'every public address in use is covered' },
      { state: 'NA', when: 'the cluster has no public address' },
    ],
    remedy:
      'Associate a DDoS protection plan with the virtual network, or turn IP Protection on for each address where there are few.',
    mappings: mappingsOf({
      'owasp-top-ten': ['K06'],
      mcsb: ['NS-5'],
      'azure-policy': ['a7aca53f-2ed4-4466-a25e-0b45ade68efd', '94de2ad3-e0c1-4caf-ad78-5d47bbc83d3d'],
      attack: ['T1498', 'T1499'],
      'aks-network-baseline': ['L88', 'L90', 'L92'],
    }),
  },
  assess(context) {
    if (context.snapshot.azure.resources.size === 0)
      return withoutCluster(context, 'its public addresses and what protects them');
    return assessed(
      usedAddresses(context).map((used) => judged(context, used)),
      plain('NA', 'no public address of the cluster, of a gateway or of a firewall is in the input'),
      ['public address', 'public addresses'],
    );
  },
  fix(context, { where, state }) {
    const resource = resourceOf(context, where.id);
    if (resource === undefined || state !== 'FAIL') return undefined;
    if (!/publicipaddresses$/i.test(where.kind))
      return {
        summary: `associate a DDoS protection plan with \`${where.name}\``,
        automatic: false,
        changes: [],
        steps: [
          `az network vnet update --ids ${azId(resource.id)} --ddos-protection true --ddos-protection-plan PLAN_ID`,
        ],
      };
    const path = ['properties', 'ddosSettings', 'protectionMode'];
    const isBasic = context.snapshot.azure.publicIps.some(
      ({ key, sku }) => key === where.id && typeof sku === 'string' && /basic/i.test(sku),
    );
    return {
      summary: `turn DDoS IP Protection on for \`${where.name}\``,
      automatic: !isBasic,
      changes: [
        {
          kind: 'edit-azure',
          resource: resource.id,
          edits: [{ op: 'set', path, value: 'Enabled' }],
          command: `network public-ip update --ids ${azId(resource.id)} --ddos-protection-mode Enabled`,
        },
      ],
      steps: isBasic
        ? ['move it to the Standard SKU first: Basic addresses cannot be protected']
        : ['with more than about fifteen addresses a plan for the network costs less'],
    };
  },
};

function judged(context: ControlContext, { address, networks, by }: UsedAddress): Judged {
  const subject = address ?? networks.find((network) => network !== 'missing');
  const resource = subject === undefined ? undefined : resourceOf(context, subject.id);
  if (resource === undefined) throw new Error('a used address or its network is in the estate');
  const where = placeOfResource(resource);
  const mode = settingAt(resource, 'properties', 'ddosSettings', 'protectionMode');
  if (address !== undefined && mode.state === 'unsettled') return unknownOf(resource, mode);
  const evidence = [
    ...(address === undefined ? [] : [evidenceOf(resource, mode)]),
    ...networks.flatMap((network) => ofNetwork(context, network)),
  ];
  if (address !== undefined && mode.state === 'value' && mode.value === 'Enabled')
    return { where, state: 'PASS', message: `it has DDoS IP Protection (${by})`, evidence };
  if (address !== undefined && mode.state === 'value' && mode.value === 'Disabled')
    return { where, state: 'FAIL', message: `its DDoS protection is turned off (${by})`, evidence };
  const states = networks.map((network) => (network === 'missing' ? 'unknown' : protectionOf(network)));
  if (states.length > 0 && states.every((state) => state === 'on'))
    return { where, state: 'PASS', message: `the plan of its network covers it (${by})`, evidence };
  if (states.includes('off'))
    return {
      where,
      state: 'FAIL',
      message: `neither the address nor its network has DDoS protection (${by})`,
      evidence,
    };
  return {
    where,
    state: 'UNKNOWN',
    message: `whether its network has DDoS protection is not in the input (${by})`,
    evidence,
  };
}

function protectionOf({ ddosProtection, ddosPlan }: VirtualNetwork): 'on' | 'off' | 'unknown' {
  if (isUnsettled(ddosProtection)) return 'unknown';
  return ddosProtection && ddosPlan !== undefined ? 'on' : 'off';
}

function ofNetwork(context: ControlContext, network: VirtualNetwork | 'missing') {
  const resource = network === 'missing' ? undefined : resourceOf(context, network.id);
  if (resource === undefined) return [];
  const setting = settingAt(resource, 'properties', 'enableDdosProtection');
  return [
    setting.state === 'absent'
      ? evidenceOfResource(resource, 'no `enableDdosProtection`: it is off')
      : evidenceOf(resource, setting),
  ];
}
