import type { Choices } from '../choices/choices.ts';

/** Zones in which private endpoints have their names. */
export interface Zones {
  readonly vault: string;
  readonly registry: string;
  readonly blob: string;
  readonly postgresql: string;
  readonly sql: string;
  readonly serviceBus: string;
  readonly redis: string;
}

/** Azure Private Link, "private endpoint private DNS zone values": commercial, government and China. */
const ZONES: Readonly<Record<Choices['cloud'], Zones>> = {
  public: {
    vault: 'privatelink.vaultcore.azure.net',
    registry: 'privatelink.azurecr.io',
    blob: 'privatelink.blob.core.windows.net',
    postgresql: 'privatelink.postgres.database.azure.com',
    sql: 'privatelink.database.windows.net',
    serviceBus: 'privatelink.servicebus.windows.net',
    redis: 'privatelink.redis.cache.windows.net',
  },
  government: {
    vault: 'privatelink.vaultcore.usgovcloudapi.net',
    registry: 'privatelink.azurecr.us',
    blob: 'privatelink.blob.core.usgovcloudapi.net',
    postgresql: 'privatelink.postgres.database.usgovcloudapi.net',
    sql: 'privatelink.database.usgovcloudapi.net',
    serviceBus: 'privatelink.servicebus.usgovcloudapi.net',
    redis: 'privatelink.redis.cache.usgovcloudapi.net',
  },
  china: {
    vault: 'privatelink.vaultcore.azure.cn',
    registry: 'privatelink.azurecr.cn',
    blob: 'privatelink.blob.core.chinacloudapi.cn',
    postgresql: 'privatelink.postgres.database.chinacloudapi.cn',
    sql: 'privatelink.database.chinacloudapi.cn',
    serviceBus: 'privatelink.servicebus.chinacloudapi.cn',
    redis: 'privatelink.redis.cache.chinacloudapi.cn',
  },
};

export function zonesOf({ cloud }: Choices): Zones {
  return ZONES[cloud];
}
