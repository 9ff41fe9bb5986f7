import { addBit, type Bits, difference, emptyBits, hasBit, isEmpty } from '#base/bits.ts';
import { remembered } from '#base/remembered.ts';
import type { Subnet } from '#model/azure/network.ts';
import { NO_ORIGIN } from '#model/origin.ts';
import type { PolicyRef, RuleAction } from '#model/verdict.ts';
import { exactly, type Level, type PointSpan, type Policy, type Rule } from '../../form.ts';
import type { Azure } from './context.ts';
import { anyOf, everythingBox } from './ends.ts';
import { rangesOf } from './siting.ts';
import { isKey } from './view.ts';

/** Those whose only subnet this is stand there for certain; private endpoints only where security groups are for them. */
export function standingIn(azure: Azure, subnet: Subnet): PointSpan {
  const { world, siting } = azure;
  const standing = mapOf(azure).perhaps.get(subnet.key) ?? world.nothing;
  const { may: exempt } = exemptIn(azure, subnet);
  const must = emptyBits(world.size);
  const may = difference(standing, exempt);
  for (let point = 0; point < world.size; point++) {
    if (!hasBit(may, point)) continue;
    const { subnets, isOpen } = siting.at(point);
    if (subnets.length === 1 && !isOpen) addBit(must, point);
  }
  return { must, may, doubts: [{ reason: 'node-placement' }] };
}

/** Who stands where, perhaps. */
interface Standing {
  readonly perhaps: ReadonlyMap<string, Bits>;
  /** Points that may stand in several subnets. */
  readonly several: Bits;
  /** Points that may stand somewhere that the input does not have. */
  readonly open: Bits;
}

const MAPS = new WeakMap<Azure, Standing>();

export function mapOf(azure: Azure): Standing {
  const known = MAPS.get(azure);
  if (known !== undefined) return known;
  const { world, siting } = azure;
  const perhaps = new Map<string, Bits>();
  const several = emptyBits(world.size);
  const open = emptyBits(world.size);
  for (let point = 0; point < world.size; point++) {
    const { subnets, isOpen } = siting.at(point);
    for (const key of subnets)
      addBit(
        remembered(perhaps, key, () => emptyBits(world.size)),
        point,
      );
    if (subnets.length > 1) addBit(several, point);
    if (isOpen) addBit(open, point);
  }
  const map = { perhaps, several, open };
  MAPS.set(azure, map);
  return map;
}

// ---------------------------------------------------------------- what stands at subnets

/** What is asked at one subnet. Its rules must decide about everything: a subnet without a word lets all through. */
export interface Post {
  readonly ref: PolicyRef;
  readonly rules: readonly Rule[];
}

export interface Posts {
  /** What to do at a subnet that has nothing to say, and where nothing is known. */
  readonly free: RuleAction;
  readonly open: readonly RuleAction[];
  /** Whether private endpoints are left alone. */
  readonly exempts: boolean;
}

/**
 * The words of subnets, side by side: of a point that may stand in several, each of these may be the one that counts, and
 * what all of them say is certain. Undefined where none has a word.
 */
export function levelOf(
  azure: Azure,
  postAt: (subnet: Subnet) => Post | undefined,
  { free, open, exempts }: Posts,
): Level | undefined {
  const { view } = azure;
  const map = mapOf(azure);
  const out: Policy[] = [];
  let silent = true;
  for (const subnet of view.subnets.values()) {
    const standing = map.perhaps.get(subnet.key);
    if (standing === undefined) continue;
    const post = postAt(subnet);
    const exempt = exempts ? exemptIn(azure, subnet) : exactly(azure.world.nothing);
    const alone: Post = post ?? { ref: refOf(subnet), rules: [letAll(azure, free, subnet)] };
    const subject = difference(standing, exempt.must);
    const unsure = difference(exempt.may, exempt.must);
    if (post !== undefined) {
      silent = false;
      push(out, alone, subject);
      push(out, { ref: refOf(subnet), rules: [letAll(azure, free, subnet)] }, unsure);
    } else {
      push(out, alone, overlap(standing, map.several, map.open));
    }
  }
  if (!isEmpty(map.open)) {
    silent = false;
    const rules = anyOf(azure, open, { origin: NO_ORIGIN, reason: 'cloud-resource-missing', path: 'the subnet' });
    push(out, { ref: { kind: 'Subnet', namespace: '', name: 'unknown', origin: NO_ORIGIN }, rules }, map.open);
  }
  return silent ? undefined : out;
}

function overlap(standing: Bits, several: Bits, open: Bits): Bits {
  return standing.map((word, index) => word & (several[index]! | open[index]!)) as Bits;
}

function push(out: Policy[], { ref, rules }: Post, points: Bits): void {
  if (!isEmpty(points)) out.push({ ref, subject: exactly(points), isolates: false, rules });
}

function letAll(azure: Azure, action: RuleAction, { origin }: Subnet): Rule {
  return { action, boxes: [everythingBox(azure)], path: 'no rules at the subnet', origin };
}

function refOf({ name, origin }: Subnet): PolicyRef {
  return { kind: 'Subnet', namespace: '', name, origin };
}

// ---------------------------------------------------------------- private endpoints

const ENABLING: ReadonlySet<string> = new Set(['enabled', 'networksecuritygroupenabled']);

/** "Network policies are disabled by default for a subnet": security groups then let private endpoints alone. */
function exemptIn({ view, compiling, world }: Azure, subnet: Subnet): PointSpan {
  const policies = subnet.privateEndpointPolicies;
  const own = view.estate.privateEndpoints.filter((endpoint) => endpoint.subnet === subnet.key);
  if (own.length === 0 || (typeof policies === 'string' && ENABLING.has(policies.toLowerCase())))
    return exactly(world.nothing);
  const nics = own
    .flatMap(({ interfaces }) => interfaces.filter(isKey))
    .flatMap((key) => view.interfaces.get(key) ?? []);
  const items = [
    ...own.flatMap(({ addresses }) => addresses),
    ...nics.flatMap(({ configurations }) => configurations.flatMap(({ privateAddress }) => privateAddress ?? [])),
  ];
  const points = compiling.networks.coveredByAny(rangesOf(items).map((cidr) => ({ cidr, except: [] }))).must;
  const outside = points.map((word, index) => word & world.externals[index]!) as Bits;
  if (policies === undefined || typeof policies === 'string') return exactly(outside);
  return { must: world.nothing, may: outside, doubts: [{ reason: 'cloud-expression' }] };
}
