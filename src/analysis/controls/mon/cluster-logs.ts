import type { AzureResource } from '#model/azure/resource.ts';
import type { Evidence, Fix, Judged } from '#model/control.ts';
import { azId } from '../az-command.ts';
import { evidenceOfResource, placeOfResource } from '../azure-facts.ts';
import type { ControlContext } from '../context.ts';
import { ASK, QUESTIONS, wasAsked } from './azure-reads.ts';
import { collects, type DiagnosticSetting, diagnosticSettingsOf } from './diagnostic-settings.ts';

/** What the diagnostic settings of a cluster collect together, and send somewhere. */
export interface ClusterLogs {
  readonly settings: readonly DiagnosticSetting[];
  readonly collects: (category: string) => boolean;
  readonly evidence: readonly Evidence[];
}

export function clusterLogsOf(context: ControlContext, cluster: AzureResource): ClusterLogs {
  const settings = diagnosticSettingsOf(context, cluster.id).filter(({ keeps }) => keeps.length > 0);
  return {
    settings,
    collects: (category) => settings.some((each) => collects(each, category)),
    evidence: settings.flatMap(({ resource, keeps }) => [
      evidenceOfResource(resource),
      ...keeps.map(({ evidence }) => evidence),
    ]),
  };
}

/** What is said of a cluster whose input has no setting, or one that is not settled; else nothing. */
export function withoutLogs(
  context: ControlContext,
  cluster: AzureResource,
  { settings }: ClusterLogs,
): Judged | undefined {
  const where = placeOfResource(cluster);
  const open = settings.find(({ isOpen }) => isOpen);
  if (open !== undefined) {
    const message = 'what its diagnostic settings collect is an expression that the input does not settle';
    return { where, state: 'UNKNOWN', message, evidence: [evidenceOfResource(open.resource)] };
  }
  if (settings.length > 0) return undefined;
  const asked = wasAsked(context, cluster, QUESTIONS.diagnostics);
  return {
    where,
    state: asked ? 'FAIL' : 'UNKNOWN',
    message: asked
      ? 'it has no diagnostic setting'
      : `what its diagnostic settings collect is not in the input: ${ASK}`,
    evidence: [{ object: cluster.id, field: 'Microsoft.Insights/diagnosticSettings', origin: cluster.origin }],
    endpoints: [],
  };
}

/** A setting that collects these categories of a cluster. */
export function settingFor({ where }: Judged, summary: string, categories: readonly string[]): Fix {
  const logs = categories.map((category) => `{"category":"${category}","enabled":true}`).join(',');
  return {
    summary,
    automatic: false,
    changes: [],
    steps: [
      'choose a Log Analytics workspace that keeps for as long as you need',
      `az monitor diagnostic-settings create --name ringfence --resource ${azId(where.id)} --workspace WORKSPACE --export-to-resource-specific true --logs '[${logs}]'`,
    ],
  };
}
