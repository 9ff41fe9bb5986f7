import { type AddressRange, type Cidr, cidrOf, formatRange, parseCidr } from '#base/address.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { IpBlockPeer } from '#model/resource.ts';

/** The first block of a range as an ipBlock peer: what an outside end of a question is admitted by. */
export function atomCidr(range: AddressRange): IpBlockPeer {
  const text = formatRange(range)[0]!;
  const cidr: Cidr =
    parseCidr(text)?.cidr ?? cidrOf({ family: range.family, value: range.lo }, range.family === 4 ? 32 : 128);
  return { kind: 'ipBlock', cidr, except: [], path: '', origin: NO_ORIGIN };
}
