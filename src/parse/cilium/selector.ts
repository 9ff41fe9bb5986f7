import type { CiliumSelector } from '#model/cilium.ts';
import type { LabelRequirement, SelectorOperator } from '#model/resource.ts';
import { oneOf } from '../kubernetes/draft.ts';
import type { Reader } from '../kubernetes/reader.ts';

const OPERATORS: readonly SelectorOperator[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/**
 * A label selector whose keys may have a source before them, as `k8s:app`; the API server checks less than of its own.
 * One key of `matchLabels` may be left out.
 */
export function readSelector(reader: Reader, leftOut?: string): CiliumSelector {
  const requirements: LabelRequirement[] = reader
    .pairs('matchLabels')
    .filter(({ key }) => key !== leftOut)
    .map(({ key, text }): LabelRequirement => ({ key, operator: 'In', values: [text] }));
  for (const entry of reader.children('matchExpressions')) {
    const key = entry.requiredText('key');
    const operator = entry.choice('operator', OPERATORS);
    if (operator === undefined) {
      if (!entry.has('operator')) entry.refuse('RF2003', 'operator', `is missing; must be ${oneOf(OPERATORS)}`);
      continue;
    }
    const values = entry.texts('values').map(({ text }) => text);
    const wants = operator === 'In' || operator === 'NotIn';
    if (wants !== values.length > 0)
      entry.refuse('RF2005', 'values', wants ? `must not be empty for ${operator}` : `must be empty for ${operator}`);
    requirements.push({ key, operator, values });
  }
  return { requirements, origin: reader.origin };
}

export function readSelectors(reader: Reader, key: string): CiliumSelector[] {
  return reader.children(key).map((each) => readSelector(each));
}
