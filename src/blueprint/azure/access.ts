import { ROLE_IDS } from '../../data/azure/roles.ts';
import type { Design } from '../plan/design.ts';
import { subnetOwner } from './network.ts';
import { type Part, VERSIONS } from './resources.ts';
import { type Draft, type Expression, guid, idOf, propertyOf, SUBSCRIPTION, text } from './value.ts';

interface Grant {
  readonly key: string;
  readonly module: Draft['module'];
  readonly group: Draft['group'];
  /** The resource that it is for. */
  readonly scope: string;
  /** The id of a built-in role. */
  readonly role: string;
  /** An identity of this blueprint, or the object id of a group of people. */
  readonly who: { readonly of: string; readonly path: string } | string;
}

/** A role at one resource, for one identity or group. */
export function roleAssignment({ key, module, group, scope, role, who }: Grant): Draft {
  const isGroup = typeof who === 'string';
  const principal: Expression | string = isGroup ? who : propertyOf(who.of, who.path);
  return {
    key,
    module,
    group,
    type: 'Microsoft.Authorization/roleAssignments',
    apiVersion: VERSIONS.roleAssignments,
    scope,
    name: guid(idOf(scope), isGroup ? who : idOf(who.of), role),
    body: {
      properties: {
        roleDefinitionId: rolePath(role),
        principalId: principal,
        principalType: isGroup ? 'Group' : 'ServicePrincipal',
      },
    },
  };
}

/** The id of a built-in role in this subscription. */
export function rolePath(role: string): Expression {
  return text('/subscriptions/', SUBSCRIPTION, `/providers/Microsoft.Authorization/roleDefinitions/${role}`);
}

/** Who may do what: the cluster in its network, people in the cluster, auditors everywhere to look. */
export const access: Part = (design) => {
  const { groups, platform, teams } = design.choices;
  if (platform !== 'aks') return [];
  return [
    ...clusterInNetwork(design),
    ...[groups.clusterAdmins, groups.auditors, ...teams.map(({ group }) => group)].map((who, index) =>
      roleAssignment({
        key: `signIn${index + 1}`,
        module: 'access',
        group: 'spoke',
        scope: 'cluster',
        role: ROLE_IDS['Azure Kubernetes Service Cluster User Role'],
        who,
      }),
    ),
    roleAssignment({
      key: 'auditorsRead',
      module: 'access',
      group: 'spoke',
      scope: 'cluster',
      role: ROLE_IDS['Azure Kubernetes Service RBAC Reader'],
      who: groups.auditors,
    }),
    roleAssignment({
      key: 'networkAdminsOwnNetwork',
      module: 'access',
      group: subnetOwner(design, 'snet-nodes') === 'hubNetwork' ? 'hub' : 'spoke',
      scope: subnetOwner(design, 'snet-nodes'),
      role: ROLE_IDS['Network Contributor'],
      who: groups.networkAdmins,
    }),
  ];
};

/** AKS puts load balancers and nodes into the network, and reads its routes (AKS, bring your own network). */
function clusterInNetwork(design: Design): readonly Draft[] {
  const owner = subnetOwner(design, 'snet-nodes');
  return [owner, 'routes'].map((scope) =>
    roleAssignment({
      key: scope === 'routes' ? 'clusterUsesRoutes' : 'clusterUsesNetwork',
      module: 'identities',
      group: owner === 'hubNetwork' ? 'hub' : 'spoke',
      scope,
      role: ROLE_IDS['Network Contributor'],
      who: { of: 'clusterIdentity', path: 'properties.principalId' },
    }),
  );
}
