import { type AddressRange, type Cidr, cidrOf, type Family, formatRange, parseCidr } from '#base/address.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { IpBlockPeer } from '#model/resource.ts';

/** The first block of a range as an ipBlock peer: what an outside end of a question is admitted by. */
export function atomCidr(range: AddressRange): IpBlockPeer {
  const text = formatRange(range)[0]!;
  const cidr: Cidr =
    parseCidr(text)?.cidr ?? cidrOf({ family: range.family, value: range.lo }, range.family === 4 ? 32 : 128);
  return { kind: 'ipBlock', cidr, except: [], path: '', origin: NO_ORIGIN };
}

/** Everybody outside, as people write it: the whole family without the private networks. */
export function internetPeer(family: Family): IpBlockPeer {
  const [cidr = '', ...except] = family === 4 ? OUTSIDE_V4 : OUTSIDE_V6;
  return {
    kind: 'ipBlock',
    cidr: parseCidr(cidr)!.cidr,
    except: except.map((text) => parseCidr(text)!.cidr),
    path: '',
    origin: NO_ORIGIN,
  };
}

const OUTSIDE_V4 = ['0.0.0.0/0', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const OUTSIDE_V6 = ['::/0', 'fc00::/7'];
