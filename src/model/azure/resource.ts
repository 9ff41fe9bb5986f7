import type { Origin } from '../origin.ts';
import type { AzureObject, AzureUnsettled } from './value.ts';

/** Where templates and Terraform do not say which subscription they are for. Text that no subscription can have. */
export const OPEN_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

/** Where templates do not say which resource group they are for. */
export const OPEN_GROUP = 'this-resource-group';

/** How the resource came to us. `template`: as it will be; the rest: as it is, or as a plan says that it will be. */
export type AzureSource = 'export' | 'template' | 'terraform' | 'terraform-plan' | 'terraform-state' | 'resource-graph';

/**
 * One resource in the shape that Azure Resource Manager gives it, however it was written. Children that were written
 * inside of their parent (subnets, security rules) stay there too where the parent's own shape has them.
 */
export interface AzureResource {
  /**
   * `/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/virtualNetworks/hub/subnets/aks`, as written. Compare
   * with `azureKey`.
   */
  readonly id: string;
  /** `Microsoft.Network/virtualNetworks/subnets`, as written. */
  readonly type: string;
  /** The last part of the name: `aks`. */
  readonly name: string;
  readonly apiVersion?: string;
  /** The whole object in ARM's shape: `location`, `tags`, `sku`, `kind`, `identity`, `properties` and so on. */
  readonly body: AzureObject;
  /** Present where it is not certain that the resource exists: the condition that could not be evaluated. */
  readonly condition?: AzureUnsettled;
  readonly source: AzureSource;
  readonly origin: Origin;
}

/** What ids and types are compared by: Azure does not regard case. */
export function azureKey(id: string): string {
  return id.toLowerCase();
}
