import type { EncryptionFact } from '#model/encryption.ts';
import type { Snapshot } from '#model/snapshot.ts';
import type { EncryptionSource } from '../../encryption.ts';
import type { Point } from '../../world.ts';
import { betweenNodes } from '../between-nodes.ts';
import type { Compiling } from '../context.ts';
import { nodesWithSettings, settingOf } from './settings.ts';

type Switch = 'wireguard' | 'wireguardV6' | 'wireguardHosts';
type Answer = 'yes' | 'no' | 'perhaps';

/** WireGuard between nodes, as FelixConfiguration turns it on; node traffic only with host encryption. */
export function calicoEncryption({ world }: Compiling, snapshot: Snapshot): EncryptionSource {
  const settings = snapshot.calicoSettings.find(({ name }) => name === 'default') ?? snapshot.calicoSettings[0];
  const apart = nodesWithSettings(snapshot);
  return { name: 'Calico', between };

  function between(pair: { readonly from: number; readonly to: number }): EncryptionFact | undefined {
    if (settings === undefined) return undefined;
    const ends = [world.points[pair.from]!, world.points[pair.to]!];
    const families = ends.reduce((mask, { families: own }) => mask & own, 3);
    const switches: Switch[] = [];
    if ((families & 1) !== 0) switches.push('wireguard');
    if ((families & 2) !== 0) switches.push('wireguardV6');
    const on = alike(switches.map((name) => bothOn(ends, name)));
    if (on === 'no') return undefined;
    const fact = betweenNodes(world, pair, {
      name: `WireGuard (FelixConfiguration ${settings.name})`,
      hosts: bothOn(ends, 'wireguardHosts') === 'yes',
      closeHosts: 'set wireguardHostEncryptionEnabled: true in FelixConfiguration',
      origin: settings.origin,
    });
    if (on === 'yes' || fact?.encryption !== 'encrypted-no-identity') return fact;
    const why = 'WireGuard is on for some of the address families or nodes only';
    return { encryption: 'unknown', why, origin: settings.origin };
  }

  function bothOn(ends: readonly Point[], name: Switch): Answer {
    const answers = ends.map((end) => isOn(end, name));
    if (answers.includes('no')) return 'no';
    return answers.includes('perhaps') ? 'perhaps' : 'yes';
  }

  function isOn({ placed, nodeNames }: Point, name: Switch): Answer {
    const nodes = placed && nodeNames.size > 0 ? [...nodeNames] : [...apart, ''];
    return alike(nodes.map((node) => (settingOf(snapshot, node, name)?.value === true ? 'yes' : 'no')));
  }
}

function alike(answers: readonly Answer[]): Answer {
  const [first = 'no'] = answers;
  return answers.every((answer) => answer === first) ? first : 'perhaps';
}
