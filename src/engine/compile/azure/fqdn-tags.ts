import { matchesFqdn, type NameAnswer } from './fqdn.ts';

/**
 * What the tag `AzureKubernetesService` stands for: the names that every cluster needs (AKS docs, outbound network and
 * FQDN rules, June 2026). `<location>` is the region of the cluster.
 */
const CLUSTER_NAMES = [
  '*.hcp.<location>.azmk8s.io',
  'mcr.microsoft.com',
  '*.data.mcr.microsoft.com',
  'mcr-0001.mcr-msedge.net',
  'management.azure.com',
  'login.microsoftonline.com',
  'packages.microsoft.com',
  'acs-mirror.azureedge.net',
  'packages.aks.azure.com',
] as const;

/** Under these Azure and those that AKS takes its software from publish: a tag may hold more of them than is documented. */
const LIKELY = [
  'azmk8s.io',
  'azure.com',
  'azure.net',
  'azure.us',
  'azure.cn',
  'azk8s.cn',
  'azureedge.net',
  'azurefd.net',
  'chinacloudapi.cn',
  'microsoft.com',
  'microsoftonline.com',
  'microsoftonline.us',
  'mcr-msedge.net',
  'nvidia.com',
  'ubuntu.com',
  'usgovcloudapi.net',
  'windows.com',
  'windows.net',
];

/**
 * What a tag says of a name. "An FQDN tag represents a group of names of well-known Microsoft services"; which, Azure
 * keeps to itself and changes, so only the tag for clusters says yes or no, and the others perhaps.
 */
export function namesOfTag(tag: string, location: string | undefined): (name: string) => NameAnswer {
  if (tag.toLowerCase() !== 'azurekubernetesservice') return () => 'perhaps';
  const patterns = CLUSTER_NAMES.map((name) => name.replace('<location>', location ?? '*'));
  return (name) => {
    if (patterns.some((pattern) => matchesFqdn(pattern, name) === 'yes')) return 'yes';
    return LIKELY.some((suffix) => name === suffix || name.endsWith(`.${suffix}`)) ? 'perhaps' : 'no';
  };
}
