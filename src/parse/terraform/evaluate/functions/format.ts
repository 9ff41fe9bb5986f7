import type { AzureValue } from '#model/azure/value.ts';
import { textValue } from '../../values.ts';
import { numberOf } from '../operators.ts';
import { jsonText } from './json-text.ts';

/**
 * `format`: the verbs of Terraform's own implementation (go-cty stdlib), which are fewer than Go's. Undefined where the
 * verbs and the arguments do not fit.
 */
export function formatted(args: readonly AzureValue[]): string | undefined {
  const pattern = textValue(args[0]);
  if (pattern === undefined) return undefined;
  const state: State = { args, next: 1, wrong: false };
  const out = pattern.replace(VERB, (...match) => verbText(state, match));
  return state.wrong || (state.next < args.length && !pattern.includes('%[')) ? undefined : out;
}

const VERB = /%([-+ #0]*)([0-9]+)?(?:\.([0-9]*))?(?:\[([0-9]+)\])?([\s\S]|$)/gu;
const WIDEST = 1000;

interface State {
  readonly args: readonly AzureValue[];
  next: number;
  wrong: boolean;
}

interface Verb {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly verb: string;
}

function verbText(state: State, match: readonly string[]): string {
  const [, flags = '', width, precision, position, verb = ''] = match;
  if (verb === '%') return '%';
  const index = position === undefined ? state.next : Number(position);
  state.next = index + 1;
  const arg = state.args[index];
  const form: Verb = {
    flags,
    width: Number(width ?? 0),
    precision: precision === undefined ? undefined : Number(precision),
    verb,
  };
  const tooWide = form.width > WIDEST || (form.precision ?? 0) > WIDEST;
  const written = arg === undefined || tooWide ? undefined : writtenAs(form, arg);
  if (written === undefined) state.wrong = true;
  return padded(form, written ?? '');
}

function writtenAs(form: Verb, arg: AzureValue): string | undefined {
  switch (form.verb) {
    case 's':
      return cut(form, textValue(arg));
    case 'q': {
      const text = textValue(arg);
      return text === undefined ? undefined : JSON.stringify(text);
    }
    case 'v':
      if (arg.kind === 'scalar' && arg.value !== null && !form.flags.includes('#')) return String(arg.value);
      return jsonText(arg);
    case 't': {
      const text = textValue(arg);
      return text === 'true' || text === 'false' ? text : undefined;
    }
    default:
      return numberText(form, numberOf(arg));
  }
}

function cut({ precision }: Verb, text: string | undefined): string | undefined {
  return text === undefined || precision === undefined ? text : [...text].slice(0, precision).join('');
}

function numberText(form: Verb, value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  const digits = unsignedText(form, Math.abs(value));
  if (digits === undefined) return undefined;
  const sign = value < 0 ? '-' : form.flags.includes('+') ? '+' : form.flags.includes(' ') ? ' ' : '';
  const zeros = form.flags.includes('0') && !form.flags.includes('-') ? form.width - sign.length - digits.length : 0;
  return `${sign}${'0'.repeat(Math.max(0, zeros))}${digits}`;
}

function unsignedText({ verb, precision, flags }: Verb, value: number): string | undefined {
  switch (verb) {
    case 'd':
      return Math.trunc(value).toString();
    case 'b':
      return Math.trunc(value).toString(2);
    case 'o':
      return Math.trunc(value).toString(8);
    case 'x':
      return `${flags.includes('#') ? '0x' : ''}${Math.trunc(value).toString(16)}`;
    case 'X':
      return `${flags.includes('#') ? '0X' : ''}${Math.trunc(value).toString(16).toUpperCase()}`;
    case 'f':
      return precision !== undefined && precision > 100 ? undefined : value.toFixed(precision ?? 6);
    case 'g':
      return String(value);
    default:
      return undefined;
  }
}

function padded({ flags, width }: Verb, text: string): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  return flags.includes('-') ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}
