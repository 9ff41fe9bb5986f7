import type { Arm } from './arm.ts';
import { escapedId, nameOf } from './follow-ups.ts';
import { isRecord, type ResourceRow as Row, textAt } from './json.ts';
import type { Rows } from './resource-graph.ts';
import { named, type Shortfall } from './shortfall.ts';

/**
 * Which configurations of admin rules are in force in which regions: what a network manager committed. Resource Graph has
 * the rules and not that. Where it may not be asked, the engine leaves open whether the rules hold.
 */
export async function askDeployments(arm: Arm, resources: readonly Row[], networks: readonly Row[]): Promise<Rows> {
  const managers = resources.filter((row) => typeOf(row) === 'microsoft.network/networkmanagers');
  const wanted = managers.filter(({ id }) => networks.some((row) => isAdminRule(row, id)));
  const regions = regionsOf(resources);
  const results = await Promise.all(wanted.map(({ id }) => askManager(arm, id, regions)));
  return { rows: results.flatMap(({ rows }) => rows), shortfalls: results.flatMap(({ shortfalls }) => shortfalls) };
}

function isAdminRule({ id }: Row, manager: string): boolean {
  return id.toLowerCase().startsWith(`${manager.toLowerCase()}/securityadminconfigurations/`);
}

function regionsOf(resources: readonly Row[]): string[] {
  const regions = resources.flatMap((row) =>
    typeOf(row) === 'microsoft.network/virtualnetworks' ? (textAt(row, 'location')?.toLowerCase() ?? []) : [],
  );
  return [...new Set(regions)].sort();
}

async function askManager(arm: Arm, id: string, regions: readonly string[]): Promise<Rows> {
  const statuses: Readonly<Record<string, unknown>>[] = [];
  const seen = new Set<string>();
  let skipToken: string | undefined;
  do {
    const body = { regions, deploymentTypes: [TYPE], ...(skipToken !== undefined && { skipToken }) };
    const answer = await arm.post(`${escapedId(id)}/listDeploymentStatus?api-version=2024-05-01`, body);
    if (!answer.ok) return missing(id, answer.why, answer.message);
    const value = answer.body['value'];
    if (!Array.isArray(value)) return missing(id, 'nonsense', 'the answer has no `value`');
    statuses.push(...value.filter(isRecord));
    skipToken = textAt(answer.body, 'skipToken');
    if (skipToken !== undefined && seen.has(skipToken)) return missing(id, 'nonsense', 'the same page comes again');
    seen.add(skipToken ?? '');
  } while (skipToken !== undefined);
  // What is on its way is neither in force nor not; without any answer the engine leaves all of it open.
  const moving = statuses.find((status) => textAt(status, 'deploymentStatus')?.toLowerCase() !== 'deployed');
  if (moving !== undefined) return missing(id, 'failed', 'a deployment has not ended well, or not ended yet');
  return { rows: statuses.flatMap((status) => commitOf(id, status)), shortfalls: [] };
}

const TYPE = 'SecurityAdmin';

/** In the shape of the `commits` that templates deploy. */
function commitOf(manager: string, status: Readonly<Record<string, unknown>>): Row[] {
  const region = textAt(status, 'region');
  const kind = textAt(status, 'deploymentType');
  const configurationIds = status['configurationIds'];
  if (region === undefined || kind?.toLowerCase() !== TYPE.toLowerCase()) return [];
  const ids = Array.isArray(configurationIds) ? configurationIds : [];
  return [
    {
      id: `${manager}/commits/${TYPE}-${region.toLowerCase().replaceAll(' ', '')}`,
      type: 'Microsoft.Network/networkManagers/commits',
      properties: { commitType: TYPE, targetLocations: [region], configurationIds: ids },
    },
  ];
}

function missing(id: string, why: Shortfall['why'], said: string): Rows {
  const what = `what network manager ${named(nameOf(id))} put into force`;
  // Not an error: verdicts that it would decide are unknown already.
  return { rows: [], shortfalls: [{ why, said, what, decides: false }] };
}

function typeOf(row: Row): string {
  return textAt(row, 'type')?.toLowerCase() ?? '';
}
