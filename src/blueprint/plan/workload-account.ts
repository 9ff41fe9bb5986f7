/** The service account of a namespace's pods that sign in to Azure, which its identity there trusts. */
export function workloadAccount(namespace: string): string {
  return `default-${namespace}`;
}

/** The namespace of the way in, and the account whose pod fetches its certificate. */
export const CERTIFICATE_ACCOUNT = { namespace: 'way-in', name: 'certificate' } as const;

/** The account of the controller of Application Gateway for Containers, as its chart has it. */
export const CONTROLLER_ACCOUNT = { namespace: 'azure-alb-system', name: 'alb-controller-sa' } as const;

/** The certificate of the way in, as Key Vault has it. */
export const CERTIFICATE = 'way-in';
