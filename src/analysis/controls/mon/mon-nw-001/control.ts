import { escapeControl } from '#base/escape.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Fix, Judged } from '#model/control.ts';
import { assessmentOf, plain } from '../../assessment.ts';
import { azWord } from '../../az-command.ts';
import { evidenceOf, evidenceOfResource, resourcesOfType, settingAt, wordOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { stateWords } from '../../state-words.ts';
import { ASK, QUESTIONS, subscriptionOf, wasAsked } from '../azure-reads.ts';
import { clusterNetworks } from '../cluster-networks.ts';

export const monNw001: Control = {
  data: {
    id: 'MON-NW-001',
    title: 'Network Watcher is on in every region that hosts networks of the cluster',
    severity: 'low',
    rationale:
      'Flow logs, packet captures and checks of single flows are all made by the Network Watcher of a region: where it is off, an incident in that region cannot be looked into.',
    evidence: 'Network Watchers by region and subscription, against the regions of virtual networks.',
    states: [
      { state: 'PASS', when: 'each region with a virtual network of the cluster has a Network Watcher' },
      { state: 'WARN', when: 'the watcher of a region did not come up' },
      { state: 'FAIL', when: 'Azure was read, and a region has none' },
      {
        state: 'UNKNOWN',
        when: 'the input is a template: Azure makes watchers by itself unless that was switched off',
      },
      { state: 'NA', when: 'the input has no virtual network' },
    ],
    remedy: 'Switch Network Watcher on in the region.',
    mappings: mappingsOf({
      'nsa-cisa': ['threat-detection'],
      'owasp-top-ten': ['K10'],
      'owasp-cheat-sheet': ['monitor-network-traffic-to-limit-unnecessary-or-insecure-communication'],
      mcsb: ['LT-4'],
      'azure-policy': ['b6e2945c-0b7b-40f5-9233-7a5323b5cdc6'],
      attack: ['T1562.008'],
      'aks-network-baseline': ['L94', 'L96', 'L98'],
    }),
  },
  assess(context) {
    const absent = plain('NA', 'the input has no virtual network of Azure');
    const places = clusterNetworks(context).flatMap((network) => judged(context, network));
    return assessmentOf(places, absent, stateWords(places, 'virtual networks'));
  },
  fix: fixOf,
};

function judged(context: ControlContext, network: AzureResource): Judged[] {
  const { type, name, id, origin } = network;
  const where = { kind: type, namespace: '', name, id: id.toLowerCase(), origin };
  const location = settingAt(network, 'location');
  const region = regionOf(network);
  if (region === undefined) {
    const message = 'the region of the virtual network is not in the input';
    return [{ where, state: 'UNKNOWN', message, evidence: [evidenceOf(network, location)] }];
  }
  const watcher = resourcesOfType(context, 'Microsoft.Network/networkWatchers').find(
    (each) => regionOf(each) === region && subscriptionOf(each.id) === subscriptionOf(id),
  );
  if (watcher !== undefined) {
    const state = settingAt(watcher, 'properties', 'provisioningState');
    const isUp = wordOf(state, 'succeeded') !== 'failed';
    return [
      {
        where,
        state: isUp ? 'PASS' : 'WARN',
        message: isUp ? `\`${region}\` has a Network Watcher` : `the Network Watcher of \`${region}\` did not come up`,
        evidence: [isUp ? evidenceOfResource(watcher) : evidenceOf(watcher, state)],
      },
    ];
  }
  const asked = wasAsked(context, network, QUESTIONS.network);
  return [
    {
      where,
      state: asked ? 'FAIL' : 'UNKNOWN',
      message: asked
        ? `\`${region}\` has no Network Watcher`
        : `whether \`${region}\` has a Network Watcher is not in the input: ${ASK}`,
      evidence: [evidenceOf(network, location)],
      endpoints: [],
    },
  ];
}

function regionOf(resource: AzureResource): string | undefined {
  return wordOf(settingAt(resource, 'location'), '')?.replaceAll(' ', '') || undefined;
}

function fixOf({ snapshot }: ControlContext, { where }: Judged): Fix | undefined {
  const network = snapshot.azure.resources.get(where.id);
  const region = network === undefined ? undefined : regionOf(network);
  if (region === undefined) return undefined;
  return {
    summary: `switch Network Watcher on in ${escapeControl(region)}`,
    automatic: false,
    changes: [],
    steps: [
      `az network watcher configure --resource-group NetworkWatcherRG --locations ${azWord(region)} --enabled true`,
    ],
  };
}
