import { below, between, chance, pick, type Random } from './random.ts';

/** An ipBlock as Kubernetes writes it. */
export interface BlockSpec {
  readonly cidr: string;
  readonly except?: readonly string[];
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
/** First octets of blocks far from every range that pods are given. */
const PUBLIC_OCTETS = [13, 20, 34, 40, 52, 54, 104, 142, 151, 185, 203];

/**
 * A pool from which policies draw, as real policies repeat few blocks: `0.0.0.0/0` without the private ranges, public
 * blocks, private blocks and IPv6. `plain` leaves out IPv6 and every block that could hold a pod.
 */
export function blockPool(random: Random, size: number, plain: boolean): BlockSpec[] {
  const out: BlockSpec[] = [{ cidr: '0.0.0.0/0', except: [...PRIVATE, '100.64.0.0/10', '169.254.169.254/32'] }];
  while (out.length < size) {
    const shape = plain ? 1 : random.next();
    if (shape < 0.1) out.push(v6Block(random));
    else if (shape < 0.25) out.push(privateBlock(random));
    else out.push(publicBlock(random));
  }
  return out;
}

function publicBlock(random: Random): BlockSpec {
  const length = pick(random, [32, 32, 28, 26, 24, 24, 22, 20, 16]);
  const octets = [pick(random, PUBLIC_OCTETS), below(random, 256), below(random, 256), below(random, 256)];
  return withHoles(random, v4(octets), length);
}

function privateBlock(random: Random): BlockSpec {
  const length = pick(random, [24, 20, 16]);
  const octets = pick(random, [
    [10, below(random, 256), below(random, 256), 0],
    [172, between(random, 16, 31), below(random, 256), 0],
    [192, 168, below(random, 256), 0],
  ]);
  return withHoles(random, v4(octets), length);
}

/** One block in four has one to three holes, each strictly inside it, as the API demands. */
function withHoles(random: Random, address: number, length: number): BlockSpec {
  const cidr = formatV4(address, length);
  if (length > 26 || !chance(random, 0.25)) return { cidr };
  const except = new Set<string>();
  for (let left = between(random, 1, 3); left > 0; left--) {
    const holeLength = between(random, length + 2, 32);
    const inside = address - (address % 2 ** (32 - length)) + below(random, 2 ** (32 - length));
    except.add(formatV4(inside, holeLength));
  }
  return { cidr, except: [...except] };
}

function v6Block(random: Random): BlockSpec {
  const group = (16 + below(random, 240)).toString(16);
  const cidr = pick(random, [`2001:db8:${group}::/48`, `2603:10${group}::/32`, `fd00:${group}::/32`]);
  return cidr.endsWith('/48') && chance(random, 0.3) ? { cidr, except: [`2001:db8:${group}:1::/64`] } : { cidr };
}

function v4(octets: readonly number[]): number {
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

function formatV4(address: number, length: number): string {
  const base = address - (address % 2 ** (32 - length));
  const octets = [base / 2 ** 24, base / 2 ** 16, base / 2 ** 8, base].map((part) => Math.floor(part) % 256);
  return `${octets.join('.')}/${length}`;
}
