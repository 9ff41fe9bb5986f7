import manifest from '#package.json' with { type: 'json' };
import type { Design } from '../plan/design.ts';

/** Commands of one form of the cloud, from the root of the blueprint. */
export interface CloudCommands {
  /** Shows what would change, and changes nothing. */
  readonly preview: readonly string[];
  readonly deploy: readonly string[];
  /** Whether Terraform signs in by itself: it takes no session of another program for a pipeline's identity. */
  readonly isTerraform: boolean;
  /** `azure`, or the folder of the form below it. */
  readonly folder: string;
}

export function cloudCommands({ choices }: Design): CloudCommands {
  const [form = 'bicep'] = choices.forms;
  const folder = choices.forms.length === 1 ? 'azure' : `azure/${form}`;
  if (form === 'terraform')
    return {
      isTerraform: true,
      folder,
      preview: [init(folder), `terraform -chdir=${folder} plan -input=false -out=plan`],
      deploy: [
        init(folder),
        `terraform -chdir=${folder} plan -input=false -out=plan`,
        `terraform -chdir=${folder} apply -input=false plan`,
      ],
    };
  const file = form === 'bicep' ? `${folder}/main.bicep` : `${folder}/main.json`;
  const common = `--name ${choices.name}-${choices.environment} --location ${choices.region} --template-file ${file}`;
  return {
    isTerraform: false,
    folder,
    preview: [`az deployment sub what-if ${common}`],
    deploy: [`az deployment sub create ${common}`],
  };
}

/** The account of the state is the team's: pipelines have its name as a variable, people in their shell. */
function init(folder: string): string {
  const backend = {
    resource_group_name: 'STATE_GROUP',
    storage_account_name: 'STATE_ACCOUNT',
    container_name: 'STATE_CONTAINER',
  };
  const given = Object.entries(backend).map(([key, name]) => `-backend-config="${key}=$${name}"`);
  return `terraform -chdir=${folder} init -input=false ${given.join(' ')}`;
}

/** The version that built it: another one may build and judge otherwise. */
export const INSTALL = `npm install --global ringfence@${manifest.version}`;

/** What has to hold before anything is deployed: no finding of weight, nothing behind its choices, every promise kept. */
export const CHECKS: readonly string[] = [
  'ringfence blueprint build --check',
  'ringfence blueprint prove',
  'ringfence scan . --fail-on medium',
];

/** How the cluster is asked for its own: people and pipelines sign in with Entra, and nothing else. */
export function clusterCommands({ choices, names }: Design): readonly string[] {
  if (choices.platform !== 'aks') return ['kubectl apply --server-side -k cluster'];
  return [
    `az aks get-credentials --resource-group ${names.group('spoke')} --name ${names.of('aks')} --overwrite-existing`,
    'kubelogin convert-kubeconfig -l azurecli',
    'kubectl apply --server-side -k cluster',
  ];
}

/** Whether what runs is what was built: before the first workload there is nobody of whom some of it could be asked. */
export const VERIFY: readonly string[] = [
  'ringfence snapshot take --context "$(kubectl config current-context)" --azure "$(az account show --query id --output tsv)" --out live.json --force',
  'ringfence test live.json --allow-unknown',
  'ringfence diff . live.json --fail-on opened,invariant --allow-unknown',
];
