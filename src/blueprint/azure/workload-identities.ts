import type { Design } from '../plan/design.ts';
import { doorOf } from '../plan/way-in.ts';
import { CERTIFICATE_ACCOUNT, workloadAccount } from '../plan/workload-account.ts';
import { type Part, placed, VERSIONS } from './resources.ts';
import { type Draft, propertyOf } from './value.ts';
import { certificateReader } from './way-in/certificate.ts';

interface Account {
  readonly namespace: string;
  readonly name: string;
}

interface Federation {
  readonly key: string;
  /** The key of the identity. */
  readonly identity: string;
  readonly account: Account;
  readonly design: Design;
}

/** The identity trusts tokens of one service account of the cluster, and no secret is needed. */
export function federation({ key, identity, account, design }: Federation): Draft {
  return {
    key,
    module: 'access',
    group: 'spoke',
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    apiVersion: VERSIONS.identity,
    parent: identity,
    name: 'cluster',
    body: {
      properties: {
        issuer: propertyOf('cluster', issuerPath(design)),
        subject: `system:serviceaccount:${account.namespace}:${account.name}`,
        audiences: ['api://AzureADTokenExchange'],
      },
    },
  };
}

function issuerPath({ choices: { platform } }: Design): string {
  return platform === 'aks' ? 'properties.oidcIssuerProfile.issuerURL' : 'properties.oidcIssuerProfile.issuerUrl';
}

/** An identity for each namespace that reaches services of Azure, and one for the certificate of the way in. */
export const workloadIdentities: Part = (design) => {
  const { teams } = design.choices;
  const reaching = teams.flatMap(({ namespaces }) => namespaces).filter(({ services }) => services.length > 0);
  return [
    ...reaching.flatMap(({ name }) => identityOf(design, name)),
    ...(hasDoorOfItsOwn(design) ? certificateIdentity(design) : []),
  ];
};

/** `shop-backend` → `shopBackendIdentity` */
export function identityKey(namespace: string): string {
  return `${camel(namespace)}Identity`;
}

export function camel(text: string): string {
  return text.replaceAll(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
}

function identityOf(design: Design, namespace: string): readonly Draft[] {
  const key = identityKey(namespace);
  return [
    {
      key,
      module: 'identities',
      group: 'spoke',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      apiVersion: VERSIONS.identity,
      name: design.names.of('id', `ns-${namespace}`),
      body: placed(design, {}),
    },
    federation({
      key: `${camel(namespace)}Trust`,
      identity: key,
      account: { namespace, name: workloadAccount(namespace) },
      design,
    }),
  ];
}

/** The gateway in the cluster ends TLS, also where something before it does. */
function hasDoorOfItsOwn({ choices }: Design): boolean {
  return ['gateway', 'containers'].includes(doorOf(choices));
}

function certificateIdentity(design: Design): readonly Draft[] {
  return [
    ...certificateReader(design, { key: 'certificateIdentity', what: 'way-in' }),
    federation({ key: 'certificateTrust', identity: 'certificateIdentity', account: CERTIFICATE_ACCOUNT, design }),
  ];
}
