import type { Expectation } from '../../../../data/frameworks/cis-check.ts';

/** Whether a value is what it must be; undefined: there is none. */
export function meets(must: Expectation, value: string | undefined): boolean {
  switch (must.be) {
    case 'set':
      return value !== undefined && value !== '';
    case 'unset':
      return value === undefined || value === '';
    case 'equal':
      return value?.toLowerCase() === must.to.toLowerCase();
    case 'other-than':
      return value !== undefined && value.toLowerCase() !== must.than.toLowerCase();
    case 'with':
      return itemsOf(value).includes(must.item);
    case 'without':
      return !itemsOf(value).includes(must.item);
    case 'at-least':
      return value !== undefined && Number(value) >= must.number;
    case 'above-zero':
      return (secondsOf(value) ?? 0) > 0;
    case 'within': {
      const seconds = secondsOf(value);
      return seconds !== undefined && seconds > 0 && seconds <= must.seconds;
    }
    case 'among': {
      const items = itemsOf(value);
      return items.length > 0 && items.every((item) => must.items.includes(item));
    }
    case 'at':
      return value?.startsWith(must.address) === true;
  }
}

/** `is to be `false``: what is wanted, after an "and". */
export function wantedText(must: Expectation): string {
  switch (must.be) {
    case 'set':
      return 'is to be set';
    case 'unset':
      return 'is not to be set';
    case 'equal':
      return `is to be \`${must.to}\``;
    case 'other-than':
      return `is not to be \`${must.than}\``;
    case 'with':
      return `is to have \`${must.item}\``;
    case 'without':
      return `is not to have \`${must.item}\``;
    case 'at-least':
      return `is to be ${must.number} or more`;
    case 'above-zero':
      return 'is not to be without end';
    case 'within':
      return `is to be at most ${must.seconds} seconds`;
    case 'among':
      return 'is to have suites with forward secrecy and authenticated encryption only';
    case 'at':
      return `is to be at \`${must.address}\``;
  }
}

function itemsOf(value: string | undefined): readonly string[] {
  return (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** Of a number, or of a time as Go writes it: `1h30m`. */
function secondsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.map(([text]) => text).join('') !== value || value === '') return undefined;
  return parts.reduce((sum, [, number = '0', unit = 's']) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
}
