import { type Cidr, formatAddress, isInRange } from '#base/address.ts';
import type { CiliumBlock, CiliumPeers, CiliumPolicy, CiliumSelector, CiliumService } from '#model/cilium.ts';
import type { Service } from '#model/exposure.ts';
import { isNetworkedPod, isPerhaps, type Question, type Side } from '../party.ts';
import { selects } from '../selector.ts';
import { isFor } from '../service-path.ts';
import { addressOf, nodeLabels } from '../where.ts';
import { isEntity, isSelected, keyOf, NAMESPACE_LABELS, POD_NAMESPACE, reservedOf } from './identity.ts';
import { areNamesLearnt } from './names.ts';
import { isSince, listOf } from './settings.ts';
import { nameOf } from './subject.ts';

interface PlacedPeers {
  readonly peers: CiliumPeers;
  readonly policy: CiliumPolicy;
  readonly side: Side;
  readonly denies: boolean;
}

export function arePeers(question: Question, { peers, policy, side, denies }: PlacedPeers): boolean {
  switch (peers.kind) {
    case 'endpoints':
      return peers.selectors.some((selector) => isEndpoint(question, { selector, policy, side }));
    case 'nodes':
      return peers.selectors.some((selector) => isNode(question, side, selector));
    case 'cidrs':
      return peers.blocks.some((block) => isCounted(question, block, denies) && isInBlock(question, side, block));
    case 'entities':
      return peers.names.some((name) => isEntity(question, side, name));
    case 'services':
      return peers.services.some((service) => isServed(question, side, service));
    case 'names':
      return (
        isOutside(question, side) &&
        areNamesLearnt(question) &&
        isPerhaps(question, `a name of ${nameOf(policy)} stands for ${side}`)
      );
    case 'groups':
      return isOutside(question, side) && isPerhaps(question, `a group of ${nameOf(policy)} has ${side}`);
  }
}

interface PlacedSelector {
  readonly selector: CiliumSelector;
  readonly policy: CiliumPolicy;
  readonly side: Side;
}

/** Of the policy's own namespace, or of any, where the selector does not speak of namespaces itself. */
function isEndpoint(question: Question, { selector, policy, side }: PlacedSelector): boolean {
  if (!isSelected(question, side, selector)) return false;
  const keys = selector.requirements.map(({ key }) => keyOf(key));
  const isOpen = keys.some(
    ({ source, key }) => source === 'reserved' || ((source === 'k8s' || source === 'any') && key === POD_NAMESPACE),
  );
  if (isOpen) return true;
  const party = question.connection[side];
  if (policy.namespace === '') return isNetworkedPod(party);
  if (keys.some(({ source, key }) => source !== 'reserved' && key.startsWith(NAMESPACE_LABELS))) return true;
  return isNetworkedPod(party) && party.namespace === policy.namespace;
}

/** Nodes but the own one, by their labels. */
function isNode(question: Question, side: Side, selector: CiliumSelector): boolean {
  if (!reservedOf(question, side).has('remote-node')) return false;
  const labelOf = nodeLabels(question, side);
  return selects(selector, (key) => labelOf(keyOf(key).key));
}

// ---------------------------------------------------------------- addresses

/** An address is looked at only where Cilium gives it no other identity. */
export function hasAddressIdentity(question: Question, side: Side): boolean {
  const reserved = reservedOf(question, side);
  if (reserved.has('world')) return true;
  const modes = listOf(question, 'policy-cidr-match-mode');
  if (isNetworkedPod(question.connection[side])) return modes.includes('pods') && isSince(question, 20);
  if (!modes.includes('nodes')) return false;
  return reserved.has('remote-node') || isPerhaps(question, 'the own node is known by its address');
}

function isOutside(question: Question, side: Side): boolean {
  return reservedOf(question, side).has('world');
}

function isInBlock(question: Question, side: Side, block: CiliumBlock): boolean {
  if (!hasAddressIdentity(question, side)) return false;
  const address = addressOf(question, side);
  if (!rangesOf(question, block).some((range) => isInRange(address, range))) return false;
  if (!block.except.some((hole) => isInRange(address, hole))) return true;
  // What is taken out of a group counts in newer versions only.
  return block.cidr === undefined && isPerhaps(question, 'what is taken out of groups counts as well');
}

/** Groups of denials were not looked up in all versions before 1.17. */
function isCounted(question: Question, { cidr }: CiliumBlock, denies: boolean): boolean {
  if (cidr !== undefined || !denies || isSince(question, 17)) return true;
  return isPerhaps(question, 'groups of denials are looked up');
}

/** A group that is not there has nothing in it. */
function rangesOf({ snapshot }: Question, { cidr, group, groupSelector }: CiliumBlock): readonly Cidr[] {
  if (cidr !== undefined) return [cidr];
  const groups = snapshot.ciliumCidrGroups.filter(({ name, labels }) =>
    groupSelector === undefined ? name === group : selects(groupSelector, (key) => labels.get(keyOf(key).key)),
  );
  return groups.flatMap(({ cidrs }) => cidrs);
}

// ---------------------------------------------------------------- Services

/** Pods that the Service selects; of a Service that selects none its addresses, where they are no pods. */
function isServed(question: Question, side: Side, wanted: CiliumService): boolean {
  const services = question.snapshot.services.filter(
    ({ namespace, name, labels }) =>
      namespace === wanted.namespace &&
      (wanted.name === undefined || wanted.name === name) &&
      (wanted.selector === undefined || selects(wanted.selector, (key) => labels.get(keyOf(key).key))),
  );
  return services.some((service) => isBackend(question, side, service));
}

function isBackend(question: Question, side: Side, service: Service): boolean {
  const party = question.connection[side];
  if (service.selector !== undefined) return isNetworkedPod(party) && isFor(service, party);
  if (!hasAddressIdentity(question, side)) return false;
  const { namespace, name } = service;
  const slices = question.snapshot.endpointSlices.filter(
    (slice) => slice.service === name && slice.namespace === namespace,
  );
  if (slices.length === 0) return isPerhaps(question, `${side} is behind Service ${namespace}/${name}`);
  const text = formatAddress(addressOf(question, side));
  return slices.some(({ endpoints }) => endpoints.some(({ address }) => address === text));
}
