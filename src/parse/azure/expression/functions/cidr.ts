import { type Address, type Cidr, cidrOf, formatAddress, HIGHEST, parseCidr } from '#base/address.ts';
import type { BuiltinTable } from '../builtin.ts';
import { faulty, result } from '../results.ts';
import type { Call } from '../scope.ts';
import { isNumber, isText, record, scalar, type Value } from '../values.ts';

/** "CIDR functions for ARM templates". */
export const CIDR_FUNCTIONS: BuiltinTable = {
  parsecidr: { least: 1, most: 1, run: parse },
  cidrsubnet: { least: 3, most: 3, run: subnet },
  cidrhost: { least: 2, most: 2, run: host },
};

const WIDTH = { 4: 32, 6: 128 } as const;

function parse([text]: readonly Value[], call: Call): Value {
  const cidr = cidrIn(text);
  if (cidr === undefined) return unreadable(call);
  const { family, lo, hi, length } = cidr;
  const { origin } = call.frame;
  const shown = (value: bigint): Value => scalar(formatAddress({ family, value }), origin);
  const mask = HIGHEST[family] - (hi - lo);
  const network = { network: shown(lo), netmask: shown(mask) };
  // IPv6 has no broadcast, and its first address is for a host too. Of a /31 and a /32 all addresses are (RFC 3021).
  if (family === 6 || length >= 31)
    return record({ ...network, firstUsable: shown(lo), lastUsable: shown(hi), cidr: scalar(length, origin) }, origin);
  const usable = { broadcast: shown(hi), firstUsable: shown(lo + 1n), lastUsable: shown(hi - 1n) };
  return record({ ...network, ...usable, cidr: scalar(length, origin) }, origin);
}

function subnet([text, length, index]: readonly Value[], call: Call): Value {
  const cidr = cidrIn(text);
  if (cidr === undefined || length === undefined || index === undefined || !isNumber(length) || !isNumber(index))
    return unreadable(call);
  const width = WIDTH[cidr.family];
  if (length.value < cidr.length || length.value > width || index.value < 0) return outside(call);
  const value = cidr.lo + (BigInt(index.value) << BigInt(width - length.value));
  if (value > cidr.hi) return outside(call);
  const made = cidrOf({ family: cidr.family, value }, length.value);
  return result(`${formatAddress({ family: cidr.family, value: made.lo })}/${length.value}`, call);
}

/** Host 0 is the first address after that of the network, in IPv6 too. */
function host([text, index]: readonly Value[], call: Call): Value {
  const cidr = cidrIn(text);
  if (cidr === undefined || index === undefined || !isNumber(index)) return unreadable(call);
  const address: Address = { family: cidr.family, value: cidr.lo + BigInt(index.value) + 1n };
  const last = cidr.family === 4 ? cidr.hi - 1n : cidr.hi;
  return index.value < 0 || address.value > last ? outside(call) : result(formatAddress(address), call);
}

function cidrIn(value: Value | undefined): Cidr | undefined {
  return value !== undefined && isText(value) ? parseCidr(value.value)?.cidr : undefined;
}

function unreadable(call: Call): Value {
  return faulty(call.expression, call.frame, `\`${call.expression.name}\` cannot read its arguments`);
}

function outside(call: Call): Value {
  return faulty(call.expression, call.frame, 'the result would lie outside of the network');
}
