import type { Design } from '../plan/design.ts';
import { CHECKS, cloudCommands, clusterCommands, INSTALL, VERIFY } from './steps.ts';

/** One workflow: pull requests are checked and shown what they would change; the main branch is deployed after a yes. */
export function githubWorkflow(design: Design): string {
  const cloud = cloudCommands(design);
  return `# Checks, shows what would change, deploys after somebody said yes, and asks the running cluster whether it is so.
# The environment "${design.choices.environment}" needs required reviewers: that is the approval.
name: environment
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
concurrency:
  group: environment
  cancel-in-progress: false
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
${steps([...setUp(), run('does it do what it says', CHECKS)])}
  preview:
    needs: check
    runs-on: ubuntu-24.04
    permissions:
      contents: read
      id-token: write
    steps:
${steps([CHECKOUT, LOGIN, run('what would change', cloud.preview)])}
  deploy:
    if: github.ref == 'refs/heads/main'
    needs: preview
    # The API server is private: this runner stands in the network of the cluster, or behind Bastion.
    runs-on: [self-hosted, ${design.choices.name}-network]
    environment: ${design.choices.environment}
    permissions:
      contents: read
      id-token: write
    steps:
${steps([
  ...setUp(),
  LOGIN,
  run('the network and the cluster', cloud.deploy),
  run('what stands in the cluster', clusterCommands(design)),
  run('is it so', VERIFY),
])}
`;
}

type Step = readonly string[];

const CHECKOUT: Step = ['uses: actions/checkout@v4', 'with: {persist-credentials: false}'];

/** By federation: no secret of Azure stands in the repository (azure/login, OpenID Connect). */
const LOGIN: Step = [
  'uses: azure/login@v2',
  'with:',
  variable('client-id', 'AZURE_CLIENT_ID'),
  variable('tenant-id', 'AZURE_TENANT_ID'),
  variable('subscription-id', 'AZURE_SUBSCRIPTION_ID'),
];

/** `${{ vars.NAME }}`, put together so that it is no template of ours. */
function variable(input: string, name: string): string {
  return `  ${input}: \${{ vars.${name} }}`;
}

function setUp(): readonly Step[] {
  return [CHECKOUT, ['uses: actions/setup-node@v4', 'with: {node-version: 24}'], run('ringfence', [INSTALL])];
}

function run(name: string, commands: readonly string[]): Step {
  return [`name: ${name}`, 'run: |', ...commands.map((command) => `  ${command}`)];
}

function steps(all: readonly Step[]): string {
  return all.flatMap((step) => step.map((line, index) => `      ${index === 0 ? '- ' : '  '}${line}`)).join('\n');
}
