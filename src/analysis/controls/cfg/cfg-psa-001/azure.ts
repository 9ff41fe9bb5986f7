import type { AzureResource } from '#model/azure/resource.ts';
import { azureKey } from '#model/azure/resource.ts';
import type { PlainValue } from '#model/plain.ts';
import { isPlainList } from '#model/plain.ts';
import type { PodSecurityLevel } from '../../../pod-security/pod-security.ts';
import { evidenceOf, isOn, managedClustersOf, resourcesOfType, type Setting, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { type Enforcement, levelNamed } from './enforcement.ts';

/** What Azure makes of pods: deployment safeguards of a cluster, and the two initiatives of Azure Policy. */
export function azureEnforcements(context: ControlContext, namespace: string): readonly Enforcement[] {
  return [...safeguards(context, namespace), ...assignments(context, namespace)];
}

/** AKS deployment safeguards: in the cluster itself, or as an extension of it. */
function safeguards(context: ControlContext, namespace: string): readonly Enforcement[] {
  const clusters = managedClustersOf(context).map(({ resource }) => ({
    resource,
    path: ['properties', 'safeguardsProfile'],
  }));
  const extensions = resourcesOfType(context, 'Microsoft.ContainerService/deploymentSafeguards').map((resource) => ({
    resource,
    path: ['properties'],
  }));
  return [...clusters, ...extensions].flatMap(({ resource, path }): Enforcement[] => {
    const mode = wordIn(settingAt(resource, ...path, 'level'));
    const setting = settingAt(resource, ...path, 'podSecurityStandardsLevel');
    const level = levelNamed(wordIn(setting) ?? '');
    if (level === undefined || mode === undefined || mode === 'off') return [];
    if (listed(settingAt(resource, ...path, 'excludedNamespaces')).includes(namespace)) return [];
    const enforces = /^enforce/.test(mode);
    return [
      {
        mode: enforces ? 'enforce' : 'tell',
        level,
        version: 'latest',
        by: 'the deployment safeguards of the cluster',
        evidence: evidenceOf(resource, setting),
      },
    ];
  });
}

/** Initiatives of Azure Policy that have the checks of a level, by their published ids. */
const INITIATIVES: ReadonlyMap<string, PodSecurityLevel> = new Map([
  ['a8640138-9b0a-4a28-b8cb-1666c838647d', 'baseline'],
  ['42b8ef37-b724-4e24-bbc8-7a7708edfe00', 'restricted'],
]);

function assignments(context: ControlContext, namespace: string): readonly Enforcement[] {
  return resourcesOfType(context, 'Microsoft.Authorization/policyAssignments').flatMap((resource): Enforcement[] => {
    const definition = settingAt(resource, 'properties', 'policyDefinitionId');
    const level = INITIATIVES.get(wordIn(definition)?.split('/').at(-1) ?? '');
    if (level === undefined || !concerns(context, resource)) return [];
    const excluded = listed(settingAt(resource, 'properties', 'parameters', 'excludedNamespaces', 'value'));
    // Without a parameter both initiatives only audit.
    const effect = wordIn(settingAt(resource, 'properties', 'parameters', 'effect', 'value')) ?? 'audit';
    if (effect === 'disabled' || excluded.includes(namespace)) return [];
    const isOff = wordIn(settingAt(resource, 'properties', 'enforcementMode')) === 'donotenforce';
    const enforces = effect === 'deny' && !isOff && hasAddon(context);
    return [
      {
        mode: enforces ? 'enforce' : 'tell',
        level,
        version: 'latest',
        by: `an assignment of Azure Policy (${resource.name})`,
        evidence: evidenceOf(resource, definition),
      },
    ];
  });
}

/** An assignment holds for what is under its scope; one whose scope is not known is taken to hold. */
function concerns(context: ControlContext, resource: AzureResource): boolean {
  const scope = wordIn(settingAt(resource, 'properties', 'scope'));
  const clusters = managedClustersOf(context);
  if (scope === undefined || clusters.length === 0 || /managementgroups/.test(scope)) return true;
  return clusters.some((cluster) => azureKey(cluster.resource.id).startsWith(scope));
}

/** Nothing refuses pods in the cluster without the add-on. */
function hasAddon(context: ControlContext): boolean {
  return managedClustersOf(context).some(
    ({ resource }) =>
      isOn(settingAt(resource, 'properties', 'addonProfiles', 'azurepolicy', 'enabled'), false) === true,
  );
}

function wordIn(setting: Setting): string | undefined {
  return setting.state === 'value' && typeof setting.value === 'string' ? setting.value.toLowerCase() : undefined;
}

function listed(setting: Setting): readonly PlainValue[] {
  return setting.state === 'value' && isPlainList(setting.value) ? setting.value : [];
}
