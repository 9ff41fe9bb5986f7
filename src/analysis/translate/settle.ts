import type { TranslationProof, TranslationWitness } from '#model/answers.ts';
import { type Proving, prove, type Unit } from './prove.ts';

export interface Settled {
  readonly accepted: readonly { readonly unit: Unit; readonly proof: TranslationProof }[];
  readonly refused: readonly { readonly unit: Unit; readonly failure: Failure }[];
}

export type Failure =
  | { readonly kind: 'changes'; readonly witness: TranslationWitness }
  | { readonly kind: 'unreadable'; readonly message: string };

/**
 * Proves all at once; where that fails, halves until it is known who is to blame. What is accepted is proven together, and
 * together with what was accepted before.
 */
export function settle(proving: Proving, units: readonly Unit[], before: readonly Unit[] = []): Settled {
  const refused: { readonly unit: Unit; readonly failure: Failure }[] = [];
  let accepted: readonly Unit[] = [];
  const proofs = new Map<string, TranslationProof>();
  take(units);
  const order = new Map(units.map((unit, index) => [unit, index]));
  return {
    accepted: [...accepted]
      .sort((a, b) => order.get(a)! - order.get(b)!)
      .map((unit) => ({ unit, proof: proofs.get(unit.namespace)! })),
    refused,
  };

  function take(list: readonly Unit[]): void {
    if (list.length === 0) return;
    const proof = prove(proving, list, [...before, ...accepted]);
    if (proof.kind === 'proven') {
      accepted = [...accepted, ...list];
      for (const [namespace, each] of proof.proofs) proofs.set(namespace, each);
    } else if (list.length === 1) {
      refused.push({ unit: list[0]!, failure: proof });
    } else {
      const middle = Math.ceil(list.length / 2);
      take(list.slice(0, middle));
      take(list.slice(middle));
    }
  }
}
