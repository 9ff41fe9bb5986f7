import { type Address, isInRange, parseAddress, parseCidr } from '#base/address.ts';

/** Exact, `prefix*`, `*suffix`, or `*`: there and not empty. */
export function textMatches(pattern: string, value: string): boolean {
  if (pattern === '*') return value !== '';
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return value.startsWith(pattern.slice(0, -1));
  return value === pattern;
}

/** `{*}` is one segment that is not empty, `{**}` any number of them and the last; without braces a text like others. */
export function pathMatches(pattern: string, path: string): boolean {
  if (!pattern.includes('{')) return textMatches(pattern, path);
  return segmentsMatch(pattern.split('/'), path.split('/'));
}

function segmentsMatch([pattern, ...patterns]: readonly string[], segments: readonly string[]): boolean {
  if (pattern === undefined) return segments.length === 0;
  if (pattern === '{**}') {
    return (
      segments.some((_segment, index) => segmentsMatch(patterns, segments.slice(index + 1))) || patterns.length === 0
    );
  }
  const [segment, ...rest] = segments;
  if (segment === undefined) return false;
  return (pattern === '{*}' ? segment !== '' : segment === pattern) && segmentsMatch(patterns, rest);
}

/** An address alone or a range of them. */
export function addressMatches(pattern: string, address: Address): boolean {
  const cidr = parseCidr(pattern)?.cidr;
  if (cidr !== undefined) return isInRange(address, cidr);
  const exact = parseAddress(pattern);
  return exact !== undefined && exact.family === address.family && exact.value === address.value;
}
