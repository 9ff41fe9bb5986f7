import type { Design } from '../plan/design.ts';
import { access } from './access.ts';
import { apiGateway } from './api-gateway.ts';
import { arc } from './arc.ts';
import { backup } from './backup.ts';
import { bastion } from './bastion.ts';
import { cluster } from './cluster.ts';
import { type Estate, estateOf } from './drafts.ts';
import { firewall } from './firewall.ts';
import { maintenance } from './maintenance.ts';
import { monitoring } from './monitoring.ts';
import { network } from './network.ts';
import { onPremises } from './on-premises.ts';
import { operations } from './operations.ts';
import { parametersOf } from './parameters.ts';
import { policy } from './policy.ts';
import { registry } from './registry.ts';
import type { Part } from './resources.ts';
import { services } from './services.ts';
import { vault } from './vault.ts';
import { wayIn } from './way-in/way-in.ts';
import { workloadIdentities } from './workload-identities.ts';

const PARTS: readonly Part[] = [
  operations,
  network,
  firewall,
  vault,
  registry,
  services,
  workloadIdentities,
  cluster,
  maintenance,
  arc,
  wayIn,
  apiGateway,
  onPremises,
  bastion,
  access,
  policy,
  monitoring,
  backup,
];

/** Every resource of the environment. */
export function blueprintEstate(design: Design): Estate {
  return estateOf({
    location: design.choices.region,
    stateKey: `${design.choices.name}-${design.choices.environment}.tfstate`,
    groupName: design.names.group,
    drafts: PARTS.flatMap((part) => part(design)),
    parameters: parametersOf(design),
  });
}
