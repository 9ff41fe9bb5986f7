import type { Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessPipelines } from './assess.ts';

export const govCic001: Control = {
  data: {
    id: 'GOV-CIC-001',
    title: 'Pipelines check what they deploy, and stop where a check fails',
    severity: 'medium',
    rationale:
      'What is wrong is cheapest to mend before it runs. A check that only reports is read once and then no more.',
    evidence:
      'Workflows of GitHub and pipelines of Azure DevOps in the input: steps that deploy, steps that check before them, and whether these can fail.',
    states: [
      { state: 'PASS', when: 'every pipeline that deploys is stopped by a check before it' },
      { state: 'WARN', when: 'a check only reports, comes too late, or is on pull requests alone' },
      { state: 'FAIL', when: 'a pipeline deploys and nothing checks' },
      { state: 'UNKNOWN', when: 'it takes parts from documents that are not in the input' },
      { state: 'MANUAL', when: 'no pipeline that deploys is in the input' },
    ],
    remedy:
      'Run a check of manifests and images in a step before the one that deploys, let it fail, and make it required for merging.',
    mappings: mappingsOf({
      'nist-800-190': ['4.1.2'],
      'nsa-cisa': ['upgrading-and-application-security-practices'],
      'owasp-top-ten': ['K04'],
      'owasp-cheat-sheet': ['embed-security-into-the-container-lifecycle-as-early-as-possible'],
      mcsb: ['DS-4', 'DS-5'],
      attack: ['T1525'],
      'securing-kubernetes-in-azure': ['L53', 'L54'],
    }),
    question: 'Does every pipeline that deploys to the cluster run security checks that stop it where they fail?',
  },
  assess: assessPipelines,
  fix: fixPipeline,
};

function fixPipeline(_: ControlContext, { where, state }: Judged): Fix | undefined {
  if (where.kind !== 'pipeline') return undefined;
  const check =
    'run `ringfence scan` on the manifests in a step before the one that deploys: it ends with 1 where a finding counts';
  const gate =
    'let the check fail (no `continue-on-error`, no `|| true`, an exit code other than 0), before the step that deploys';
  return {
    summary: 'check before deploying, and stop where the check fails',
    automatic: false,
    changes: [],
    steps: [state === 'FAIL' ? check : gate, 'make the check required for the branch that is deployed'],
  };
}
