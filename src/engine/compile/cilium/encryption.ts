import { addRange, emptyBits, hasBit, isEmpty } from '#base/bits.ts';
import { includes } from '#base/intervals.ts';
import type { EncryptionFact } from '#model/encryption.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { LabelSelector } from '#model/resource.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { protocolTraffic, trafficPoint } from '#model/traffic.ts';
import type { EncryptedPair, EncryptionSource } from '../../encryption.ts';
import { exactly, type PointSpan, type Rewrite } from '../../form.ts';
import { orPerhaps, within } from '../../spans.ts';
import type { World } from '../../world.ts';
import { betweenNodes } from '../between-nodes.ts';
import type { Compiling } from '../context.ts';
import { OPT_OUT, optOutOf } from './opt-out.ts';
import { CONFIG_NAME, ciliumModeOf } from './settings.ts';

/** Label of namespaces whose pods speak through ztunnel (encryption-ztunnel.rst). */
const ENROLLED = 'io.cilium/mtls-enabled';
const TUNNEL_PORT = 15008;
const TCP = protocolTraffic('TCP');

/**
 * ztunnel between enrolled pods (TCP, both ends prove who they are), else WireGuard or IPsec between nodes. Nodes with
 * an opt-out label take no part in what is encrypted between nodes themselves (encryption-wireguard.rst).
 */
export function ciliumEncryption({ world, profile, selection }: Compiling, snapshot: Snapshot): EncryptionSource {
  const { settings } = ciliumModeOf(profile, snapshot);
  const origin = snapshot.configMaps.find(({ name }) => name === CONFIG_NAME)?.origin ?? NO_ORIGIN;
  const on = (key: string) => settings.get(key) === 'true';
  const enrolled = on('enable-ztunnel') ? enrolledPods(world) : undefined;
  const tunnel = on('enable-wireguard') ? 'WireGuard' : on('enable-ipsec') ? 'IPsec' : undefined;
  const strict = STRICT.some(on) ? `, and what is not encrypted is dropped` : '';
  const nodes = tunnel === 'WireGuard' && on('encrypt-node');
  const optOut = nodes ? optedOut(optOutOf(settings)) : undefined;
  return { name: 'Cilium', between };

  function between(pair: EncryptedPair): EncryptionFact | undefined {
    const byTunnel = enrolled === undefined ? undefined : ztunnel(enrolled, pair);
    if (byTunnel !== undefined) return { ...byTunnel, origin };
    if (tunnel === undefined) return undefined;
    const fact = betweenNodes(world, pair, {
      name: `${tunnel} (${CONFIG_NAME})`,
      hosts: nodes,
      closeHosts:
        tunnel === 'WireGuard'
          ? `set encrypt-node: "true" in ConfigMap ${CONFIG_NAME}`
          : 'use WireGuard with encrypt-node; IPsec leaves out traffic of nodes',
      origin,
    });
    if (fact?.encryption !== 'encrypted-no-identity') return fact;
    return afterOptOut(pair) ?? { ...fact, why: `${fact.why}${strict}` };
  }

  /** Of a pair with an end that is a node: whether that end has opted out. */
  function afterOptOut({ from, to }: EncryptedPair): EncryptionFact | undefined {
    if (optOut === undefined) return undefined;
    const ends = [from, to].filter((point) => hasBit(world.hosts, point)).map((point) => optOut(point));
    if (ends.every((answer) => answer === 'no')) return undefined;
    if (!ends.includes('yes')) {
      const why =
        'WireGuard between their nodes unless a node has opted out, and the labels of the nodes are not in the input';
      return { encryption: 'unknown', why, origin };
    }
    const why = `a node has opted out of WireGuard by its labels (${OPT_OUT})`;
    const close = `take the label of the node out of ${OPT_OUT}, or move the pod`;
    return { encryption: 'plaintext', why, hole: { kind: 'host-network', close }, origin };
  }

  function optedOut({ requirements }: LabelSelector): (point: number) => 'yes' | 'no' | 'perhaps' {
    const chosen = requirements.length === 0 ? world.nothing : selection.nodes({ requirements, origin });
    const isOut = new Map(
      world.nodes.map(({ name }, index) => [name, world.pointsOfNode[index]!.some((point) => hasBit(chosen, point))]),
    );
    return (point) => {
      const { placed, nodeNames } = world.points[point]!;
      const answers = [...nodeNames].map((name) => isOut.get(name));
      if (!placed || answers.length === 0 || answers.includes(undefined)) return 'perhaps';
      if (answers.every((answer) => answer === true)) return 'yes';
      return answers.includes(true) ? 'perhaps' : 'no';
    };
  }
}

const STRICT = [
  'enable-encryption-strict-mode',
  'enable-encryption-strict-mode-egress',
  'enable-encryption-strict-mode-ingress',
];

/** Enrolled pods speak mutual TLS over TCP; where labels of a namespace are not known, perhaps. */
function ztunnel({ must, may }: PointSpan, { from, to, traffic }: EncryptedPair): EncryptionFact | undefined {
  if (!includes(TCP, traffic) || !hasBit(may, from) || !hasBit(may, to)) return undefined;
  if (hasBit(must, from) && hasBit(must, to))
    return { encryption: 'mtls-required', why: 'ztunnel: both namespaces are enrolled' };
  return {
    encryption: 'unknown',
    why: 'ztunnel if both namespaces are enrolled, and the labels of one are not in the input',
  };
}

/** What policy sees of pods that ztunnel speaks for: its own port. */
export function ciliumRewrites({ world, profile }: Compiling, snapshot: Snapshot): readonly Rewrite[] {
  if (ciliumModeOf(profile, snapshot).settings.get('enable-ztunnel') !== 'true') return [];
  const enrolled = enrolledPods(world);
  if (isEmpty(enrolled.may)) return [];
  const as = trafficPoint('TCP', TUNNEL_PORT);
  const name = `ztunnel, TCP ${TUNNEL_PORT}`;
  return [{ from: enrolled, to: enrolled, traffic: TCP, as, name, reason: 'mesh-membership' }];
}

function enrolledPods(world: World): PointSpan {
  const must = emptyBits(world.size);
  const unlabelled = emptyBits(world.size);
  for (const { labels, first, end } of world.namespaces.values()) {
    if (labels === undefined) addRange(unlabelled, first, end);
    else if (labels.get(ENROLLED) === 'true') addRange(must, first, end);
  }
  return within(orPerhaps(exactly(must), unlabelled, 'labels-unknown'), world.pods);
}
