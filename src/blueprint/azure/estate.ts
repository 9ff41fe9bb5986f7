import type { Design } from '../plan/design.ts';
import { access } from './access.ts';
import { cluster } from './cluster.ts';
import { type Estate, estateOf } from './drafts.ts';
import { firewall } from './firewall.ts';
import { monitoring } from './monitoring.ts';
import { network } from './network.ts';
import { operations } from './operations.ts';
import { policy } from './policy.ts';
import { registry } from './registry.ts';
import type { Part } from './resources.ts';
import { vault } from './vault.ts';

const PARTS: readonly Part[] = [operations, network, firewall, vault, registry, cluster, access, policy, monitoring];

/** Every resource of the environment. */
export function blueprintEstate(design: Design): Estate {
  return estateOf({
    location: design.choices.region,
    groupName: design.names.group,
    drafts: PARTS.flatMap((part) => part(design)),
    parameters: [],
  });
}
