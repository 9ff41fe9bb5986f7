import type { LabelRequirement, LabelSelector } from '#model/resource.ts';
import { quote } from './draft.ts';
import { wrongLabelKey, wrongLabelValue } from './names.ts';
import type { Reader } from './reader.ts';
import { readLabels } from './values.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** A `metav1.LabelSelector`. Absent and `{}` both select everything; callers decide what absence means for them. */
export function readSelector(reader: Reader): LabelSelector {
  const requirements = requirementsOf(reader, 'matchLabels');
  for (const expression of reader.children('matchExpressions')) {
    const requirement = readRequirement(expression);
    if (requirement !== undefined) requirements.push(requirement);
  }
  return { requirements, origin: reader.origin };
}

/** A plain map of labels (a Service's selector, `matchLabels`) as requirements. */
export function requirementsOf(reader: Reader, key: string): LabelRequirement[] {
  const out: LabelRequirement[] = [];
  for (const [label, value] of readLabels(reader, key)) out.push({ key: label, operator: 'In', values: [value] });
  return out;
}

function readRequirement(reader: Reader): LabelRequirement | undefined {
  const key = reader.requiredText('key');
  const wrong = key === '' ? undefined : wrongLabelKey(key);
  if (wrong !== undefined) reader.refuse('RF2006', 'key', `is ${quote(key)}: a label key ${wrong}`);
  const values = readValues(reader);
  const operator = readOperator(reader);
  if (operator === undefined) return undefined;
  const takesValues = operator === 'In' || operator === 'NotIn';
  if (takesValues && reader.length('values') === 0) {
    reader.refuse('RF2005', 'values', `must have an entry for the operator \`${operator}\``);
  }
  if (!takesValues && values.length > 0) {
    reader.refuse('RF2005', 'values', `must be empty for the operator \`${operator}\``);
  }
  return { key, operator, values };
}

function readOperator(reader: Reader): LabelRequirement['operator'] | undefined {
  const text = reader.requiredText('operator');
  const operator = OPERATORS.find((known) => known === text);
  if (operator === undefined && text !== '') {
    reader.refuse('RF2005', 'operator', `is ${quote(text)}; must be \`In\`, \`NotIn\`, \`Exists\` or \`DoesNotExist\``);
  }
  return operator;
}

function readValues(reader: Reader): string[] {
  const out: string[] = [];
  for (const placed of reader.texts('values')) {
    const wrong = wrongLabelValue(placed.text);
    if (wrong !== undefined) reader.draft.refuse('RF2006', placed, `is ${quote(placed.text)}: a label value ${wrong}`);
    out.push(placed.text);
  }
  return out;
}
