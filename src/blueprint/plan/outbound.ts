import { AZURE_CLOUDS, type AzureCloud, ENDPOINT_ROWS, type EndpointRow } from '../../data/azure/endpoints.ts';
import type { Choices } from '../choices/choices.ts';

/** A name outside that something inside must reach. */
export interface OutsideName {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** What needs it: a feature, or a namespace. */
  readonly needed: string;
}

const CLOUD: Readonly<Record<Choices['cloud'], AzureCloud>> = {
  public: AZURE_CLOUDS[0],
  china: AZURE_CLOUDS[1],
  government: AZURE_CLOUDS[2],
};

/** Names that the chosen features need, each once, with the first that needs it; nothing that is only helpful. */
export function requiredNames(choices: Choices): readonly OutsideName[] {
  const features = featuresOf(choices);
  const rows = ENDPOINT_ROWS.filter(
    (row) => row.cloud === CLOUD[choices.cloud] && features.includes(row.feature) && isNeeded(row),
  );
  const found = new Map<string, OutsideName>();
  for (const row of rows) {
    if (row.to !== 'name' || row.name === undefined) continue;
    const name = row.name.replace(/<(?:location|region)>/, choices.region);
    const key = `${name} ${row.port} ${row.protocol}`;
    if (!found.has(key)) found.set(key, { name, port: row.port, protocol: row.protocol, needed: row.feature });
  }
  return [...found.values()];
}

/** The cluster is private, of today, and asks the firewall for names: conditions that none of these meet. */
function isNeeded({ when, optional }: EndpointRow): boolean {
  return when === undefined && !optional;
}

/** Features as the table of endpoints calls them. */
function featuresOf({ platform, paid }: Choices): readonly string[] {
  if (platform !== 'aks')
    return ['arc', 'arcClusterConnect', 'arcAzureRbac', 'clusterExtensions', 'azurePolicy', 'azureMonitor'];
  return [
    'cluster',
    'workloadIdentity',
    'keyVaultSecretsProvider',
    'azureMonitor',
    'azurePolicy',
    'clusterExtensions',
    ...(paid.defender ? ['defenderForContainers'] : []),
  ];
}
