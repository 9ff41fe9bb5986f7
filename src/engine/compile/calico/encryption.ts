import type { EncryptionFact } from '#model/encryption.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { EncryptionSource } from '../../encryption.ts';
import { betweenNodes } from '../between-nodes.ts';
import type { Compiling } from '../context.ts';

/** WireGuard between nodes, as FelixConfiguration turns it on; node traffic only with host encryption. */
export function calicoEncryption({ world }: Compiling, { calicoSettings }: Snapshot): EncryptionSource {
  const settings = calicoSettings.find(({ name }) => name === 'default') ?? calicoSettings[0];
  return { name: 'Calico', between };

  function between(pair: { readonly from: number; readonly to: number }): EncryptionFact | undefined {
    if (settings === undefined) return undefined;
    const on = { 4: settings.wireguard, 6: settings.wireguardV6 };
    const families = world.points[pair.from]!.families & world.points[pair.to]!.families;
    const covered = (families & 1) === 0 ? on[6] : on[4];
    if (!covered) return undefined;
    return betweenNodes(world, pair, {
      name: `WireGuard (FelixConfiguration ${settings.name})`,
      hosts: settings.wireguardHosts,
      closeHosts: 'set wireguardHostEncryptionEnabled: true in FelixConfiguration',
      origin: settings.origin,
    });
  }
}
