import type { AddressItem, AzureEntity, AzureRef, Settled } from './entity.ts';

/** A service of Azure with a front door of its own: Key Vault, a registry, a storage account, a database server. */
export interface PlatformService extends AzureEntity {
  readonly service: PlatformKind;
  /** `Enabled`, `Disabled`, `SecuredByPerimeter`; absent where not stated. */
  readonly publicAccess?: Settled<string>;
  readonly defaultAction?: Settled<'allow' | 'deny'>;
  readonly addresses: readonly AddressItem[];
  /** Keys of subnets that are let in by service endpoint. */
  readonly subnets: readonly AzureRef[];
  /** Whether Azure's own trusted services go past the rules. */
  readonly trustedServices: Settled<boolean>;
  /** Names under which it is asked for, by the group of the private endpoint: `vault` to `kv.vault.azure.net`. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
}

export const PLATFORM_KINDS = [
  'key-vault',
  'managed-hsm',
  'container-registry',
  'storage',
  'sql-server',
  'postgresql',
  'mysql',
  'cosmos-db',
  'service-bus',
  'event-hub',
  'app-configuration',
  'redis',
  'api-management',
  'monitor-scope',
] as const;
export type PlatformKind = (typeof PLATFORM_KINDS)[number];
