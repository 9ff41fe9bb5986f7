import type { PlainObject } from '#model/plain.ts';
import type { LabelSelector } from '#model/resource.ts';

/** `matchLabels` where one value is asked for once, else `matchExpressions`: what reads back as the same selector. */
export function selectorManifest({ requirements }: LabelSelector): PlainObject {
  const single = requirements.filter(({ operator, values }) => operator === 'In' && values.length === 1);
  const keys = new Set(single.map(({ key }) => key));
  const labels = keys.size === single.length ? single : [];
  const rest = requirements.filter((each) => !labels.includes(each));
  return {
    ...(labels.length > 0 && {
      matchLabels: Object.fromEntries(labels.map(({ key, values }) => [key, values[0] ?? ''])),
    }),
    ...(rest.length > 0 && {
      matchExpressions: rest.map(({ key, operator, values }) => ({
        key,
        operator,
        ...(values.length > 0 && { values }),
      })),
    }),
  };
}
