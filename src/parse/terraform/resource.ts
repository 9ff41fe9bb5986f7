import type { AzureObject, AzureUnsettled } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';

/** One resource of Terraform with its values, whether it comes from configuration, a plan or a state. */
export interface TerraformResource {
  /** `module.net["eu"].azurerm_subnet.aks[0]` */
  readonly address: string;
  /** `azurerm_subnet` */
  readonly type: string;
  /** `aks` */
  readonly name: string;
  /** In Terraform's names. Blocks are lists of objects; `id` is there where it can be told. */
  readonly values: AzureObject;
  /** The subscription of its provider. */
  readonly subscription: string;
  /** Which root module it belongs to: what is open in one configuration concerns no other. */
  readonly root: string;
  /** Present where it is not certain that it exists. */
  readonly condition?: AzureUnsettled;
  readonly source: 'terraform' | 'terraform-plan' | 'terraform-state';
  readonly origin: Origin;
}
