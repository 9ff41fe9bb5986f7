import { type AddressRange, parseAddress, parseCidr } from '#base/address.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Question } from './party.ts';

/** Annotations of pods and namespaces that name addresses. */
const ANNOTATIONS = [
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
  'traffic.sidecar.istio.io/excludeOutboundIPRanges',
  'config.linkerd.io/skip-subnets',
];

/** Every range of addresses that a mesh tells from others. */
export function meshRanges({ snapshot, linkerd }: Question): AddressRange[] {
  const texts = [...istioTexts(snapshot), ...annotationTexts(snapshot), ...linkerd.skippedSubnets.split(',')];
  return [...texts.flatMap(rangeOf), ...linkerdRanges(snapshot, linkerd.clusterNetworks)];
}

function rangeOf(text: string): AddressRange[] {
  const address = parseAddress(text);
  if (address !== undefined) return [{ family: address.family, lo: address.value, hi: address.value }];
  const cidr = parseCidr(text)?.cidr;
  return cidr === undefined ? [] : [cidr];
}

function istioTexts({ istioAuthorizations }: Snapshot): string[] {
  return istioAuthorizations
    .flatMap(({ rules }) => rules)
    .flatMap(({ sources, conditions }) => [
      ...sources.flatMap(({ fields }) => fields.get('ipBlocks') ?? []),
      ...conditions.filter(({ key }) => key === 'source.ip' || key === 'destination.ip'),
    ])
    .flatMap(({ values, not }) => [...values, ...not]);
}

function annotationTexts({ namespaces, pods, workloads }: Snapshot): string[] {
  const annotated = [...namespaces, ...pods.map(({ shape }) => shape), ...workloads.map(({ template }) => template)];
  return annotated.flatMap(({ annotations }) =>
    ANNOTATIONS.flatMap((name) => (annotations.get(name) ?? '').split(',').map((text) => text.trim())),
  );
}

/** Without an object of Linkerd and an annotation of it the networks of the cluster tell nothing apart. */
function linkerdRanges(snapshot: Snapshot, clusterNetworks: readonly AddressRange[]): AddressRange[] {
  const blocks = [
    ...snapshot.linkerdNetworks.flatMap(({ networks }) => networks),
    ...snapshot.linkerdServerAuthorizations.flatMap(({ client }) => client.networks ?? []),
    ...snapshot.linkerdEgressNetworks.flatMap(({ networks }) => networks ?? []),
  ];
  const annotated = [...snapshot.namespaces, ...snapshot.pods.map(({ shape }) => shape)];
  const isUsed =
    snapshot.linkerdServers.length > 0 ||
    snapshot.configMaps.some(({ name }) => name === 'linkerd-config') ||
    annotated.some(({ annotations }) => annotations.has('config.linkerd.io/default-inbound-policy'));
  return [...(isUsed ? clusterNetworks : []), ...blocks.flatMap(({ cidr, except }) => [cidr, ...except])];
}
