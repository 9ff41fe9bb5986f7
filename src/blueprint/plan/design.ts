import type { Choices } from '../choices/choices.ts';
import { type AddressPlan, addressPlan } from './address-plan.ts';
import { type Names, namesOf } from './names.ts';

/** Everything that follows from the choices and that more than one part needs. */
export interface Design {
  readonly choices: Choices;
  readonly names: Names;
  readonly addresses: AddressPlan;
  /** Tags of every resource that takes them. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Of choices that were not refused. */
export function designOf(choices: Choices): Design {
  const addresses = addressPlan(choices);
  if (addresses === undefined) throw new Error('choices whose addresses do not fit are refused before');
  return {
    choices,
    names: namesOf(choices),
    addresses,
    tags: { application: choices.name, environment: choices.environment, 'managed-by': 'ringfence-blueprint' },
  };
}
