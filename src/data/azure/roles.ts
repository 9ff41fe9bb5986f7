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

/** Roles that reach far over clusters and networks. */
export const WIDE_ROLES: readonly AzureRole[] = [
  { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', name: 'Owner', gives: 'owner' },
  { id: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', name: 'User Access Administrator', gives: 'giver' },
  { id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168', name: 'Role Based Access Control Administrator', gives: 'giver' },
  { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor', gives: 'contributor' },
  { id: '4d97b98b-1d4f-4787-a291-c67834d212e7', name: 'Network Contributor', gives: 'network' },
  { id: 'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8', name: 'Azure Kubernetes Service Contributor Role', gives: 'cluster' },
  { id: '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8', name: 'Azure Kubernetes Service Cluster Admin Role', gives: 'cluster' },
  { id: 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b', name: 'Azure Kubernetes Service RBAC Cluster Admin', gives: 'cluster' },
  { id: '3498e952-d568-435e-9b2c-8d77e338d7f7', name: 'Azure Kubernetes Service RBAC Admin', gives: 'namespaces' },
  { id: 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb', name: 'Azure Kubernetes Service RBAC Writer', gives: 'namespaces' },
  { id: '9980e02c-c2be-4d73-94e8-173b1dc7cf3c', name: 'Virtual Machine Contributor', gives: 'machines' },
];

/** Roles for one task, which clusters and their workloads are given: by id, with the name. Others are not known to be narrow. */
export const NARROW_ROLES: ReadonlyMap<string, string> = new Map([
  ['acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader'],
  ['7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull'],
  ['8311e382-0749-4cb8-b61a-304f252e45ec', 'AcrPush'],
  ['4abbcc35-e782-43d8-92c5-2d3f1bd2253f', 'Azure Kubernetes Service Cluster User Role'],
  ['7f6c6a51-bcf8-42ba-9220-52d62157d7db', 'Azure Kubernetes Service RBAC Reader'],
  ['f1a07417-d97a-45cb-824c-7a7467783830', 'Managed Identity Operator'],
  ['befefa01-2a29-4197-83a8-272ff33ce314', 'DNS Zone Contributor'],
  ['b12aa53e-6015-4669-85d0-8515ebb3ae7f', 'Private DNS Zone Contributor'],
  ['3913510d-42f4-4e42-8a64-420c390055eb', 'Monitoring Metrics Publisher'],
  ['43d0d8ad-25c7-4714-9337-8ba259a9fe05', 'Monitoring Reader'],
  ['73c42c96-874c-492b-b04d-ab87d138a893', 'Log Analytics Reader'],
  ['4633458b-17de-408a-b874-0445c86b69e6', 'Key Vault Secrets User'],
  ['12338af0-0e69-4776-bea7-57ae8d297424', 'Key Vault Crypto User'],
  ['e147488a-f6f5-4113-8e2d-b22465e65bf6', 'Key Vault Crypto Service Encryption User'],
  ['2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', 'Storage Blob Data Reader'],
  ['ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'Storage Blob Data Contributor'],
]);
