import type { AzureValue } from '#model/azure/value.ts';
import { decodedJson } from '../evaluate/functions/decoded.ts';
import { COMMON, copy, type Field, LOCATION, put, words } from './fields.ts';
import { below, firstOf, type IdRule, inGroup, inSubscription, resourceGroupId } from './ids.ts';
import type { Mapping, Mappings } from './mapping.ts';

const ASSIGNMENT = 'Microsoft.Authorization/policyAssignments';
const EXEMPTION = 'Microsoft.Authorization/policyExemptions';
const DEFINITION = 'Microsoft.Authorization/policyDefinitions';
const SET = 'Microsoft.Authorization/policySetDefinitions';

/** Terraform keeps JSON as text where ARM has objects. */
function json(name: string, path: string): Field {
  return (from, to) => {
    const value = firstOf(from.values, name);
    if (value === undefined) return;
    const isText = value.kind === 'scalar' && typeof value.value === 'string';
    put(to, path, isText ? decodedJson(String(value.value), value.origin) : value);
  };
}

function assignment(scope: string): Mapping {
  return {
    type: ASSIGNMENT,
    id: below(scope, `providers/${ASSIGNMENT}`),
    fields: [
      ...COMMON,
      copy('policy_definition_id', 'properties.policyDefinitionId'),
      copy(scope, 'properties.scope'),
      copy('display_name', 'properties.displayName'),
      copy('description', 'properties.description'),
      copy('not_scopes', 'properties.notScopes'),
      words('enforce', 'properties.enforcementMode', { true: 'Default', false: 'DoNotEnforce', otherwise: 'Default' }),
      json('parameters', 'properties.parameters'),
    ],
  };
}

function exemption(scope: string): Mapping {
  return {
    type: EXEMPTION,
    id: below(scope, `providers/${EXEMPTION}`),
    fields: [
      copy('policy_assignment_id', 'properties.policyAssignmentId'),
      copy('exemption_category', 'properties.exemptionCategory'),
      copy('policy_definition_reference_ids', 'properties.policyDefinitionReferenceIds'),
      copy('expires_on', 'properties.expiresOn'),
    ],
  };
}

/** In a management group where one is named, otherwise in the subscription. */
function definitionId(type: string): IdRule {
  const inManagementGroup = below('management_group_id', `providers/${type}`);
  return (values, place) =>
    (firstOf(values, 'management_group_id') === undefined ? inSubscription(type) : inManagementGroup)(values, place);
}

const POLICY: Mapping = {
  type: DEFINITION,
  id: definitionId(DEFINITION),
  fields: [
    copy('policy_type', 'properties.policyType'),
    copy('mode', 'properties.mode'),
    copy('display_name', 'properties.displayName'),
    json('policy_rule', 'properties.policyRule'),
    json('parameters', 'properties.parameters'),
    json('metadata', 'properties.metadata'),
  ],
};

const POLICY_SET: Mapping = {
  type: SET,
  id: definitionId(SET),
  fields: [
    copy('policy_type', 'properties.policyType'),
    copy('display_name', 'properties.displayName'),
    json('parameters', 'properties.parameters'),
    (from, to) => {
      const value = firstOf(from.values, 'policy_definition_reference');
      if (value !== undefined) put(to, 'properties.policyDefinitions', referenced(value));
    },
  ],
};

/** Names of references in ARM's spelling. */
function referenced(value: AzureValue): AzureValue {
  if (value.kind !== 'list') return value;
  const items = value.items.map((item): AzureValue => {
    if (item.kind !== 'object') return item;
    const entries = new Map<string, AzureValue>();
    const id = item.entries.get('policy_definition_id');
    const reference = item.entries.get('reference_id');
    if (id !== undefined) entries.set('policyDefinitionId', id);
    if (reference !== undefined) entries.set('policyDefinitionReferenceId', reference);
    return { kind: 'object', entries, origin: item.origin };
  });
  return { kind: 'list', items, origin: value.origin };
}

/** Resource groups, identities, roles and policies. */
export const GOVERNANCE_MAPPINGS: Mappings = {
  azurerm_resource_group: {
    type: 'Microsoft.Resources/resourceGroups',
    id: resourceGroupId,
    fields: [LOCATION, copy('tags'), copy('managed_by', 'managedBy')],
  },
  azurerm_user_assigned_identity: {
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    id: inGroup('Microsoft.ManagedIdentity/userAssignedIdentities'),
    fields: COMMON,
  },
  azurerm_federated_identity_credential: {
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
    id: below('user_assigned_identity_id|parent_id', 'federatedIdentityCredentials'),
    fields: [
      copy('issuer', 'properties.issuer'),
      copy('subject', 'properties.subject'),
      copy('audience', 'properties.audiences'),
    ],
  },
  azurerm_role_assignment: {
    type: 'Microsoft.Authorization/roleAssignments',
    id: below('scope', 'providers/Microsoft.Authorization/roleAssignments'),
    fields: [
      copy('scope', 'properties.scope'),
      copy('role_definition_id', 'properties.roleDefinitionId'),
      copy('role_definition_name', 'properties.roleDefinitionName'),
      copy('principal_id', 'properties.principalId'),
      copy('principal_type', 'properties.principalType'),
      copy('condition', 'properties.condition'),
    ],
  },
  azurerm_management_lock: {
    type: 'Microsoft.Authorization/locks',
    id: below('scope', 'providers/Microsoft.Authorization/locks'),
    fields: [copy('lock_level', 'properties.level')],
  },
  azurerm_policy_definition: POLICY,
  azurerm_management_group_policy_definition: POLICY,
  azurerm_policy_set_definition: POLICY_SET,
  azurerm_management_group_policy_set_definition: POLICY_SET,
  azurerm_resource_policy_assignment: assignment('resource_id'),
  azurerm_resource_group_policy_assignment: assignment('resource_group_id'),
  azurerm_subscription_policy_assignment: assignment('subscription_id'),
  azurerm_management_group_policy_assignment: assignment('management_group_id'),
  azurerm_resource_policy_exemption: exemption('resource_id'),
  azurerm_resource_group_policy_exemption: exemption('resource_group_id'),
  azurerm_subscription_policy_exemption: exemption('subscription_id'),
  azurerm_management_group_policy_exemption: exemption('management_group_id'),
};
