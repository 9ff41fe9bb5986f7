import type { AzureFact } from '#model/azure/fact.ts';
import type { Snapshot } from '#model/snapshot.ts';
import { RETIREMENTS, type Retirement } from '../../data/azure/retirements.ts';
import { placesOf } from './retired-places.ts';

/**
 * What the estate or the manifests use that is retired, or will be: one fact for each thing that is used, with every place.
 * States are those of the day that the data names; no clock is read.
 */
export function retirementFacts(snapshot: Snapshot): readonly AzureFact[] {
  return RETIREMENTS.flatMap((retirement): AzureFact[] => {
    const places = placesOf(retirement.id, snapshot);
    if (places.length === 0) return [];
    return [
      {
        id: `retired-${retirement.id}`,
        state: 'FAIL',
        severity: SEVERITIES[retirement.state],
        message: `${sentenceOf(retirement)}; use instead: ${retirement.replacement}`,
        evidence: places,
        source: retirement.source,
      },
    ];
  });
}

const SEVERITIES = { retired: 'high', retiring: 'medium', deprecated: 'low' } as const;

function sentenceOf({ thing, state, date }: Retirement): string {
  switch (state) {
    case 'retired':
      return `${thing}: retired${date === undefined ? '' : ` on ${date}`}`;
    case 'retiring':
      return `${thing}: will be retired${date === undefined ? '' : ` on ${date}`}`;
    case 'deprecated':
      return `${thing}: deprecated`;
  }
}
