import { isUnsettled } from '#model/azure/entity.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { Evidence } from '#model/control.ts';
import {
  evidenceOf,
  isOn,
  itemsAt,
  resourceOf,
  resourcesOfType,
  settingAt,
  settingOf,
  wordOf,
} from '../azure-facts.ts';
import type { ControlContext } from '../context.ts';

/** What a diagnostic setting sends, and where to. */
export interface DiagnosticSetting {
  readonly resource: AzureResource;
  /** Categories and groups of categories that are on, in lower case: `kube-audit-admin`, `alllogs`. */
  readonly categories: ReadonlySet<string>;
  /** Some categories may be on or off by an expression. */
  readonly isOpen: boolean;
  readonly keeps: readonly Keeper[];
}

/** Where logs are kept. */
export interface Keeper {
  readonly kind: 'workspace' | 'storage' | 'event hub' | 'partner';
  readonly evidence: Evidence;
  /** Days that a workspace keeps; absent where it is not known. */
  readonly days?: number;
}

const TYPE = 'Microsoft.Insights/diagnosticSettings';

/** The settings of one resource, or of a subscription: `/subscriptions/S`. */
export function diagnosticSettingsOf(context: ControlContext, owner: string): readonly DiagnosticSetting[] {
  const prefix = `${azureKey(owner)}/providers/microsoft.insights/diagnosticsettings/`;
  return resourcesOfType(context, TYPE)
    .filter(({ id }) => azureKey(id).startsWith(prefix))
    .map((resource) => settingsOf(context, resource));
}

function settingsOf(context: ControlContext, resource: AzureResource): DiagnosticSetting {
  const items = itemsAt(resource, 'properties', 'logs');
  const categories = new Set<string>();
  let isOpen = isUnsettled(items);
  for (const item of isUnsettled(items) ? [] : items) {
    const on = isOn(settingOf(item, 'enabled'), false);
    const names = [settingOf(item, 'category'), settingOf(item, 'categoryGroup')];
    if (on === 'unsettled' || names.some(({ state }) => state === 'unsettled')) isOpen = true;
    if (on !== true) continue;
    for (const name of names) {
      const word = wordOf(name, '');
      if (word !== undefined && word !== '') categories.add(word);
    }
  }
  return { resource, categories, isOpen, keeps: keepersOf(context, resource) };
}

const DESTINATIONS = [
  ['workspaceId', 'workspace'],
  ['storageAccountId', 'storage'],
  ['eventHubAuthorizationRuleId', 'event hub'],
  ['marketplacePartnerId', 'partner'],
] as const;

function keepersOf(context: ControlContext, resource: AzureResource): readonly Keeper[] {
  return DESTINATIONS.flatMap(([field, kind]): Keeper[] => {
    const setting = settingAt(resource, 'properties', field);
    if (setting.state === 'absent') return [];
    const evidence = evidenceOf(resource, setting);
    if (kind !== 'workspace' || setting.state !== 'value') return [{ kind, evidence }];
    const workspace = resourceOf(context, String(setting.value));
    const days = workspace === undefined ? undefined : daysOf(workspace);
    if (workspace === undefined || days === undefined) return [{ kind, evidence }];
    return [{ kind, days, evidence: evidenceOf(workspace, settingAt(workspace, 'properties', 'retentionInDays')) }];
  });
}

/** A workspace that says nothing keeps for 30 days. */
function daysOf(workspace: AzureResource): number | undefined {
  const setting = settingAt(workspace, 'properties', 'retentionInDays');
  if (setting.state === 'unsettled') return undefined;
  return setting.state === 'absent' ? 30 : Number(setting.value);
}

/** A category is on by its name, or by a group that it is in. */
export function collects({ categories }: Pick<DiagnosticSetting, 'categories'>, category: string): boolean {
  if (categories.has(category) || categories.has('alllogs')) return true;
  return categories.has('audit') && AUDIT.includes(category);
}

/**
 * The group `audit` of a managed cluster, as portal and API show it. What belongs to a group Azure may change, so that only
 * the two that the name itself promises are counted: `guard` is not (learn.microsoft.com, diagnostic settings, category
 * groups; checked 2026-11).
 */
const AUDIT: readonly string[] = ['kube-audit', 'kube-audit-admin'];
