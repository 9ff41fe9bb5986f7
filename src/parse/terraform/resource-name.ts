import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import { unsettled } from './values.ts';

/**
 * A name that is not known is called by the address of its resource: then ids that name it and ids that it is in agree,
 * and those of two copies differ. A name that is a variable of the root module alone stays what it is.
 */
export function nameAfterAddress(entries: Map<string, AzureValue>, address: string): void {
  const name = entries.get('name');
  if (name?.kind !== 'unsettled' || isOneVariable(name)) return;
  entries.set('name', unsettled(`${address}.name`, name.why, name.origin));
}

function isOneVariable({ expression, why }: AzureUnsettled): boolean {
  return why === 'not-given' && /^(?:[^:]*:)?var\.[\w-]+$/.test(expression);
}
