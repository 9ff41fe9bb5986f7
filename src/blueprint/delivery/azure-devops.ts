import type { Design } from '../plan/design.ts';
import { CHECKS, cloudCommands, clusterCommands, INSTALL, VERIFY } from './steps.ts';

/** The same stages as the workflow of GitHub: check, preview, deploy after a yes, verify. */
export function azurePipeline(design: Design): string {
  const cloud = cloudCommands(design);
  const { name, environment } = design.choices;
  return `# Checks, shows what would change, deploys after somebody said yes, and asks the running cluster whether it is so.
# The environment "${name}-${environment}" needs an approval check, and the service connection "${name}-azure" signs in by federation.
${cloud.isTerraform ? `variables:\n  - group: ${name}-state # STATE_GROUP, STATE_ACCOUNT, STATE_CONTAINER\n` : ''}trigger:
  branches: {include: [main]}
pr:
  branches: {include: [main]}
stages:
  - stage: check
    jobs:
      - job: check
        pool: {vmImage: ubuntu-24.04}
        steps:
${steps([...setUp(), script('does it do what it says', CHECKS)], 10)}
  - stage: preview
    dependsOn: check
    jobs:
      - job: preview
        pool: {vmImage: ubuntu-24.04}
        steps:
${steps([azure(design, 'what would change', cloud.preview)], 10)}
  - stage: deploy
    dependsOn: preview
    condition: and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))
    jobs:
      - deployment: deploy
        environment: ${name}-${environment}
        # The API server is private: these agents stand in the network of the cluster.
        pool: ${name}-network
        strategy:
          runOnce:
            deploy:
              steps:
${steps(
  [
    ['checkout: self'],
    ...setUp(),
    azure(design, 'the network and the cluster', cloud.deploy),
    azure(design, 'what stands in the cluster, and is it so', [...clusterCommands(design), ...VERIFY]),
  ],
  16,
)}
`;
}

type Step = readonly string[];

function setUp(): readonly Step[] {
  return [['task: UseNode@1', 'inputs: {version: 24.x}'], script('ringfence', [INSTALL])];
}

function script(name: string, commands: readonly string[]): Step {
  return ['bash: |', ...commands.map((command) => `  ${command}`), `displayName: ${name}`];
}

/** Terraform takes the token of the service connection; the group of variables says where its state is. */
const SIGN_IN = [
  'export ARM_USE_OIDC=true ARM_CLIENT_ID="$servicePrincipalId" ARM_TENANT_ID="$tenantId" ARM_OIDC_TOKEN="$idToken"',
  'export ARM_SUBSCRIPTION_ID="$(az account show --query id --output tsv)"',
];

function azure(design: Design, name: string, commands: readonly string[]): Step {
  const { choices } = design;
  return [
    'task: AzureCLI@2',
    `displayName: ${name}`,
    'inputs:',
    `  azureSubscription: ${choices.name}-azure`,
    '  scriptType: bash',
    '  scriptLocation: inlineScript',
    '  addSpnToEnvironment: true',
    '  inlineScript: |',
    '    set -euo pipefail',
    ...(cloudCommands(design).isTerraform ? SIGN_IN.map((line) => `    ${line}`) : []),
    ...commands.map((command) => `    ${command}`),
  ];
}

function steps(all: readonly Step[], indent: number): string {
  const space = ' '.repeat(indent);
  return all.flatMap((step) => step.map((line, index) => `${space}${index === 0 ? '- ' : '  '}${line}`)).join('\n');
}
