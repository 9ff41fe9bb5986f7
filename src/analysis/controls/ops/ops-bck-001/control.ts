import { escapeControl } from '#base/escape.ts';
import type { Fix, Judged } from '#model/control.ts';
import { managedClustersOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessBackups, QUESTION, vaultsOf } from './assess.ts';
import { schedulesOf } from './velero.ts';

export const opsBck001: Control = {
  data: {
    id: 'OPS-BCK-001',
    title: 'Volumes and the objects of the network are backed up, and can be restored',
    severity: 'low',
    rationale:
      'What was deleted or encrypted by an intruder comes back only from a copy that was made before, and that somebody has tried. A cluster that comes back without its policies comes back open.',
    evidence:
      'Schedules, storage locations and restores of Velero, backup instances of Azure with the extension in the cluster, claims and sets with volumes, and Flux or Argo CD as the source of objects.',
    states: [
      { state: 'PASS', when: 'every namespace with volumes is backed up, and a restore was tried' },
      { state: 'WARN', when: 'nothing shows a restore, or a schedule leaves network policies out or is paused' },
      { state: 'FAIL', when: 'a namespace with volumes is in no backup, or the last one was missed' },
      { state: 'UNKNOWN', when: 'the input is a part of a cluster and shows volumes and no backups' },
      { state: 'NA', when: 'nothing holds data, and a repository has the objects' },
    ],
    remedy:
      'Back up every namespace with volumes by a schedule, policies with them, and restore one into an empty namespace each year.',
    mappings: mappingsOf({
      'nsa-cisa': ['fault-tolerance'],
      mcsb: ['BR-1', 'BR-4'],
      'azure-policy': ['0b0434ec-2bad-4229-965f-bb7ae5a71257'],
      attack: ['T1485'],
      'securing-kubernetes-in-azure': ['L42', 'L43'],
    }),
    question: QUESTION,
  },
  assess: assessBackups,
  fix: fixBackups,
};

function fixBackups(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  if (where.kind === 'Schedule') return fixSchedule(context, where.name, detail);
  if (where.kind !== 'Namespace') return undefined;
  const name = escapeControl(where.name);
  const isAzure = managedClustersOf(context).length > 0 && schedulesOf(context).length === 0;
  const vault = vaultsOf(context)[0] ?? 'VAULT';
  return {
    summary: `back up namespace \`${name}\`, and try to restore it`,
    automatic: false,
    changes: isAzure ? [] : [{ kind: 'new-object', object: scheduleFor(where.name) }],
    steps: [
      isAzure
        ? `install the extension microsoft.dataprotection.kubernetes, and make a backup instance in \`${escapeControl(vault)}\` with \`az dataprotection backup-instance create\``
        : 'name the storage location where it is not the default one',
      'restore a backup into an empty namespace, compare its policies, and answer the question in `ringfence.yaml`',
    ],
  };
}

function scheduleFor(namespace: string) {
  return {
    apiVersion: 'velero.io/v1',
    kind: 'Schedule',
    metadata: { name: `${namespace}-daily`, namespace: 'velero' },
    spec: {
      schedule: '0 2 * * *',
      template: { includedNamespaces: [namespace], includeClusterResources: true, ttl: '720h0m0s' },
    },
  };
}

function fixSchedule(context: ControlContext, name: string, detail = ''): Fix | undefined {
  const schedule = schedulesOf(context).find(({ object }) => object.name === name);
  if (schedule === undefined) return undefined;
  if (detail === 'paused')
    return {
      summary: `let schedule \`${escapeControl(name)}\` run`,
      automatic: true,
      changes: [
        {
          kind: 'edit-object',
          object: schedule.object,
          edits: [{ op: 'set', path: ['spec', 'paused'], value: false }],
        },
      ],
      steps: [],
    };
  const steps =
    detail === 'last'
      ? ['look at the log of Velero for why it made no backup']
      : ['let it take every kind of object, or name `networkpolicies` and the policies of your engine'];
  return { summary: `mend schedule \`${escapeControl(name)}\``, automatic: false, changes: [], steps };
}
