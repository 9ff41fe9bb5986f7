import { number, numbers, type Plain, plain, type Table, text } from './builtin.ts';

/** Functions of numbers (Terraform, "Numeric Functions"). */
export const NUMBER_FUNCTIONS: Table = {
  abs: ofNumber(Math.abs),
  ceil: ofNumber(Math.ceil),
  floor: ofNumber(Math.floor),
  signum: ofNumber(Math.sign),
  log: plain((args) => {
    const [value, base] = [number(args, 0), number(args, 1)];
    return value === undefined || base === undefined ? undefined : Math.log(value) / Math.log(base);
  }),
  max: plain((args) => extreme(allNumbers(args), Math.max)),
  min: plain((args) => extreme(allNumbers(args), Math.min)),
  parseint: plain((args) => {
    const [value, base] = [text(args, 0), number(args, 1)];
    if (value === undefined || base === undefined || base < 2 || base > 36) return undefined;
    const parsed = Number.parseInt(value, base);
    return Number.isNaN(parsed) ? undefined : parsed;
  }),
  pow: plain((args) => {
    const [value, power] = [number(args, 0), number(args, 1)];
    return value === undefined || power === undefined ? undefined : value ** power;
  }),
  range: plain((args) => {
    const given = allNumbers(args);
    return given === undefined ? undefined : ranged(given);
  }),
  sum: plain((args) => {
    const values = numbers(args, 0);
    return values === undefined || values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
  }),
};

/** Terraform refuses longer ranges. */
const LONGEST_RANGE = 1024;

function ofNumber(apply: (value: number) => number) {
  return plain((args) => {
    const value = number(args, 0);
    return value === undefined ? undefined : apply(value);
  });
}

function allNumbers(args: Parameters<typeof number>[0]): number[] | undefined {
  const out: number[] = [];
  for (let index = 0; index < args.length; index++) {
    const value = number(args, index);
    if (value === undefined) return undefined;
    out.push(value);
  }
  return out;
}

function extreme(values: readonly number[] | undefined, pick: (a: number, b: number) => number): Plain {
  return values?.length ? values.reduce((a, b) => pick(a, b)) : undefined;
}

/** `range(limit)`, `range(start, limit)`, `range(start, limit, step)`; the limit is not reached. */
function ranged(given: readonly number[]): number[] | undefined {
  if (given.length < 1 || given.length > 3) return undefined;
  const [start, limit] = given.length === 1 ? [0, given[0]!] : [given[0]!, given[1]!];
  const step = given[2] ?? (start <= limit ? 1 : -1);
  if (step === 0 || limit - start > 0 !== step > 0) return start === limit ? [] : undefined;
  const length = Math.ceil((limit - start) / step);
  if (length > LONGEST_RANGE) return undefined;
  return Array.from({ length }, (_, index) => start + index * step);
}
