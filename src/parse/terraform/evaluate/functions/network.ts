import { type Cidr, formatAddress, parseCidr } from '#base/address.ts';
import { number, type Plain, plain, type Table, text } from './builtin.ts';

/** Functions of addresses (Terraform, "IP Network Functions"). */
export const NETWORK_FUNCTIONS: Table = {
  cidrhost: plain((args) => {
    const [cidr, index] = [prefix(text(args, 0)), whole(number(args, 1))];
    return cidr === undefined || index === undefined ? undefined : hostOf(cidr, index);
  }),
  cidrnetmask: plain((args) => {
    const cidr = prefix(text(args, 0));
    if (cidr === undefined || cidr.family !== 4) return undefined;
    return formatAddress({ family: 4, value: 0xffffffffn ^ (cidr.hi - cidr.lo) });
  }),
  cidrsubnet: plain((args) => {
    const [cidr, bits, index] = [prefix(text(args, 0)), whole(number(args, 1)), whole(number(args, 2))];
    return cidr === undefined || bits === undefined || index === undefined ? undefined : subnetOf(cidr, bits, index);
  }),
  cidrsubnets: plain((args) => {
    const cidr = prefix(text(args, 0));
    const bits = args.slice(1).map((_, index) => whole(number(args, index + 1)));
    return cidr === undefined ? undefined : subnetsOf(cidr, bits);
  }),
};

function prefix(cidr: string | undefined): Cidr | undefined {
  const read = cidr === undefined ? undefined : parseCidr(cidr);
  return read?.cidr;
}

function whole(value: number | undefined): bigint | undefined {
  return value !== undefined && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function widthOf({ family }: Cidr): number {
  return family === 4 ? 32 : 128;
}

/** A negative number counts from the end. */
function hostOf(cidr: Cidr, index: bigint): Plain {
  const value = index < 0n ? cidr.hi + 1n + index : cidr.lo + index;
  return value < cidr.lo || value > cidr.hi ? undefined : formatAddress({ family: cidr.family, value });
}

function subnetOf(cidr: Cidr, bits: bigint, index: bigint): Plain {
  const length = cidr.length + Number(bits);
  if (bits < 0n || index < 0n || length > widthOf(cidr) || index >= 1n << bits) return undefined;
  const step = 1n << BigInt(widthOf(cidr) - length);
  return `${formatAddress({ family: cidr.family, value: cidr.lo + index * step })}/${length}`;
}

/** One after the other, each at the next place where a block of its size may begin. */
function subnetsOf(cidr: Cidr, all: readonly (bigint | undefined)[]): Plain {
  const out: string[] = [];
  let next = cidr.lo;
  for (const bits of all) {
    const length = cidr.length + Number(bits ?? -1n);
    if (bits === undefined || bits < 1n || length > widthOf(cidr)) return undefined;
    const size = 1n << BigInt(widthOf(cidr) - length);
    const from = ((next + size - 1n) / size) * size;
    if (from + size - 1n > cidr.hi) return undefined;
    out.push(`${formatAddress({ family: cidr.family, value: from })}/${length}`);
    next = from + size;
  }
  return out;
}
