import { azureViewOf } from '#engine/compile/azure/view.ts';
import type { AzureCompareAnswer, ComparedResource } from '#model/azure/comparison.ts';
import type { AzureEntity } from '#model/azure/entity.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Firewall } from '#model/azure/firewall.ts';
import type { SecurityGroup } from '#model/azure/network.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '#model/snapshot.ts';
import { nearest } from '../nearest.ts';
import { compareFirewalls } from './compare-firewalls.ts';
import { compareGroups } from './compare-groups.ts';

export interface CompareSide {
  readonly estate: AzureEstate;
  /** Of a security group, a firewall, or a firewall policy. */
  readonly name: string;
}

export type CompareResult =
  | { readonly kind: 'answer'; readonly answer: AzureCompareAnswer }
  | { readonly kind: 'problem'; readonly message: string; readonly near: readonly string[] };

/** What two security groups, or two firewalls, do differently, with a witness for each difference. */
export function compareNamed(before: CompareSide, after: CompareSide): CompareResult {
  const [a, b] = [found(before), found(after)];
  if (a === undefined) return unknownName(before);
  if (b === undefined) return unknownName(after);
  if (a.kind === 'group' && b.kind === 'group') {
    const view = azureViewOf(snapshotOf(after.estate));
    const subnet = after.estate.subnets.find(({ securityGroup }) => securityGroup === b.group.key);
    const at = view === undefined ? undefined : { view, ...(subnet !== undefined && { subnet }) };
    return answered('security-group', [a.group, b.group], compareGroups(a.group, b.group, at));
  }
  if (a.kind === 'firewall' && b.kind === 'firewall') {
    const compared = compareFirewalls(
      { snapshot: snapshotOf(before.estate), firewall: a.firewall },
      { snapshot: snapshotOf(after.estate), firewall: b.firewall },
    );
    if (compared === undefined) return { kind: 'problem', message: NO_CLUSTER, near: [] };
    return answered('firewall', [a.firewall, b.firewall], compared);
  }
  const message = `\`${before.name}\` and \`${after.name}\` are not of one kind: a security group and a firewall`;
  return { kind: 'problem', message, near: [] };
}

const NO_CLUSTER = 'firewalls are compared as one managed cluster sees them, and the input has none, or several';

type Found =
  | { readonly kind: 'group'; readonly group: SecurityGroup }
  | { readonly kind: 'firewall'; readonly firewall: Firewall };

function found({ estate, name }: CompareSide): Found | undefined {
  const isIt = (each: AzureEntity) => each.name.toLowerCase() === name.toLowerCase();
  const group = estate.securityGroups.find(isIt);
  if (group !== undefined) return { kind: 'group', group };
  const policy = estate.firewallPolicies.find(isIt);
  const firewall =
    estate.firewalls.find(isIt) ?? (policy && estate.firewalls.find((each) => each.policy === policy.key));
  return firewall === undefined ? undefined : { kind: 'firewall', firewall };
}

function unknownName({ estate, name }: CompareSide): CompareResult {
  const known = [...estate.securityGroups, ...estate.firewalls, ...estate.firewallPolicies].map((each) => each.name);
  const message = `no security group, firewall or firewall policy \`${name}\` in the input`;
  return { kind: 'problem', message, near: nearest(name, known) };
}

function snapshotOf(azure: AzureEstate): Snapshot {
  return { ...EMPTY_SNAPSHOT, azure };
}

type Compared = Pick<AzureCompareAnswer, 'equal' | 'witnesses' | 'unknown'>;

function answered(
  kind: AzureCompareAnswer['kind'],
  [before, after]: readonly [AzureEntity, AzureEntity],
  { equal, witnesses, unknown }: Compared,
): CompareResult {
  const about = ({ name, id, origin }: AzureEntity): ComparedResource => ({ name, id, origin });
  const schema = 'ringfence.dev/azure-compare/v1';
  return {
    kind: 'answer',
    answer: { schema, kind, before: about(before), after: about(after), equal, witnesses, unknown, diagnostics: [] },
  };
}
