import type { Part } from './resources.ts';
import { VERSIONS } from './resources.ts';
import type { Draft, ValueObject } from './value.ts';

/** When Azure may change the cluster: in the night of the weekend, patches of nodes every week. */
export const maintenance: Part = (design) =>
  design.choices.platform !== 'aks'
    ? []
    : [
        window('upgradeWindow', 'aksManagedAutoUpgradeSchedule', 'Saturday'),
        window('patchWindow', 'aksManagedNodeOSUpgradeSchedule', 'Sunday'),
      ];

function window(key: string, name: string, dayOfWeek: string): Draft {
  const schedule: ValueObject = { weekly: { intervalWeeks: 1, dayOfWeek } };
  return {
    key,
    module: 'cluster',
    group: 'spoke',
    type: 'Microsoft.ContainerService/managedClusters/maintenanceConfigurations',
    apiVersion: VERSIONS.cluster,
    parent: 'cluster',
    name,
    body: {
      properties: { maintenanceWindow: { schedule, durationHours: 6, startTime: '01:00', utcOffset: '+00:00' } },
    },
  };
}
