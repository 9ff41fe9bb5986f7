import type { AzureEntity } from '#model/azure/entity.ts';
import { isUnsettled, type Settled } from '#model/azure/entity.ts';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { Origin } from '#model/origin.ts';

/** A resource as evidence, with the field of it that shows the fact. */
export function evidenceOf(
  entity: Pick<AzureEntity, 'id' | 'origin'>,
  part: { readonly field?: string; readonly value?: string; readonly origin?: Origin } = {},
): AzureEvidence {
  const { field, value, origin } = part;
  return {
    resource: entity.id,
    ...(field !== undefined && { field }),
    ...(value !== undefined && { value }),
    origin: origin ?? entity.origin,
  };
}

/** What the value of a setting is, or the expression that it would come from. */
export function shown(value: Settled<string | number | boolean>): string {
  return isUnsettled(value) ? value.expression : `${value}`;
}

/** Facts of one check share its id, severity and source. */
export type FactOf = (state: AzureFact['state'], message: string, evidence: readonly AzureEvidence[]) => AzureFact;

export function factsOf(id: string, severity: AzureFact['severity'], source: string): FactOf {
  return (state, message, evidence) => ({ id, state, severity, message, evidence, source });
}
