import type { AzureValue } from '#model/azure/value.ts';
import { textValue } from '../values.ts';

/** What an id is built from besides the values of the resource. */
export interface IdPlace {
  readonly subscription: string;
  /** The address stands for a name that is not known: the same wherever the resource is referred to. */
  readonly address: string;
}

export type Values = ReadonlyMap<string, AzureValue>;

/** The ARM id of a resource. Parts that are not known are written as `{expression}`, which no real id contains. */
export type IdRule = (values: Values, place: IdPlace) => string;

/** `Microsoft.Network/virtualNetworks`, in the group that the resource names. */
export function inGroup(type: string): IdRule {
  return (values, place) => `${groupId(values, place)}/providers/${type}/${ownName(values, place)}`;
}

/** `Microsoft.Network/virtualNetworks/subnets` below parents that the resource names, in the group that it names. */
export function inParent(type: string, ...parents: readonly string[]): IdRule {
  const [provider, ...types] = type.split('/');
  return (values, place) => {
    const names = [...parents.map((parent) => segment(firstOf(values, parent), `${place.address}.${parent}`))];
    const path = types.map((each, index) => `${each}/${names[index] ?? ownName(values, place)}`);
    return `${groupId(values, place)}/providers/${provider}/${path.join('/')}`;
  };
}

/** Below the resource whose id an attribute holds: `below('firewall_policy_id', 'ruleCollectionGroups')`. */
export function below(
  parent: string,
  segmentType: string,
  name: (values: Values) => string | undefined = () => undefined,
): IdRule {
  return (values, place) => {
    const id = segment(firstOf(values, parent), `${place.address}.${parent}`, true);
    return `${id}/${segmentType}/${name(values) ?? ownName(values, place)}`;
  };
}

export function inSubscription(type: string): IdRule {
  return (values, place) => `/subscriptions/${place.subscription}/providers/${type}/${ownName(values, place)}`;
}

export function resourceGroupId(values: Values, place: IdPlace): string {
  return `/subscriptions/${place.subscription}/resourceGroups/${ownName(values, place)}`;
}

/** The id of the resource that an attribute names: what ties two others together has no id of its own in ARM. */
export function sameAs(attribute: string): IdRule {
  return (values, place) => segment(values.get(attribute), `${place.address}.${attribute}`, true);
}

/** A known text, or the unknown part in braces. */
export function segment(value: AzureValue | undefined, otherwise: string, isPath = false): string {
  const text = textValue(value);
  if (text !== undefined && text !== '') return isPath ? text.replace(/\/+$/, '') : text.replaceAll('/', '|');
  return `{${(value?.kind === 'unsettled' ? value.expression : otherwise).replaceAll('/', '|')}}`;
}

function ownName(values: Values, { address }: IdPlace): string {
  return segment(values.get('name'), `${address}.name`);
}

function groupId(values: Values, { subscription, address }: IdPlace): string {
  const name = segment(values.get('resource_group_name'), `${address}.resource_group_name`);
  return `/subscriptions/${subscription}/resourceGroups/${name}`;
}

/** `a|b`: the first of the attributes that is there, as versions of the provider name it differently. */
export function firstOf(values: Values, names: string): AzureValue | undefined {
  for (const name of names.split('|')) {
    const value = values.get(name);
    if (value !== undefined && !(value.kind === 'scalar' && (value.value === null || value.value === ''))) return value;
  }
  return undefined;
}
