/** What a built-in role of Azure lets somebody do to a cluster and the network around it. */
export interface AzureRole {
  readonly id: string;
  readonly name: string;
  /**
   * - `owner`: everything, and giving it to others;
   * - `giver`: giving rights to others, themselves among them;
   * - `contributor`: everything but giving rights;
   * - `network`: every network resource;
   * - `machines`: every virtual machine, and commands on it: nodes among them;
   * - `cluster`: everything in a cluster;
   * - `namespaces`: what namespaces hold, Secrets among it; given over a cluster, of all of them.
   */
  readonly gives: 'owner' | 'giver' | 'contributor' | 'network' | 'machines' | 'cluster' | 'namespaces';
}

export const AZURE_ROLES_SOURCE = 'https://learn.microsoft.com/azure/role-based-access-control/built-in-roles';
/** When ids, names and what they give were held against it. */
export const AZURE_ROLES_AS_OF = '2026-11';

/** Ids of built-in roles, the same in every tenant. */
export const ROLE_IDS = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'Role Based Access Control Administrator': 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
  'Azure Kubernetes Service Contributor Role': 'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8',
  'Azure Kubernetes Service Cluster Admin Role': '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8',
  'Azure Kubernetes Service RBAC Cluster Admin': 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
  'Azure Kubernetes Service RBAC Admin': '3498e952-d568-435e-9b2c-8d77e338d7f7',
  'Azure Kubernetes Service RBAC Writer': 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb',
  'Virtual Machine Contributor': '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  'Azure Kubernetes Service Cluster User Role': '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
  'Azure Kubernetes Service RBAC Reader': '7f6c6a51-bcf8-42ba-9220-52d62157d7db',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
  'DNS Zone Contributor': 'befefa01-2a29-4197-83a8-272ff33ce314',
  'Private DNS Zone Contributor': 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
  'Monitoring Reader': '43d0d8ad-25c7-4714-9337-8ba259a9fe05',
  'Log Analytics Reader': '73c42c96-874c-492b-b04d-ab87d138a893',
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6',
  'Key Vault Crypto User': '12338af0-0e69-4776-bea7-57ae8d297424',
  'Key Vault Crypto Service Encryption User': 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'AppGw for Containers Configuration Manager': 'fbc52c3f-28ad-4303-a892-8a056630b8f1',
  'Azure Service Bus Data Owner': '090c5cfd-751d-490a-894a-3ce6f1109419',
} as const;

export type RoleName = keyof typeof ROLE_IDS;

/** Roles that reach far over clusters and networks. */
export const WIDE_ROLES: readonly AzureRole[] = [
  wide('Owner', 'owner'),
  wide('User Access Administrator', 'giver'),
  wide('Role Based Access Control Administrator', 'giver'),
  wide('Contributor', 'contributor'),
  wide('Network Contributor', 'network'),
  wide('Azure Kubernetes Service Contributor Role', 'cluster'),
  wide('Azure Kubernetes Service Cluster Admin Role', 'cluster'),
  wide('Azure Kubernetes Service RBAC Cluster Admin', 'cluster'),
  wide('Azure Kubernetes Service RBAC Admin', 'namespaces'),
  wide('Azure Kubernetes Service RBAC Writer', 'namespaces'),
  wide('Virtual Machine Contributor', 'machines'),
];

function wide(name: RoleName, gives: AzureRole['gives']): AzureRole {
  return { id: ROLE_IDS[name], name, gives };
}

const NARROW: readonly RoleName[] = [
  'Reader',
  'AcrPull',
  'AcrPush',
  'Azure Kubernetes Service Cluster User Role',
  'Azure Kubernetes Service RBAC Reader',
  'Managed Identity Operator',
  'DNS Zone Contributor',
  'Private DNS Zone Contributor',
  'Monitoring Metrics Publisher',
  'Monitoring Reader',
  'Log Analytics Reader',
  'Key Vault Secrets User',
  'Key Vault Crypto User',
  'Key Vault Crypto Service Encryption User',
  'Storage Blob Data Reader',
  'Storage Blob Data Contributor',
];

/** Roles for one task, which clusters and their workloads are given: by id, with the name. Others are not known to be narrow. */
export const NARROW_ROLES: ReadonlyMap<string, string> = new Map(NARROW.map((name) => [ROLE_IDS[name], name]));
