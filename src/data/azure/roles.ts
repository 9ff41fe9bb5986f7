/** What a built-in role of Azure lets somebody do to a cluster and the network around it. */
export interface AzureRole {
  readonly id: string;
  readonly name: string;
  /**
   * - `owner`: everything, and giving it to others;
   * - `giver`: giving rights to others, themselves among them;
   * - `contributor`: everything but giving rights;
   * - `network`: every network resource;
   * - `cluster`: everything in a cluster.
   */
  readonly gives: 'owner' | 'giver' | 'contributor' | 'network' | 'cluster';
}

export const AZURE_ROLES_SOURCE = 'https://learn.microsoft.com/azure/role-based-access-control/built-in-roles';

/** The wide ones; every other role counts as narrow. */
export const WIDE_ROLES: readonly AzureRole[] = [
  { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', name: 'Owner', gives: 'owner' },
  { id: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', name: 'User Access Administrator', gives: 'giver' },
  { id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168', name: 'Role Based Access Control Administrator', gives: 'giver' },
  { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor', gives: 'contributor' },
  { id: '4d97b98b-1d4f-4787-a291-c67834d212e7', name: 'Network Contributor', gives: 'network' },
  { id: 'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8', name: 'Azure Kubernetes Service Contributor Role', gives: 'cluster' },
  { id: '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8', name: 'Azure Kubernetes Service Cluster Admin Role', gives: 'cluster' },
  { id: 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b', name: 'Azure Kubernetes Service RBAC Cluster Admin', gives: 'cluster' },
];
