/** The clouds of Azure, each with sign-in and management hosts of its own. */
export const AZURE_CLOUDS = ['public', 'usgov', 'china'] as const;
export type AzureCloud = (typeof AZURE_CLOUDS)[number];

export interface CloudHosts {
  /** Where Azure Resource Manager answers. */
  readonly endpoint: string;
  /** Where credentials are signed in. */
  readonly authority: string;
  /** What a token is asked for. */
  readonly scope: string;
}

/** learn.microsoft.com, "Azure Government developer guide" and "Azure China developer guide". */
export const CLOUD_HOSTS: Readonly<Record<AzureCloud, CloudHosts>> = {
  public: hostsOf('https://management.azure.com', 'https://login.microsoftonline.com'),
  usgov: hostsOf('https://management.usgovcloudapi.net', 'https://login.microsoftonline.us'),
  china: hostsOf('https://management.chinacloudapi.cn', 'https://login.chinacloudapi.cn'),
};

function hostsOf(endpoint: string, authority: string): CloudHosts {
  return { endpoint, authority, scope: `${endpoint}/.default` };
}
