import type { NetworkPolicy, NetworkPolicyPort } from '#model/resource.ts';
import { policyAs, readingOf } from '../reading.ts';
import { type Keeper, type Keeping, notKept, unchanged } from './keep.ts';

/** More numbers in place of a range make a policy that nobody reads. */
const MOST_PORTS = 256;

/** What one of the engines reads otherwise than it is written: ranges of ports, labels that are in no identity. */
export const keepText: Keeper = ({ from, to }, policy) => {
  const before = readingOf(from.options.profile, from.snapshot);
  const after = readingOf(to, from.snapshot);
  const meant = policyAs(policy, before);
  const { isLabelKept } = after;
  const hidden = isLabelKept === undefined ? undefined : keysOf(meant).find((key) => !isLabelKept(key));
  const not =
    hidden === undefined
      ? []
      : [
          notKept('excluded-labels', policy, {
            why: `it selects by \`${hidden}\`, which is part of no identity under ${to.title}`,
            help: 'give the pods another label and select that, or include the label with the setting `labels` of cilium-config',
          }),
        ];
  if (after.endPorts || !hasRanges(meant)) return { ...unchanged(meant), not };
  return { ...spelledOut({ from, to }, meant), not };
};

function keysOf({ podSelector, ingress, egress }: NetworkPolicy): string[] {
  const peers = [...ingress, ...egress].flatMap((rule) => rule.peers);
  const selectors = [podSelector, ...peers.flatMap((peer) => (peer.kind === 'pods' ? (peer.podSelector ?? []) : []))];
  return selectors.flatMap(({ requirements }) => requirements.map(({ key }) => key));
}

function hasRanges({ ingress, egress }: NetworkPolicy): boolean {
  return [...ingress, ...egress].some(({ ports }) => ports.some((port) => widthOf(port) > 1));
}

function spelledOut({ to }: Keeping, policy: NetworkPolicy) {
  const wide = [...policy.ingress, ...policy.egress].find(({ ports }) =>
    ports.some((port) => widthOf(port) > MOST_PORTS),
  );
  if (wide !== undefined) {
    const why = `${to.title} reads no endPort, and the range has more than ${MOST_PORTS} ports`;
    const help = 'use a version that reads it, or a CiliumNetworkPolicy, which has ranges';
    return { ...unchanged(policy), not: [notKept('end-port', policy, { why, help, rule: wide })] };
  }
  const spell = (rules: NetworkPolicy['ingress']) =>
    rules.map((rule) => ({ ...rule, ports: rule.ports.flatMap(numbersOf) }));
  return unchanged({ ...policy, ingress: spell(policy.ingress), egress: spell(policy.egress) });
}

function numbersOf(port: NetworkPolicyPort): NetworkPolicyPort[] {
  const { port: first, endPort: _, ...rest } = port;
  if (typeof first !== 'number') return [port];
  return Array.from({ length: widthOf(port) }, (_, index) => ({ ...rest, port: first + index }));
}

function widthOf({ port, endPort }: NetworkPolicyPort): number {
  return typeof port === 'number' && endPort !== undefined ? endPort - port + 1 : 1;
}
