import { escapeControl } from '#base/escape.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Assessment, Evidence, Judged, Place } from '#model/control.ts';
import { assessmentOf, CLUSTER, placeOf, plain } from '../../assessment.ts';
import { evidenceOfResource, placeOfResource, resourcesOfType } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { daysBetween } from '../../days.ts';
import { seenAt } from '../../evidence.ts';
import { counted, worded } from '../../worded.ts';
import { azureBackupOf } from './azure.ts';
import { gitSourceOf, type Holder, holdersByNamespace } from './state.ts';
import { type BackupSchedule, brokenLocations, restoreOf, schedulesOf } from './velero.ts';

export const QUESTION =
  'Was a backup of this cluster, its network policies too, restored as a test within the last year?';
const ID = 'OPS-BCK-001';
/** A schedule is as good as its last backup: one that is older was missed. */
const LONGEST_DAYS = 8;

/** What may bring a cluster back. */
interface Backups {
  readonly schedules: readonly BackupSchedule[];
  readonly azure: readonly AzureResource[] | undefined;
  /** That somebody tried to restore: an object, or an answer. */
  readonly tested: Evidence | undefined;
}

export function assessBackups(context: ControlContext): Assessment {
  const backups: Backups = { schedules: schedulesOf(context), azure: azureBackupOf(context), tested: testOf(context) };
  const holders = holdersByNamespace(context);
  const places = [
    ...[...holders].map(([namespace, list]) => judgeNamespace(context, backups, { namespace, list })),
    ...backups.schedules.flatMap((schedule) => judgeSchedule(context, schedule)),
    ...brokenLocations(context).map(judgeLocation),
    ...(holders.size === 0 ? judgeWithoutData(context, backups) : []),
  ];
  const absent = absentOf(context);
  const bad = counted('place could not be restored', 'places could not be restored');
  const warn = counted(
    'place is kept, and nobody shows that it can be restored',
    'places are kept, and nobody shows that they can be restored',
  );
  const good = counted('place is kept and was restored as a test', 'places are kept and were restored as a test');
  return assessmentOf(places, absent, worded(places, { bad, warn, good }));
}

function absentOf(context: ControlContext): Assessment {
  if (context.kind === 'manifests' && context.objects.all.length > 0)
    return plain('NA', 'nothing in the input holds data, and the manifests themselves bring the rest back');
  return context.kind === 'live'
    ? plain('NA', 'nothing in the cluster holds data, and it is kept as a repository says')
    : plain('UNKNOWN', 'the input has no workload: add the manifests, or scan the cluster');
}

// ---------------------------------------------------------------- what is to be kept

interface Kept {
  readonly namespace: string;
  readonly list: readonly Holder[];
}

function judgeNamespace(context: ControlContext, backups: Backups, { namespace, list }: Kept): Judged {
  const where = placeOfNamespace(context, namespace);
  const held = list.slice(0, 3).map(({ object, path }) => seenAt(object, path.slice(0, 1), 'holds data'));
  const taking = backups.schedules.filter(({ isPaused, takes }) => !isPaused && takes(namespace));
  const kept: readonly Evidence[] = [
    ...taking.map(({ object }) => seenAt(object, ['spec', 'schedule'])),
    ...(backups.azure ?? []).map((each) => evidenceOfResource(each)),
  ];
  if (kept.length === 0) return judgeUnkept(context, { where, held, hasSchedules: backups.schedules.length > 0 });
  if (backups.tested === undefined) {
    const message = 'its volumes are backed up, and nothing shows that they were ever restored';
    return { where, state: 'WARN', message, evidence: [...kept, ...held] };
  }
  return {
    where,
    state: 'PASS',
    message: 'its volumes are backed up, and were restored as a test',
    evidence: [...kept, backups.tested],
  };
}

interface Unkept {
  readonly where: Place;
  readonly held: readonly Evidence[];
  readonly hasSchedules: boolean;
}

/** A part of a cluster may be kept by what another part says, but not where the schedules themselves are in it. */
function judgeUnkept({ kind }: ControlContext, { where, held, hasSchedules }: Unkept): Judged {
  const message = hasSchedules ? 'no schedule of the input backs up its volumes' : 'nothing backs up its volumes';
  if (kind === 'live' || hasSchedules) return { where, state: 'FAIL', message, evidence: held };
  const open =
    'it holds data, and no schedule of Velero and no backup of Azure is in the input: add them, or scan the cluster';
  return { where, state: 'UNKNOWN', message: open, evidence: held };
}

function placeOfNamespace({ objects }: ControlContext, name: string): Place {
  const object = objects.get({ group: '', kind: 'Namespace', namespace: '', name });
  if (object !== undefined) return placeOf(object);
  return { kind: 'Namespace', namespace: '', name, id: `/Namespace//${name}` };
}

/** Without data, what counts is that the objects of the network can be had again. */
function judgeWithoutData(context: ControlContext, { schedules, azure }: Backups): readonly Judged[] {
  if (context.kind !== 'live') return [];
  const source = gitSourceOf(context);
  if (source !== undefined || schedules.length > 0 || azure !== undefined) return [];
  if (context.podOwners.length === 0) return [];
  const message = 'nothing backs up its objects, and none shows that a repository has them';
  const evidence = [
    { object: 'the input', why: 'has no schedule of Velero, no backup of Azure, no Flux and no Argo CD' },
  ];
  return [{ where: CLUSTER, state: 'WARN', message, evidence }];
}

// ---------------------------------------------------------------- how it is kept

function judgeSchedule(
  { today }: ControlContext,
  { object, isPaused, hasNetwork, last }: BackupSchedule,
): readonly Judged[] {
  const where = placeOf(object);
  const judged: Judged[] = [];
  if (isPaused)
    judged.push({
      where,
      state: 'WARN',
      message: 'it is paused',
      evidence: [seenAt(object, ['spec', 'paused'])],
      detail: 'paused',
    });
  if (!hasNetwork) {
    const message = 'it leaves network policies out: what comes back would be open';
    judged.push({ where, state: 'WARN', message, evidence: [seenAt(object, ['spec', 'template'])], detail: 'network' });
  }
  if (last !== undefined && daysBetween(last.slice(0, 10), today) > LONGEST_DAYS) {
    const message = `its last backup is of ${escapeControl(last.slice(0, 10))}`;
    judged.push({
      where,
      state: 'FAIL',
      message,
      evidence: [seenAt(object, ['status', 'lastBackup'])],
      detail: 'last',
    });
  }
  return judged;
}

function judgeLocation(object: Parameters<typeof placeOf>[0]): Judged {
  const evidence = [seenAt(object, ['status', 'phase'])];
  return { where: placeOf(object), state: 'FAIL', message: 'backups cannot be written there', evidence };
}

function testOf(context: ControlContext): Evidence | undefined {
  const restore = restoreOf(context);
  if (restore !== undefined) return seenAt(restore, ['status', 'phase']);
  const answer = context.settings.answers.get(ID);
  if (answer?.answer !== 'yes') return undefined;
  return { object: `answer of ${answer.by}`, field: `controls.answers.${ID}`, value: 'yes', why: `on ${answer.on}` };
}

/** Vaults of the input, for the steps of a fix. */
export function vaultsOf(context: ControlContext): readonly string[] {
  return resourcesOfType(context, 'Microsoft.DataProtection/backupVaults').map((vault) => placeOfResource(vault).name);
}
