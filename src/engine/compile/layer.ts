import type { Snapshot } from '#model/snapshot.ts';
import type { EncryptionSource } from '../encryption.ts';
import type { Layer, Rewrite } from '../form.ts';
import type { Mentions } from '../world.ts';
import { azureLayers } from './azure/azure.ts';
import { azureMentions } from './azure/mentions.ts';
import { calicoMentions, calicoPodLayer } from './calico/calico.ts';
import { calicoEncryption } from './calico/encryption.ts';
import { calicoHostLayer } from './calico/host-layer.ts';
import { ciliumPodLayer } from './cilium/cilium.ts';
import { ciliumEncryption, ciliumRewrites } from './cilium/encryption.ts';
import { ciliumMentions } from './cilium/mentions.ts';
import { clusterPolicyMentions } from './cluster-policy.ts';
import type { Compiling } from './context.ts';
import { istioEncryption, istioLayer, istioMentions, istioRewrites, istioWaypointLayer } from './istio/istio.ts';
import { kubernetesPodLayer } from './kubernetes.ts';
import { linkerdEncryption, linkerdLayer, linkerdMentions, linkerdRewrites } from './linkerd/linkerd.ts';
import { networkPolicyMentions } from './network-policy.ts';

const MENTIONS = new WeakMap<Snapshot, Mentions>();

/** Everything that the policies of a snapshot can see, enforced or not, so that a World serves every profile. */
export function mentionsOf(snapshot: Snapshot): Mentions {
  const mentions = MENTIONS.get(snapshot) ?? mentionsIn(snapshot);
  MENTIONS.set(snapshot, mentions);
  return mentions;
}

function mentionsIn(snapshot: Snapshot): Mentions {
  const parts = [
    networkPolicyMentions(snapshot.networkPolicies),
    clusterPolicyMentions(snapshot.clusterPolicies),
    calicoMentions(snapshot),
    ciliumMentions(snapshot),
    istioMentions(snapshot),
    linkerdMentions(snapshot),
    azureMentions(snapshot),
  ];
  return {
    labelKeys: new Set(parts.flatMap((part) => [...part.labelKeys])),
    nodeLabelKeys: new Set(parts.flatMap((part) => [...part.nodeLabelKeys])),
    ranges: parts.flatMap((part) => part.ranges),
  };
}

/** Every enforcement point of the cluster and of the network around it, the pod's own first. Which engine stands there is the profile's to say. */
export function compileLayers(compiling: Compiling, snapshot: Snapshot): readonly Layer[] {
  const carried = rewritesOf(compiling, snapshot);
  const others = [
    compiling.profile.model === 'calico' ? calicoHostLayer(compiling, snapshot) : undefined,
    istioLayer(compiling, snapshot),
    istioWaypointLayer(compiling, snapshot),
    linkerdLayer(compiling, snapshot),
    ...azureLayers(compiling, snapshot),
  ].filter((layer) => layer !== undefined);
  return [withRewrites(podLayer(compiling, snapshot), carried), ...others.map((layer) => outside(layer, carried))];
}

/** What protects connections on the wire, the most telling first (mesh, then the network between nodes). */
export function encryptionSources(compiling: Compiling, snapshot: Snapshot): readonly EncryptionSource[] {
  const { model } = compiling.profile;
  return [
    istioEncryption(compiling, snapshot),
    linkerdEncryption(compiling, snapshot),
    ...(model === 'cilium' ? [ciliumEncryption(compiling, snapshot)] : []),
    ...(model === 'calico' ? [calicoEncryption(compiling, snapshot)] : []),
  ];
}

function podLayer(compiling: Compiling, snapshot: Snapshot): Layer {
  switch (compiling.profile.model) {
    case 'kubernetes':
      return kubernetesPodLayer(compiling, snapshot);
    case 'calico':
      return calicoPodLayer(compiling, snapshot);
    case 'cilium':
      return ciliumPodLayer(compiling, snapshot);
  }
}

function rewritesOf(compiling: Compiling, snapshot: Snapshot): readonly Rewrite[] {
  return [
    ...istioRewrites(compiling, snapshot),
    ...linkerdRewrites(compiling, snapshot),
    ...(compiling.profile.model === 'cilium' ? ciliumRewrites(compiling, snapshot) : []),
  ];
}

/** The node sees the tunnel, as the pod's interface does; the proxy sees what is inside. */
function outside(layer: Layer, rewrites: readonly Rewrite[]): Layer {
  return layer.name === 'host' ? withRewrites(layer, rewrites) : layer;
}

/** Where a layer has no policy it lets everything pass, whichever points that the input lacks are on the way. */
function withRewrites(layer: Layer, all: readonly Rewrite[]): Layer {
  const rewrites = isSilent(layer) ? all.filter(({ via }) => via?.points.length !== 0) : all;
  return rewrites.length === 0 ? layer : { ...layer, rewrites };
}

function isSilent({ ingress, egress }: Layer): boolean {
  return [...ingress, ...egress].every(({ levels }) => levels.every((level) => level.length === 0));
}
