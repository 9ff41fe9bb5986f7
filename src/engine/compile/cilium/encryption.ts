import { addRange, type Bits, emptyBits, hasBit, intersection, isEmpty } from '#base/bits.ts';
import { includes } from '#base/intervals.ts';
import type { EncryptionFact } from '#model/encryption.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { protocolTraffic, trafficPoint } from '#model/traffic.ts';
import type { EncryptedPair, EncryptionSource } from '../../encryption.ts';
import { exactly, type Rewrite } from '../../form.ts';
import type { World } from '../../world.ts';
import { betweenNodes } from '../between-nodes.ts';
import type { Compiling } from '../context.ts';
import { CONFIG_NAME, ciliumModeOf } from './settings.ts';

/** Label of namespaces whose pods speak through ztunnel (encryption-ztunnel.rst). */
const ENROLLED = 'io.cilium/mtls-enabled';
const TUNNEL_PORT = 15008;
const TCP = protocolTraffic('TCP');

/** ztunnel between enrolled pods (TCP, both ends prove who they are), else WireGuard or IPsec between nodes. */
export function ciliumEncryption({ world, profile }: Compiling, snapshot: Snapshot): EncryptionSource {
  const { settings } = ciliumModeOf(profile, snapshot);
  const origin = snapshot.configMaps.find(({ name }) => name === CONFIG_NAME)?.origin ?? NO_ORIGIN;
  const on = (key: string) => settings.get(key) === 'true';
  const enrolled = on('enable-ztunnel') ? enrolledPods(world) : undefined;
  const tunnel = on('enable-wireguard') ? 'WireGuard' : on('enable-ipsec') ? 'IPsec' : undefined;
  return { name: 'Cilium', between };

  function between(pair: EncryptedPair): EncryptionFact | undefined {
    const isEnrolled = enrolled !== undefined && hasBit(enrolled, pair.from) && hasBit(enrolled, pair.to);
    if (isEnrolled && includes(TCP, pair.traffic))
      return { encryption: 'mtls-required', why: 'ztunnel: both namespaces are enrolled', origin };
    if (tunnel === undefined) return undefined;
    return betweenNodes(world, pair, {
      name: `${tunnel} (${CONFIG_NAME})`,
      hosts: tunnel === 'WireGuard' && on('encrypt-node'),
      closeHosts:
        tunnel === 'WireGuard'
          ? `set encrypt-node: "true" in ConfigMap ${CONFIG_NAME}`
          : 'use WireGuard with encrypt-node; IPsec leaves out traffic of nodes',
      origin,
    });
  }
}

/** What policy sees of pods that ztunnel speaks for: its own port. */
export function ciliumRewrites({ world, profile }: Compiling, snapshot: Snapshot): readonly Rewrite[] {
  if (ciliumModeOf(profile, snapshot).settings.get('enable-ztunnel') !== 'true') return [];
  const enrolled = enrolledPods(world);
  if (isEmpty(enrolled)) return [];
  const span = exactly(enrolled);
  const as = trafficPoint('TCP', TUNNEL_PORT);
  return [{ from: span, to: span, traffic: TCP, as, name: `ztunnel, TCP ${TUNNEL_PORT}`, reason: 'mesh-membership' }];
}

function enrolledPods(world: World): Bits {
  const bits = emptyBits(world.size);
  for (const { labels, first, end } of world.namespaces.values())
    if (labels?.get(ENROLLED) === 'true') addRange(bits, first, end);
  return intersection(bits, world.pods);
}
