import manifest from '#package.json' with { type: 'json' };
import type { Design } from '../plan/design.ts';

/** Commands of one form of the cloud, from the root of the blueprint. */
export interface CloudCommands {
  /** Shows what would change, and changes nothing. */
  readonly preview: readonly string[];
  readonly deploy: readonly string[];
}

export function cloudCommands({ choices }: Design): CloudCommands {
  const [form = 'bicep'] = choices.forms;
  const folder = choices.forms.length === 1 ? 'azure' : `azure/${form}`;
  if (form === 'terraform')
    return {
      preview: [
        `terraform -chdir=${folder} init -input=false`,
        `terraform -chdir=${folder} plan -input=false -out=plan`,
      ],
      deploy: [
        `terraform -chdir=${folder} init -input=false`,
        `terraform -chdir=${folder} plan -input=false -out=plan`,
        `terraform -chdir=${folder} apply -input=false plan`,
      ],
    };
  const file = form === 'bicep' ? `${folder}/main.bicep` : `${folder}/main.json`;
  const common = `--name ${choices.name}-${choices.environment} --location ${choices.region} --template-file ${file}`;
  return {
    preview: [`az deployment sub what-if ${common}`],
    deploy: [`az deployment sub create ${common}`],
  };
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

/** Whether what runs is what was built. */
export const VERIFY: readonly string[] = [
  'ringfence snapshot take --context "$(kubectl config current-context)" --out live.json',
  'ringfence test live.json --invariants invariants.yaml',
  'ringfence diff . live.json --fail-on opened',
];
