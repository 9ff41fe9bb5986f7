import type { Encryption } from '#model/encryption.ts';
import { isNodeTraffic, isPerhaps, type Party, type Question } from './party.ts';
import { tcpPort } from './service-path.ts';
import { namespaceLabels, onSameNode } from './where.ts';

/** What the network engine itself does to connections between nodes. */
interface NetworkCipher {
  /** Between pods of different nodes. */
  readonly pods: boolean;
  /** Where an end is a node or on its network. */
  readonly hosts: boolean;
}

/** Encryption by the network engine; undefined where there is none on this connection. */
export function networkProtection(question: Question): Encryption | undefined {
  const { from, to } = question.connection;
  if (isEnrolled(question, from) && isEnrolled(question, to) && tcpPort(question) !== undefined) return 'mtls-required';
  const cipher = cipherOf(question);
  const isHost = isNodeTraffic(from) || isNodeTraffic(to);
  if (from.kind === 'address' || to.kind === 'address' || !(isHost ? cipher.hosts : cipher.pods)) return undefined;
  return onSameNode(question) ? undefined : 'encrypted-no-identity';
}

function cipherOf(question: Question): NetworkCipher {
  switch (question.profile.model) {
    case 'kubernetes':
      return { pods: false, hosts: false };
    case 'calico':
      return calicoCipher(question);
    case 'cilium':
      return ciliumCipher(question);
  }
}

/** WireGuard is switched on for each family by itself. */
function calicoCipher({ snapshot, connection }: Question): NetworkCipher {
  const settings = snapshot.calicoSettings.find(({ name }) => name === 'default');
  const { from } = connection;
  const family = from.kind === 'address' ? from.address.family : from.family;
  const pods = (family === 4 ? settings?.wireguard : settings?.wireguardV6) ?? false;
  return { pods, hosts: pods && (settings?.wireguardHosts ?? false) };
}

/** IPsec is for pods alone; WireGuard for nodes as well where it is told so, and where no node has opted out. */
function ciliumCipher(question: Question): NetworkCipher {
  const wireguard = ciliumSetting(question, 'enable-wireguard');
  const nodes = wireguard && ciliumSetting(question, 'encrypt-node');
  return {
    pods: wireguard || ciliumSetting(question, 'enable-ipsec'),
    hosts: nodes && isPerhaps(question, 'no node has opted out of encryption'),
  };
}

/** Cilium's own mutual TLS: of pods of namespaces that carry its label. */
function isEnrolled(question: Question, party: Party): boolean {
  if (question.profile.model !== 'cilium' || !ciliumSetting(question, 'enable-ztunnel')) return false;
  if (party.kind !== 'pod' || party.shape.hostNetwork) return false;
  return namespaceLabels(question, party.namespace)('io.cilium/mtls-enabled') === 'true';
}

function ciliumSetting({ snapshot, profile }: Question, key: string): boolean {
  const config = snapshot.configMaps.find(({ name }) => name === 'cilium-config');
  return (config?.data.get(key) ?? profile.cilium?.settings[key]) === 'true';
}
