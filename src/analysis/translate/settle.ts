import type { TranslationProof, TranslationWitness } from '#model/answers.ts';
import { type Proving, prove, proveAlone, type Unit } from './prove.ts';

export interface Settled {
  readonly accepted: readonly { readonly unit: Unit; readonly proof: TranslationProof }[];
  readonly refused: readonly { readonly unit: Unit; readonly failure: Failure }[];
}

export type Failure =
  | { readonly kind: 'changes'; readonly witness: TranslationWitness }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Of those that are wrong by themselves, so many are tried beside the others: each costs two engines of the input. */
const MOST_TRIED = 16;

/**
 * Proves all at once; where that fails, halves until it is known who is to blame. What is accepted is proven together, and
 * together with what was accepted before.
 */
export function settle(proving: Proving, units: readonly Unit[], before: readonly Unit[] = []): Settled {
  const refused: { readonly unit: Unit; readonly failure: Failure }[] = [];
  let accepted: readonly Unit[] = [];
  const proofs = new Map<string, TranslationProof>();
  const whole = units.length === 0 ? undefined : prove(proving, units, before);
  if (whole?.kind === 'proven') accept(units, whole.proofs);
  else blame();
  const order = new Map(units.map((unit, index) => [unit, index]));
  return {
    accepted: [...accepted]
      .sort((a, b) => order.get(a)! - order.get(b)!)
      .map((unit) => ({ unit, proof: proofs.get(unit.namespace)! })),
    refused,
  };

  function accept(list: readonly Unit[], more: ReadonlyMap<string, TranslationProof>): void {
    accepted = [...accepted, ...list];
    for (const [namespace, each] of more) proofs.set(namespace, each);
  }

  /** What is wrong by itself is found in small worlds; a few of those may still be right beside the others. */
  function blame(): void {
    const alone = new Map(units.map((unit) => [unit, proveAlone(proving, unit)]));
    const suspects = units.filter((unit) => alone.get(unit)?.kind !== 'proven');
    take(units.filter((unit) => !suspects.includes(unit)));
    take(suspects.slice(0, MOST_TRIED));
    for (const unit of suspects.slice(MOST_TRIED)) {
      const failure = alone.get(unit);
      if (failure !== undefined && failure.kind !== 'proven') refused.push({ unit, failure });
    }
  }

  function take(list: readonly Unit[]): void {
    if (list.length === 0) return;
    const proof = prove(proving, list, [...before, ...accepted]);
    if (proof.kind === 'proven') {
      accept(list, proof.proofs);
    } else if (list.length === 1) {
      refused.push({ unit: list[0]!, failure: proof });
    } else {
      const middle = Math.ceil(list.length / 2);
      take(list.slice(0, middle));
      take(list.slice(middle));
    }
  }
}
