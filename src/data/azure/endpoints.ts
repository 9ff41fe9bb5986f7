import table from './endpoints.json' with { type: 'json' };

export const AZURE_CLOUDS = ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment'] as const;
export type AzureCloud = (typeof AZURE_CLOUDS)[number];

/** What the nodes of a cluster must reach. */
export interface EndpointRow {
  /** `cluster` for every one; else what has to be turned on: `azureMonitor`, `arc`. */
  readonly feature: string;
  readonly cloud: AzureCloud;
  readonly to: 'name' | 'api-server' | 'dns-servers' | 'tag';
  /** `*.hcp.<location>.azmk8s.io`: `<location>` and `<region>` are the region, `<prefix>` is made by Azure. */
  readonly name?: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  /** What for, in a few words; may be empty. */
  readonly use: string;
  /** When it is needed; absent: always. */
  readonly when?: EndpointCondition;
  readonly optional: boolean;
  readonly source: string;
}

/**
 * - `public-api-server`: not where the API server is private;
 * - `old-tunnel`: nodes of before konnectivity, which no supported version has;
 * - `old-nodes`: nodes that were made before March 2021;
 * - `own-dns-servers`: networks with DNS servers of their own.
 */
export type EndpointCondition = (typeof CONDITIONS)[number];
const CONDITIONS = ['public-api-server', 'old-tunnel', 'old-nodes', 'own-dns-servers'] as const;

const DESTINATIONS = ['name', 'api-server', 'dns-servers', 'tag'] as const;

export const ENDPOINT_ROWS: readonly EndpointRow[] = table.endpoints.map((row: RawRow): EndpointRow => {
  const cloud = AZURE_CLOUDS.find((each) => each === row.cloud) ?? 'AzureCloud';
  const when = CONDITIONS.find((each) => each === row.when);
  return {
    feature: row.feature,
    cloud,
    to: DESTINATIONS.find((each) => each === row.to) ?? 'name',
    ...(row.name !== undefined && { name: row.name }),
    protocol: row.protocol === 'UDP' ? 'UDP' : 'TCP',
    port: row.port,
    use: row.use ?? '',
    ...(when !== undefined && { when }),
    optional: row.optional ?? false,
    source: new Map(Object.entries(table.sources)).get(row.source) ?? row.source,
  };
});

interface RawRow {
  readonly feature: string;
  readonly cloud: string;
  readonly to: string;
  readonly name?: string;
  readonly protocol: string;
  readonly port: number;
  readonly use?: string;
  readonly when?: string;
  readonly optional?: boolean;
  readonly source: string;
}
