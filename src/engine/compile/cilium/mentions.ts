import { type AddressRange, cidrOf, parseAddress } from '#base/address.ts';
import type { CiliumPeers, CiliumRule, CiliumSpec } from '#model/cilium.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { Mentions } from '../../world.ts';
import { backendRanges } from '../backends.ts';
import { bareKey, keysOf, sourceOf } from './identities.ts';
import { optOutOf } from './opt-out.ts';
import { isMeant, keysOfPeers, rangesOfPeers } from './peers.ts';
import { CONFIG_NAME } from './settings.ts';

/** Every label and address that Cilium's objects name. */
export function ciliumMentions(snapshot: Snapshot): Mentions {
  const labelKeys = new Set<string>();
  const nodeLabelKeys = new Set<string>();
  const ranges: AddressRange[] = snapshot.ciliumCidrGroups.flatMap(({ cidrs }) => cidrs);
  const groups = new Map(snapshot.ciliumCidrGroups.map((group) => [group.name, group]));
  let asksBackends = false;
  for (const spec of snapshot.ciliumPolicies.flatMap(({ specs }) => specs)) {
    for (const key of spec.endpointSelector === undefined ? [] : keysOf(spec.endpointSelector)) labelKeys.add(key);
    for (const { key } of spec.nodeSelector?.requirements ?? []) nodeLabelKeys.add(bareKey(key));
    for (const { peers } of entriesOf(spec)) {
      for (const key of keysOfPeers(peers)) labelKeys.add(key);
      for (const key of keysOfServices(snapshot, peers)) labelKeys.add(key);
      if (peers?.kind === 'nodes')
        for (const { requirements } of peers.selectors)
          for (const { key } of requirements) nodeLabelKeys.add(bareKey(key));
      ranges.push(...rangesOfPeers(peers, groups));
      asksBackends ||= meansBackends(peers);
    }
  }
  for (const key of keysOfOptOut(snapshot)) nodeLabelKeys.add(key);
  if (asksBackends) ranges.push(...backendsAsked(snapshot));
  const paths = pathMentions(snapshot);
  for (const key of paths.labelKeys) labelKeys.add(key);
  ranges.push(...paths.ranges);
  return { labelKeys, nodeLabelKeys, ranges };
}

/** Labels of nodes that tell who opts out of encryption between nodes, where there is any. */
function keysOfOptOut({ configMaps }: Snapshot): string[] {
  const settings = configMaps.find(({ name }) => name === CONFIG_NAME)?.data;
  if (settings?.get('encrypt-node') !== 'true') return [];
  return optOutOf(settings).requirements.map(({ key }) => key);
}

/** What redirects and egress gateways name. */
function pathMentions({ ciliumRedirects, ciliumEgressGateways }: Snapshot): Pick<Mentions, 'labelKeys' | 'ranges'> {
  const labelKeys = new Set<string>();
  const ranges: AddressRange[] = [];
  for (const { backends, address } of ciliumRedirects) {
    for (const key of keysOf(backends)) labelKeys.add(key);
    const parsed = address === undefined ? undefined : parseAddress(address.trim());
    if (parsed !== undefined) ranges.push(cidrOf(parsed, parsed.family === 4 ? 32 : 128));
  }
  for (const { podSelectors, destinations, excluded } of ciliumEgressGateways) {
    for (const { pods } of podSelectors) for (const key of pods === undefined ? [] : keysOf(pods)) labelKeys.add(key);
    ranges.push(...destinations, ...excluded);
  }
  return { labelKeys, ranges };
}

/** Keys by which the Services that peers name select pods. */
function keysOfServices({ services }: Snapshot, peers: CiliumPeers | undefined): string[] {
  if (peers?.kind !== 'services') return [];
  return services
    .filter((service) => peers.services.some((wanted) => isMeant(service, wanted)))
    .flatMap(({ selector }) => (selector === undefined ? [] : keysOf(selector)));
}

/** Whether peers may mean the addresses of a Service: by its name, or of the API server by its identity. */
function meansBackends(peers: CiliumPeers | undefined): boolean {
  if (peers?.kind !== 'endpoints') return peers?.kind === 'services' || peers?.kind === 'entities';
  return peers.selectors.some(({ requirements }) => requirements.some(({ key }) => sourceOf(key) === 'reserved'));
}

/** Addresses that `toServices` and the entity `kube-apiserver` mean: Services without selector, and the API server's. */
function backendsAsked({ services, endpointSlices }: Snapshot): AddressRange[] {
  const managed = new Set(
    services.filter(({ selector }) => selector === undefined).map(({ namespace, name }) => `${namespace}/${name}`),
  ).add('default/kubernetes');
  const slices = endpointSlices.filter(({ namespace, service }) => managed.has(`${namespace}/${service}`));
  return backendRanges({ service: undefined, slices });
}

function entriesOf(spec: CiliumSpec): CiliumRule[] {
  return [...spec.ingress, ...spec.ingressDeny, ...spec.egress, ...spec.egressDeny];
}
