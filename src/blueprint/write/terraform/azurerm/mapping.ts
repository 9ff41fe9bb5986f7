import type { Draft } from '../../../azure/value.ts';
import type { Block } from '../hcl.ts';
import { SUBSCRIPTION_ID, type Writing } from '../references.ts';
import type { Field, From, To } from './fields.ts';

/** How one type of ARM is said by azurerm, version 5. */
export interface Mapping {
  readonly type: string;
  readonly fields: readonly Field[];
  /** How the resource is placed: its group, its parent by name or by id, what it is for. */
  readonly place: Place;
  /** What the provider calls that which Azure decides: `properties.principalId` → `principal_id`. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Resources of Terraform that are a part of this one to ARM. */
  readonly beside?: (making: Making) => Beside;
  /** The argument of its name, where it is not `name`. */
  readonly nameArgument?: string;
  /** Drafts that the type is for, where it is not for all of them. */
  readonly only?: (draft: Draft) => boolean;
  /** A child that is a block of this resource here. */
  readonly absorbs?: { readonly type: string; readonly block: string; readonly fields: readonly Field[] };
}

export type Place = (making: Making) => readonly (readonly [string, string])[];

export interface Making {
  readonly writing: Writing;
  readonly draft: Draft;
  readonly from: From;
  readonly to: To;
  /** Address of the resource that is being made. */
  readonly address: string;
}

export interface Beside {
  readonly blocks: readonly Block[];
  readonly parts: ReadonlyMap<string, Part>;
}

/** A part of a resource that is a resource of its own here: `subnets/snet-nodes`. */
export interface Part {
  readonly address: string;
  /** What ties it to others: whoever uses the part waits for these. */
  readonly ready: readonly string[];
}

export type Mappings = Readonly<Record<string, Mapping>>;

export const inGroup: Place = ({ writing, draft }) => {
  if (draft.group === 'subscription') return [];
  return [['resource_group_name', `${writing.groups.get(draft.group)!}.name`]];
};

/** In the group, below a parent that is told by its name. */
export function belowName(argument: string): Place {
  return (making) => [...inGroup(making), [argument, `${parentOf(making)}.name`]];
}

export function belowId(argument: string): Place {
  return (making) => [[argument, `${parentOf(making)}.id`]];
}

/** For another resource, or for the subscription. */
export function forScope(argument: string): Place {
  return (making) => {
    const { scope, group } = making.draft;
    const { named, groups } = making.writing;
    if (scope !== undefined) return [[argument, `${named(scope).address}.id`]];
    // What extends nothing stands in its group, and a role there is a role in the group alone.
    return [[argument, group === 'subscription' ? SUBSCRIPTION : `${groups.get(group)!}.id`]];
  };
}

export const nowhere: Place = () => [];

const SUBSCRIPTION = `"/subscriptions/\${${SUBSCRIPTION_ID}}"`;

function parentOf({ writing, draft }: Making): string {
  return writing.named(draft.parent!).address;
}
