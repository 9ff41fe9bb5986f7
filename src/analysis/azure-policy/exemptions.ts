import { isUnsettled } from '#model/azure/entity.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import { itemsAt, resourcesOfType, settingAt, settingOf, wordOf } from '../controls/azure-facts.ts';
import type { ControlContext } from '../controls/context.ts';
import { holds, scopeOf } from './scopes.ts';

/** What takes a cluster out of an assignment. */
export interface Exemption {
  readonly resource: AzureResource;
  /** `2027-01-01`; absent: it does not end. */
  readonly until?: string;
}

export interface Exempted {
  readonly assignment: AzureResource;
  readonly cluster: AzureResource;
  /** Of a definition in an initiative. */
  readonly reference: string | undefined;
}

/** The exemption in force that ends last: one without an end before others. */
export function exemptionOf(
  context: ControlContext,
  { assignment, cluster, reference }: Exempted,
): Exemption | undefined {
  const found = resourcesOfType(context, 'Microsoft.Authorization/policyExemptions').flatMap(
    (resource): Exemption[] => {
      const target = wordOf(settingAt(resource, 'properties', 'policyAssignmentId'), '');
      if (target !== azureKey(assignment.id) || !holds(scopeOf(resource), cluster)) return [];
      if (!isAbout(resource, reference)) return [];
      const end = settingAt(resource, 'properties', 'expiresOn');
      if (end.state !== 'value') return [{ resource }];
      const until = String(end.value).slice(0, 10);
      return until < context.today ? [] : [{ resource, until }];
    },
  );
  return found.find(({ until }) => until === undefined) ?? found[0];
}

/** An exemption that names definitions of an initiative is about those. Of one whose names are not known, it may be. */
function isAbout(resource: AzureResource, reference: string | undefined): boolean {
  const names = itemsAt(resource, 'properties', 'policyDefinitionReferenceIds');
  if (isUnsettled(names) || names.length === 0 || reference === undefined) return true;
  return names.some((name) => wordOf(settingOf(name), '') === reference);
}
