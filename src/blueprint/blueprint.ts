import { blueprintEstate } from './azure/estate.ts';
import type { Choices, Form } from './choices/choices.ts';
import { clusterFiles } from './cluster/cluster-files.ts';
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
  ]);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
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
