import type { Design } from '../plan/design.ts';
import { spacesOf } from '../plan/spaces.ts';
import { doorOf, WAY_IN } from '../plan/way-in.ts';
import type { Document } from '../write/yaml.ts';
import { objectOf } from './object.ts';

/** Flows between pods, and what policies drop, where the engine writes them down. */
export function visibility({ choices }: Design): readonly Document[] {
  if (choices.engine !== 'cilium' || choices.platform !== 'aks') return [];
  const spaces = [...spacesOf(choices).map(({ name }) => name), ...(doorOf(choices) === 'none' ? [] : [WAY_IN])];
  const pods = spaces.map((name) => `${name}/`);
  return [
    objectOf({
      api: 'acn.azure.com/v1alpha1',
      kind: 'ContainerNetworkLog',
      name: 'teams',
      why: 'Advanced Container Networking Services writes flows only where a filter names them: everything that teams send or take, dropped or not.',
      body: {
        spec: {
          includefilters: [
            { name: 'sent', from: { namespacedPod: pods }, verdict: ['forwarded', 'dropped'] },
            { name: 'taken', to: { namespacedPod: pods }, verdict: ['forwarded', 'dropped'] },
          ],
        },
      },
    }),
  ];
}
