import type { Cidr } from '#base/address.ts';
import type { IstioAuthorization } from '#model/istio.ts';
import type { LabelSelector } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { meshConfigOf } from '#parse/istio/mesh-config.ts';
import type { Mentions } from '../../world.ts';
import { addKeys } from '../network-policy.ts';
import { rangesOfCapture } from './capture.ts';
import { cidrsOf } from './conditions.ts';
import { hasIstio, MEMBERSHIP_LABELS } from './membership.ts';
import { PROBE_BLOCK } from './transport.ts';

const ADDRESS_KEYS = ['source.ip', 'destination.ip', 'remote.ip'];

/** Everything that the kinds of Istio can tell apart. */
export function mentionsOfIstio(snapshot: Snapshot): Mentions {
  if (!hasIstio(snapshot)) return { labelKeys: new Set(), nodeLabelKeys: new Set(), ranges: [] };
  const labelKeys = new Set(MEMBERSHIP_LABELS);
  for (const selector of selectorsOf(snapshot)) if (selector !== undefined) addKeys(labelKeys, selector);
  for (const { selector } of snapshot.istioGateways) for (const key of selector.keys()) labelKeys.add(key);
  for (const { subsets } of snapshot.destinationRules) {
    for (const { labels } of subsets) for (const key of labels.keys()) labelKeys.add(key);
  }
  return { labelKeys, nodeLabelKeys: new Set(), ranges: rangesOf(snapshot) };
}

function selectorsOf(snapshot: Snapshot): readonly (LabelSelector | undefined)[] {
  return [
    ...snapshot.peerAuthentications.map(({ selector }) => selector),
    ...snapshot.istioAuthorizations.map(({ selector }) => selector),
    ...snapshot.requestAuthentications.map(({ selector }) => selector),
    ...snapshot.destinationRules.map(({ workloadSelector }) => workloadSelector),
    ...snapshot.istioSidecars.map(({ workloadSelector }) => workloadSelector),
    ...snapshot.services.map(({ selector }) => selector),
    ...(meshConfigOf(snapshot).injection?.always ?? []),
    ...(meshConfigOf(snapshot).injection?.never ?? []),
  ];
}

function rangesOf(snapshot: Snapshot): Cidr[] {
  const shapes = [...snapshot.pods.map(({ shape }) => shape), ...snapshot.workloads.map(({ template }) => template)];
  return [
    PROBE_BLOCK,
    ...snapshot.istioAuthorizations.flatMap(blocksOf),
    ...snapshot.serviceEntries.flatMap(({ addresses, endpoints }) => [
      ...addresses,
      ...cidrsOf(endpoints.map(({ address }) => address)),
    ]),
    ...shapes.flatMap(rangesOfCapture),
  ];
}

function blocksOf({ rules }: IstioAuthorization): Cidr[] {
  const texts = rules.flatMap(({ sources, conditions }) => [
    ...sources.flatMap(({ fields }) => [fields.get('ipBlocks'), fields.get('remoteIpBlocks')]),
    ...conditions.filter(({ key }) => ADDRESS_KEYS.includes(key)),
  ]);
  return cidrsOf(texts.flatMap((match) => [...(match?.values ?? []), ...(match?.not ?? [])]));
}
