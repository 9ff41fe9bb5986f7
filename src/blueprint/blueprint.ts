import type { BlueprintAnswer } from '#model/blueprint.ts';
import { blueprintPage } from '#report/page/blueprint.ts';
import { markdownText } from '#report/page/markdown.ts';
import { blueprintEstate } from './azure/estate.ts';
import type { Choices, Form } from './choices/choices.ts';
import { clusterFiles } from './cluster/cluster-files.ts';
import { azurePipeline } from './delivery/azure-devops.ts';
import { githubWorkflow } from './delivery/github.ts';
import { readmeText } from './delivery/readme.ts';
import { runbookText } from './delivery/runbook.ts';
import { type Design, designOf } from './plan/design.ts';
import { invariantsText } from './proof/invariants.ts';
import { settingsText } from './proof/settings.ts';
import { standIns } from './proof/stand-ins.ts';
import { armTemplate } from './write/arm.ts';
import { bicepFiles } from './write/bicep.ts';
import { terraformFiles } from './write/terraform/terraform.ts';

/** Texts by their path in the folder of the blueprint, in the order of their names. The same choices, the same bytes. */
export type Files = ReadonlyMap<string, string>;

export function blueprintFiles(choices: Choices): Files {
  const design = designOf(choices);
  const files = new Map<string, string>([
    ...choices.forms.flatMap((form) => [...azureFiles(design, form)]),
    ...clusterFiles(design),
    ['proof/stand-ins.yaml', standIns(design)],
    ['invariants.yaml', invariantsText(design)],
    ['ringfence.yaml', settingsText(design)],
    ...deliveryFiles(design),
  ]);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What commands of the README leave behind: a state, a plan and a snapshot are nobody else's to read. */
const IGNORED = ['.terraform/', 'plan', '*.tfstate*', 'live.json', ''].join('\n');

function deliveryFiles(design: Design): Files {
  const { pipelines } = design.choices;
  return new Map([
    ['README.md', readmeText(design, blueprintEstate(design))],
    ['RUNBOOK.md', runbookText(design)],
    ['.gitignore', IGNORED],
    ...(pipelines.includes('github') ? [['.github/workflows/environment.yml', githubWorkflow(design)] as const] : []),
    ...(pipelines.includes('azure-devops') ? [['azure-pipelines.yml', azurePipeline(design)] as const] : []),
  ]);
}

/** What is read of the files of a blueprint to prove it: of several forms of the cloud the first that we can read. */
export function proofInput({ forms }: Choices, files: Files): Files {
  const readable = forms.find((form) => form !== 'bicep');
  const only = forms.length === 1 ? 'azure/' : `azure/${readable ?? forms[0]}/`;
  return new Map([...files].filter(([file]) => !file.startsWith('azure/') || file.startsWith(only)));
}

/** With the proof as a page for people and as data. */
export function withProof(files: Files, proof: BlueprintAnswer): Files {
  const page = [...markdownText(blueprintPage(proof))].join('');
  return new Map([...files, ['PROOF.md', page], ['proof.json', `${JSON.stringify(proof, null, 2)}\n`]]);
}

/** One form stands in `azure/`; several each in a folder of their own below it. */
function azureFiles(design: Design, form: Form): Files {
  const estate = blueprintEstate(design);
  const folder = design.choices.forms.length === 1 ? 'azure' : `azure/${form}`;
  return new Map([...textsIn(form)].map(([name, text]) => [`${folder}/${name}`, text]));

  function textsIn(wanted: Form): Files {
    switch (wanted) {
      case 'arm':
        return new Map([['main.json', armTemplate(estate)]]);
      case 'bicep':
        return bicepFiles(estate);
      case 'terraform':
        return terraformFiles(estate);
    }
  }
}
