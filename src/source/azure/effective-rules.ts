import type { Diagnostic } from '#model/diagnostic.ts';
import type { Arm, ArmAnswer } from './arm.ts';
import { escapedId, nameOf } from './follow-ups.ts';
import { type ResourceRow as Row, recordOf, textAt } from './json.ts';
import { LIVE } from './shortfall.ts';

export interface EffectiveRules {
  readonly rows: readonly Row[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What Azure itself says that security groups and routes come to at network interfaces in the networks of clusters.
 * Nothing depends on it: Ringfence computes the same, and this is there to compare. Azure answers for running virtual
 * machines only, not for node pools, and takes tens of seconds; so a few are asked, and none after the first denial.
 */
export async function askEffectiveRules(arm: Arm, resources: readonly Row[]): Promise<EffectiveRules> {
  const wanted = interfacesOf(resources);
  const asked = wanted.slice(0, MOST);
  const rows: Row[] = [];
  const denied: string[] = [];
  for (const row of asked) {
    for (const kind of KINDS) {
      const answer = await arm.post(`${escapedId(row.id)}/${kind}?api-version=${API}`);
      if (answer.ok) rows.push(...rowOf(row.id, kind, answer));
      else if (answer.why === 'denied') denied.push(answer.message);
      if (denied.length > 0) return { rows, diagnostics: [notRead(`they may not be read: ${denied[0]}`)] };
    }
  }
  const left = wanted.length - asked.length;
  return {
    rows,
    diagnostics: left === 0 ? [] : [notRead(`${left} of ${wanted.length} network interfaces were not asked`)],
  };
}

const KINDS = ['effectiveNetworkSecurityGroups', 'effectiveRouteTable'] as const;
const API = '2024-05-01';

/** Network interfaces that are asked: two slow calls each. */
const MOST = 10;

function interfacesOf(resources: readonly Row[]): Row[] {
  const networks = new Set(resources.flatMap(clusterNetworks));
  return resources.filter((row) => {
    if (typeOf(row) !== 'microsoft.network/networkinterfaces') return false;
    if (textAt(row, 'properties', 'virtualMachine', 'id') === undefined) return false;
    return listOf(recordOf(row['properties'])?.['ipConfigurations']).some((each) =>
      networks.has(networkOf(textAt(each, 'properties', 'subnet', 'id') ?? '')),
    );
  });
}

function clusterNetworks(row: Row): string[] {
  if (typeOf(row) !== 'microsoft.containerservice/managedclusters') return [];
  const pools = listOf(recordOf(row['properties'])?.['agentPoolProfiles']);
  return pools.flatMap((pool) => networkOf(textAt(pool, 'vnetSubnetID') ?? '') || []);
}

/** The network of a subnet, in lower case; empty for what is no subnet. */
function networkOf(subnet: string): string {
  return /^(.*\/virtualnetworks\/[^/]+)\/subnets\/[^/]+$/i.exec(subnet)?.[1]?.toLowerCase() ?? '';
}

function typeOf(row: Row): string {
  return textAt(row, 'type')?.toLowerCase() ?? '';
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function rowOf(id: string, kind: string, { body }: Extract<ArmAnswer, { ok: true }>): Row[] {
  if (!Array.isArray(body['value'])) return [];
  const type = `Microsoft.Network/networkInterfaces/${kind}`;
  return [{ id: `${id}/${kind}/effective`, type, name: nameOf(id), properties: { value: body['value'] } }];
}

function notRead(why: string): Diagnostic {
  return {
    code: 'RF5124',
    severity: 'info',
    message: `effective rules of network interfaces: ${why}`,
    origin: { file: LIVE, line: 1, column: 1 },
  };
}
