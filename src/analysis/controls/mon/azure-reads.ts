import { type AzureResource, OPEN_SUBSCRIPTION } from '#model/azure/resource.ts';
import type { Place } from '#model/control.ts';
import { resourcesOfType } from '../azure-facts.ts';
import type { ControlContext } from '../context.ts';

/** Something that Azure can be asked for. */
export interface Question {
  /** One of these in an answer of Resource Graph shows that it was asked. */
  readonly types: readonly string[];
  /** How a live read says that it was not answered. */
  readonly shortfall: RegExp;
}

export const QUESTIONS = {
  network: { types: ['microsoft.network/virtualnetworks'], shortfall: /^`resources` of/ },
  alerts: { types: ['microsoft.insights/activitylogalerts'], shortfall: /^`resources` of/ },
  diagnostics: { types: ['microsoft.insights/diagnosticsettings'], shortfall: /^diagnostic settings of/ },
  activityLog: { types: [], shortfall: /^settings of the activity log of/ },
  policies: { types: ['microsoft.authorization/policyassignments'], shortfall: /^`policyresources` of/ },
  plans: { types: ['microsoft.security/pricings'], shortfall: /^`securityresources` of/ },
} as const satisfies Readonly<Record<string, Question>>;

const SHORTFALLS: readonly string[] = ['RF5121', 'RF5122', 'RF5123'];

/**
 * Whether Azure was asked for something around a resource, so that what is not in the input is not there. A live read asks for
 * everything and says what it was not told; of answers in files only those are known to have been asked that hold something;
 * templates and Terraform are a part of what there is.
 */
export function wasAsked(context: ControlContext, resource: AzureResource, question: Question): boolean {
  if (resource.source !== 'resource-graph') return false;
  if (resource.origin.file.startsWith(LIVE))
    return !context.snapshot.diagnostics.some(
      ({ code, message }) => SHORTFALLS.includes(code) && question.shortfall.test(message),
    );
  return question.types.some((type) =>
    resourcesOfType(context, type).some(({ source }) => source === 'resource-graph'),
  );
}

/** A live read calls its answers `azure resources`, `azure policyresources` and so on. */
const LIVE = 'azure ';

/** What would decide what was not asked. */
export const ASK = 'give the subscription itself to --azure';

export function subscriptionOf(id: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase() ?? '';
}

export function placeOfSubscription(id: string): Place {
  const name = id === OPEN_SUBSCRIPTION ? 'this subscription' : id;
  return { kind: 'Microsoft.Resources/subscriptions', namespace: '', name, id: `/subscriptions/${id}` };
}

/** Subscriptions that clusters are in, each with one of its clusters. */
export function subscriptionsWithClusters(context: ControlContext): ReadonlyMap<string, AzureResource> {
  const found = new Map<string, AzureResource>();
  for (const type of CLUSTERS)
    for (const resource of resourcesOfType(context, type)) {
      const id = subscriptionOf(resource.id);
      if (!found.has(id)) found.set(id, resource);
    }
  return found;
}

const CLUSTERS = ['Microsoft.ContainerService/managedClusters', 'Microsoft.Kubernetes/connectedClusters'];

/** Clusters that Azure Arc connects. */
export function arcClustersOf(context: ControlContext): readonly AzureResource[] {
  return resourcesOfType(context, 'Microsoft.Kubernetes/connectedClusters');
}
