import { ROLE_IDS } from '../../data/azure/roles.ts';
import type { Design } from '../plan/design.ts';
import { roleAssignment } from './access.ts';
import { privateEndpoint, privateZone } from './private-endpoints.ts';
import { type Part, placed, VERSIONS } from './resources.ts';
import type { Draft } from './value.ts';
import { zonesOf } from './zones.ts';

/** AcrPull (built-in role). */
const PULL = ROLE_IDS.AcrPull;

/** The registry from which the cluster takes its images, privately. */
export const registry: Part = (design) => {
  const { registry: zone } = zonesOf(design.choices);
  return [
    registryOf(design),
    ...privateZone(design, zone),
    ...privateEndpoint(design, { key: 'registry', part: 'registry', zones: [zone] }),
    ...(design.choices.platform === 'aks'
      ? [
          roleAssignment({
            key: 'nodesPull',
            module: 'access',
            group: 'spoke',
            scope: 'registry',
            role: PULL,
            who: { of: 'cluster', path: 'properties.identityProfile.kubeletidentity.objectId' },
          }),
        ]
      : []),
  ];
};

function registryOf(design: Design): Draft {
  return {
    key: 'registry',
    module: 'registry',
    group: 'spoke',
    type: 'Microsoft.ContainerRegistry/registries',
    apiVersion: VERSIONS.registry,
    name: design.names.globally('cr', 50),
    body: placed(design, {
      sku: { name: 'Premium' },
      properties: {
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        publicNetworkAccess: 'Disabled',
        networkRuleBypassOptions: 'None',
        dataEndpointEnabled: true,
        zoneRedundancy: 'Enabled',
        policies: {
          exportPolicy: { status: 'disabled' },
          retentionPolicy: { status: 'enabled', days: 30 },
        },
      },
    }),
  };
}
