import type { ManagedCluster } from '#model/azure/cluster.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Judged } from '#model/control.ts';
import { evidenceOf, placeOfResource, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { type ClusterLogs, clusterLogsOf, withoutLogs } from '../cluster-logs.ts';

const LEAST_DAYS = 90;

export function judgedCluster(context: ControlContext, { name }: ManagedCluster, resource: AzureResource): Judged {
  const logs = clusterLogsOf(context, resource);
  const without = withoutLogs(context, resource, logs);
  if (without !== undefined) return without;
  const where = placeOfResource(resource);
  const { evidence } = logs;
  const admin = logs.collects('kube-audit-admin');
  if (!admin && !logs.collects('kube-audit')) {
    const message = 'its diagnostic settings collect neither kube-audit-admin nor kube-audit';
    return { where, state: 'FAIL', message, evidence, endpoints: [] };
  }
  const short = keptTooShort(logs);
  if (short !== undefined) return { where, state: 'WARN', severity: 'medium', message: short, evidence, endpoints: [] };
  const aad = settingAt(resource, 'properties', 'aadProfile');
  if (aad.state !== 'absent' && !logs.collects('guard')) {
    const message = 'sign-ins by Entra ID are not recorded: `guard` is not collected';
    return {
      where,
      state: 'WARN',
      severity: 'medium',
      message,
      evidence: [...evidence, evidenceOf(resource, aad)],
      endpoints: [],
    };
  }
  if (!admin) {
    const message =
      '`kube-audit` is collected, with every read; `kube-audit-admin` has the changes at a part of the cost';
    return { where, state: 'WARN', message, evidence, severity: 'info', endpoints: [] };
  }
  return { where, state: 'PASS', message: `audit events of \`${name}\` are collected`, evidence };
}

function keptTooShort({ settings }: ClusterLogs): string | undefined {
  const keepers = settings
    .filter(({ categories }) =>
      [...categories].some((category) => /^(?:kube-audit(?:-admin)?|audit|alllogs)$/.test(category)),
    )
    .flatMap(({ keeps }) => keeps);
  const days = keepers.map((keeper) => (keeper.kind === 'workspace' ? keeper.days : LEAST_DAYS));
  if (days.length === 0 || days.some((each) => each === undefined || each >= LEAST_DAYS)) return undefined;
  return `the audit log is kept for ${Math.max(...days.map((each) => each ?? 0))} days, less than ${LEAST_DAYS}`;
}
