import type { Design } from '../plan/design.ts';
import { cluster } from './cluster.ts';
import { type Estate, estateOf } from './drafts.ts';
import { firewall } from './firewall.ts';
import { network } from './network.ts';
import type { Part } from './resources.ts';

const PARTS: readonly Part[] = [network, firewall, cluster];

/** Every resource of the environment. */
export function blueprintEstate(design: Design): Estate {
  return estateOf({
    location: design.choices.region,
    groupName: design.names.group,
    drafts: PARTS.flatMap((part) => part(design)),
    parameters: [],
  });
}
