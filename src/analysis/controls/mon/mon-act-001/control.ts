import type { AzureResource } from '#model/azure/resource.ts';
import type { Evidence, Fix, Judged } from '#model/control.ts';
import { RETIREMENTS } from '../../../../data/azure/retirements.ts';
import { assessmentOf } from '../../assessment.ts';
import { evidenceOfResource, resourcesOfType, withoutCluster } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { stateWords } from '../../state-words.ts';
import {
  ASK,
  placeOfSubscription,
  QUESTIONS,
  subscriptionOf,
  subscriptionsWithClusters,
  wasAsked,
} from '../azure-reads.ts';
import { type DiagnosticSetting, diagnosticSettingsOf, type Keeper } from '../diagnostic-settings.ts';

const NEEDED = ['administrative', 'policy', 'security'];
const LEAST_DAYS = 365;

export const monAct001: Control = {
  data: {
    id: 'MON-ACT-001',
    title: 'The activity log is exported and kept for a year',
    severity: 'medium',
    rationale:
      'The activity log tells who changed a security group, a route or the cluster. Azure keeps it for 90 days only, which is less than many intrusions stay unseen.',
    evidence:
      'Diagnostic settings of the subscription, their categories and destinations, and how long a workspace keeps.',
    states: [
      {
        state: 'PASS',
        when: 'Administrative, Policy and Security go to a workspace that keeps for 365 days or longer, or to a storage account',
      },
      { state: 'WARN', when: 'the workspace keeps for less' },
      {
        state: 'FAIL',
        when: 'Azure was read and nothing exports the three categories; log profiles ended on 2026-09-30',
      },
      { state: 'UNKNOWN', when: 'the settings, or how long their destination keeps, are not in the input' },
      { state: 'NA', when: 'no cluster is in Azure' },
    ],
    remedy:
      'Make a diagnostic setting of the subscription that sends these categories to a workspace that keeps for a year.',
    mappings: mappingsOf({
      'cis-aks': ['2.1.1'],
      'nsa-cisa': ['logging'],
      'owasp-top-ten': ['K10'],
      'owasp-cheat-sheet': ['logging'],
      mcsb: ['LT-3', 'LT-5', 'LT-6'],
      'azure-policy': ['2465583e-4e78-4c15-b6be-a36cbc7c8b0f', 'b02aacc0-b073-424e-8298-42b22829ee0a'],
      attack: ['T1562.008'],
      'aks-network-baseline': ['L115', 'L117'],
    }),
  },
  assess(context) {
    const subscriptions = [...subscriptionsWithClusters(context)];
    const places = subscriptions.map(([id, cluster]) => judgedOf(context, id, cluster));
    const absent = withoutCluster(context, 'the export of the activity log');
    return assessmentOf(places, absent, stateWords(places, 'activity logs'));
  },
  fix: ({ snapshot }, { where }) => fixOf(where.id, snapshot.azure.resources.size > 0),
};

function judgedOf(context: ControlContext, id: string, cluster: AzureResource): Judged {
  const settings = diagnosticSettingsOf(context, `/subscriptions/${id}`);
  const exporting = settings.filter((each) => missingOf(each).length === 0 && each.keeps.length > 0);
  if (exporting.length > 0) return judgedKept(id, exporting);
  const where = placeOfSubscription(id);
  const open = settings.find(({ isOpen }) => isOpen);
  if (open !== undefined)
    return {
      where,
      state: 'UNKNOWN',
      message: 'which categories are exported is an expression that the input does not settle',
      evidence: [evidenceOfResource(open.resource)],
    };
  const [first] = settings;
  if (first !== undefined)
    return {
      where,
      state: 'FAIL',
      message: `the activity log is exported without ${missingOf(first).join(', ') || 'a destination'}`,
      evidence: settings.map(({ resource }) => evidenceOfResource(resource)),
      endpoints: [],
    };
  return judgedNone(context, id, cluster);
}

function missingOf({ categories }: DiagnosticSetting): readonly string[] {
  if (categories.has('alllogs')) return [];
  return NEEDED.filter((category) => !categories.has(category));
}

function judgedNone(context: ControlContext, id: string, cluster: AzureResource): Judged {
  const where = placeOfSubscription(id);
  const profile = resourcesOfType(context, 'Microsoft.Insights/logProfiles').find(
    (each) => subscriptionOf(each.id) === id,
  );
  if (profile !== undefined) return judgedProfile(context, where, profile);
  const asked = wasAsked(context, cluster, QUESTIONS.activityLog);
  return {
    where,
    state: asked ? 'FAIL' : 'UNKNOWN',
    message: asked ? 'nothing exports the activity log' : `what exports the activity log is not in the input: ${ASK}`,
    evidence: [{ object: `/subscriptions/${id}`, field: 'Microsoft.Insights/diagnosticSettings' }],
    endpoints: [],
  };
}

function judgedProfile({ today }: ControlContext, where: Judged['where'], profile: AzureResource): Judged {
  const date = RETIREMENTS.find(({ id }) => id === 'log-profiles')?.date ?? '';
  const isOver = date !== '' && today > date;
  return {
    where,
    state: isOver ? 'FAIL' : 'WARN',
    message: `only a log profile exports the activity log, and those ${isOver ? 'ended' : 'end'} on ${date}`,
    evidence: [evidenceOfResource(profile)],
    endpoints: [],
  };
}

function judgedKept(id: string, settings: readonly DiagnosticSetting[]): Judged {
  const where = placeOfSubscription(id);
  const keepers = settings.flatMap(({ keeps }) => keeps);
  const evidence = [...settings.map(({ resource }) => evidenceOfResource(resource)), ...keepers.map(evidenceOfKeeper)];
  const kept = keepers.map(isKept);
  if (kept.includes(true)) return { where, state: 'PASS', message: 'the activity log is exported and kept', evidence };
  if (kept.includes(undefined)) {
    const message = `how long the export of the activity log is kept is not in the input: give its workspace with --azure`;
    return { where, state: 'UNKNOWN', message, evidence };
  }
  const days = Math.max(...keepers.map((keeper) => keeper.days ?? 0));
  const message = `the activity log is exported and kept for ${days} days, less than ${LEAST_DAYS}`;
  return { where, state: 'WARN', message, evidence, endpoints: [] };
}

/** A storage account keeps until a rule of its own deletes. */
function isKept({ kind, days }: Keeper): boolean | undefined {
  if (kind === 'storage') return true;
  return days === undefined ? undefined : days >= LEAST_DAYS;
}

function evidenceOfKeeper({ kind, evidence }: Keeper): Evidence {
  return kind === 'storage' ? { ...evidence, why: 'a storage account keeps until it is told to delete' } : evidence;
}

function fixOf(id: string, isAzure: boolean): Fix | undefined {
  if (!isAzure) return undefined;
  const logs = NEEDED.map(
    (category) => `{"category":"${category[0]?.toUpperCase()}${category.slice(1)}","enabled":true}`,
  );
  return {
    summary: 'export the activity log to a workspace that keeps it for a year',
    automatic: false,
    changes: [],
    steps: [
      `choose a Log Analytics workspace in ${id} that keeps for ${LEAST_DAYS} days`,
      `az monitor diagnostic-settings subscription create --name activity --location westeurope --workspace WORKSPACE --logs '[${logs.join(',')}]'`,
    ],
  };
}
