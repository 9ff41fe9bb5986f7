import { copy, IDENTITY, json, LOCATION, TAGS, words } from './fields.ts';
import { forScope, inGroup, type Mappings } from './mapping.ts';

/** Identities, roles and policies. */
export const GOVERNANCE_MAPPINGS: Mappings = {
  'Microsoft.ManagedIdentity/userAssignedIdentities': {
    type: 'azurerm_user_assigned_identity',
    place: inGroup,
    attributes: {
      'properties.principalId': 'principal_id',
      'properties.clientId': 'client_id',
      'properties.tenantId': 'tenant_id',
    },
    fields: [LOCATION, TAGS],
  },
  'Microsoft.Authorization/roleAssignments': {
    type: 'azurerm_role_assignment',
    place: forScope('scope'),
    fields: [
      copy('role_definition_id', 'properties.roleDefinitionId'),
      copy('principal_id', 'properties.principalId'),
      copy('principal_type', 'properties.principalType'),
    ],
  },
  'Microsoft.Authorization/policyAssignments': {
    type: 'azurerm_subscription_policy_assignment',
    place: forScope('subscription_id'),
    only: ({ group }) => group === 'subscription',
    fields: [
      LOCATION,
      copy('display_name', 'properties.displayName'),
      copy('description', 'properties.description'),
      copy('policy_definition_id', 'properties.policyDefinitionId'),
      words('enforce', 'properties.enforcementMode', [
        ['Default', true],
        ['DoNotEnforce', false],
      ]),
      json('parameters', 'properties.parameters'),
      IDENTITY,
    ],
  },
};
