import type { Assessment, Evidence, Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { listAt } from '#model/plain.ts';
import { COMPLIANCE_INITIATIVES } from '../../../../data/azure/initiatives.ts';
import { answeredOr, assessmentOf, placeOf } from '../../assessment.ts';
import { evidenceOf, placeOfResource, resourcesOfType, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { seenAt } from '../../evidence.ts';
import { mappingsOf } from '../../mappings.ts';
import { counted, worded } from '../../worded.ts';
import { pipelinesIn, placeOfPipeline, seenIn } from '../pipelines.ts';

const ID = 'GOV-CMP-001';

export const govCmp001: Control = {
  data: {
    id: ID,
    title: 'Where the cluster stands against its standards is reported, with evidence',
    severity: 'low',
    rationale:
      'A number says nothing to an auditor. What counts is each requirement with its state, what decided it, and what nobody could decide.',
    evidence:
      'Pipelines that keep a report of a scan by framework, compliance reports in the cluster, and regulatory initiatives that are assigned in Azure.',
    states: [
      { state: 'PASS', when: 'something makes such a report by itself, or somebody says that it is kept' },
      { state: 'FAIL', when: 'somebody says that none is kept, or the report of the cluster is empty' },
      { state: 'MANUAL', when: 'nothing in the input shows a report' },
    ],
    remedy:
      'Let a pipeline write the report of a scan by framework with each release, and keep it for as long as your auditors ask for.',
    mappings: mappingsOf({
      'owasp-top-ten': ['K10'],
      mcsb: ['GS-5', 'PV-2'],
      'azure-security-book': ['L10', 'L11'],
      'securing-kubernetes-in-azure': ['L44', 'L45'],
      'azure-security-book-2024': ['L10', 'L12'],
    }),
    question:
      'Is a report of where this cluster stands, requirement by requirement and with its evidence, made and kept for every standard that you answer to?',
  },
  assess: assessReports,
  fix: () => ({
    summary: 'keep a report by framework',
    automatic: false,
    changes: [],
    steps: [
      'run `ringfence scan` with a format for auditors (`html`, `oscal`, `sarif`) in a pipeline, and keep the file as an artifact',
      `or answer ${ID} under \`controls.answers\` in \`ringfence.yaml\``,
    ],
  }),
};

function assessReports(context: ControlContext): Assessment {
  const places = [...judgePipelines(context), ...judgeClusterReports(context), ...judgeInitiatives(context)];
  const absent = answeredOr(context, ID, 'nothing in the input makes a report against a standard: answer the question');
  const bad = counted('report against a standard is empty', 'reports against standards are empty');
  const good = counted('report against a standard is made', 'reports against standards are made');
  return assessmentOf(places, absent, worded(places, { bad, good }));
}

const REPORTS =
  /\bringfence\s+scan\b[^\n]*(?:html|oscal|sarif|csv|--framework)|\btrivy\b[^\n]*--compliance|\bkubescape\s+scan\s+framework\b|upload-sarif/i;

function judgePipelines(context: ControlContext): readonly Judged[] {
  return pipelinesIn(context).flatMap((pipeline): Judged[] => {
    const step = pipeline.jobs.flatMap(({ steps }) => steps).find(({ text }) => REPORTS.test(text));
    if (step === undefined) return [];
    const message = 'it makes a report of findings with their evidence';
    return [{ where: placeOfPipeline(pipeline), state: 'PASS', message, evidence: [seenIn(pipeline, step.path)] }];
  });
}

/** What operators in the cluster write: reports by standard, and policy reports. */
function judgeClusterReports({ objects }: ControlContext): readonly Judged[] {
  return objects.of('aquasecurity.github.io', 'ClusterComplianceReport').map((object): Judged => {
    const evidence = [seenAt(object, ['metadata', 'name'])];
    const where = placeOf(object);
    return isEmpty(object)
      ? { where, state: 'FAIL', message: 'the report of the cluster against a standard has no results', evidence }
      : { where, state: 'PASS', message: 'the cluster is reported against a standard', evidence };
  });
}

/** A definition alone, as manifests have it, has no status yet: that is no empty report. */
function isEmpty({ value }: ClusterObject): boolean {
  if (value['status'] === undefined) return false;
  return (
    listAt(value, 'status', 'detailReport', 'results').length === 0 &&
    listAt(value, 'status', 'summaryReport', 'controlCheck').length === 0 &&
    listAt(value, 'status', 'summaryReport', 'results').length === 0
  );
}

function judgeInitiatives(context: ControlContext): readonly Judged[] {
  return resourcesOfType(context, 'Microsoft.Authorization/policyAssignments').flatMap((resource): Judged[] => {
    const setting = settingAt(resource, 'properties', 'policyDefinitionId');
    if (setting.state !== 'value') return [];
    const name = COMPLIANCE_INITIATIVES.find(({ id }) => String(setting.value).toLowerCase().endsWith(id))?.name;
    if (name === undefined) return [];
    const evidence: Evidence[] = [evidenceOf(resource, setting)];
    return [{ where: placeOfResource(resource), state: 'PASS', message: `Azure reports against ${name}`, evidence }];
  });
}
