import type { AzureValue } from '#model/azure/value.ts';
import type { TerraformResource } from '../resource.ts';
import type { Field, From } from './fields.ts';
import type { IdRule, Values } from './ids.ts';

/** How one type of Terraform becomes one type of ARM. */
export interface Mapping {
  /** `Microsoft.Network/virtualNetworks`. Absent where Terraform ties two resources together that are one to ARM. */
  readonly type?: string | ((values: Values) => string);
  readonly apiVersion?: (values: Values) => string | undefined;
  readonly id: IdRule;
  readonly fields?: readonly Field[];
  /** Attributes that the provider computes from others by a rule that is documented. */
  readonly computed?: (from: From, id: string) => ReadonlyMap<string, AzureValue>;
  /** Children that ARM keeps apart, and changes to other resources. */
  readonly more?: (made: Made) => More;
}

/** A resource whose own object is made. */
export interface Made extends From {
  readonly resource: TerraformResource;
  readonly id: string;
}

export interface More {
  readonly children?: readonly Child[];
  readonly edits?: readonly Edit[];
}

export interface Child {
  /** Added to the id of the resource: `privateDnsZoneGroups/default`. */
  readonly path: string;
  readonly type: string;
  readonly from: From;
  readonly fields: readonly Field[];
}

/** A change to another resource, which Terraform writes as a resource of its own and ARM does not. */
export interface Edit {
  /** The id of the other resource, or what it would be computed from. */
  readonly target: AzureValue;
  /** The type of the other resource. */
  readonly type: string;
  /** From the resource's object down; `{ named }` is the item of a list that has the name. */
  readonly path: readonly (string | { readonly named: AzureValue | undefined })[];
  readonly how: 'set' | 'append' | 'merge';
  readonly value: AzureValue;
}

export type Mappings = Readonly<Record<string, Mapping>>;
