import type { Design } from '../plan/design.ts';
import { type Draft, type Expression, idOf, SUBSCRIPTION, text, type Value, type ValueObject } from './value.ts';

/** Versions of the REST API, one for each provider, that the published types have (azure/types). */
export const VERSIONS = {
  network: '2024-05-01',
  cluster: '2026-03-01',
  identity: '2023-01-31',
  workspace: '2023-09-01',
  storage: '2024-01-01',
  actionGroups: '2023-01-01',
  diagnosticSettings: '2021-05-01-preview',
  activityLogAlerts: '2020-10-01',
  scheduledQueryRules: '2023-12-01',
  pricings: '2024-01-01',
  policyAssignments: '2024-04-01',
  roleAssignments: '2022-04-01',
  keyVault: '2024-11-01',
  registry: '2025-04-01',
  privateDns: '2024-06-01',
  compute: '2024-03-02',
  doors: '2024-02-01',
  doorFirewalls: '2024-02-01',
  trafficControllers: '2025-01-01',
  apiManagement: '2024-05-01',
  postgresql: '2024-08-01',
  sql: '2021-11-01',
  serviceBus: '2024-01-01',
  redis: '2024-11-01',
  dataProtection: '2025-01-01',
  extensions: '2023-05-01',
  connectedClusters: '2025-08-01-preview',
  azureLocal: '2024-01-01',
  hybridCompute: '2025-01-13',
} as const;

/** The resources of one part of the blueprint. */
export type Part = (design: Design) => readonly Draft[];

/** What every resource with a place has. */
export function placed({ choices, tags }: Design, body: ValueObject): ValueObject {
  return { location: choices.region, tags, ...body };
}

/** How Azure calls a resource of ours, or of a group that Azure makes, where no draft is to be waited for. */
export function idText(group: string, type: string, name: string): Expression {
  return text('/subscriptions/', SUBSCRIPTION, `/resourceGroups/${group}/providers/${type}/${name}`);
}

export function reference(key: string, part?: string): ValueObject {
  return { id: idOf(key, part) };
}

/** Leaves out what is undefined, which JSON does not have. */
export function given(fields: Readonly<Record<string, Value | undefined>>): ValueObject {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
