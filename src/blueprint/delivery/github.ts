import type { Design } from '../plan/design.ts';
import { CHECKS, type CloudCommands, cloudCommands, clusterCommands, INSTALL, VERIFY } from './steps.ts';

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
${environmentOf(cloud)}    permissions:
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
${environmentOf(cloud)}    permissions:
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

/** Terraform signs in by federation itself, and knows where its state is; both from variables of the repository. */
function environmentOf({ isTerraform }: CloudCommands): string {
  if (!isTerraform) return '';
  const variables = ['ARM_CLIENT_ID', 'ARM_TENANT_ID', 'ARM_SUBSCRIPTION_ID'].map((name) =>
    variable(name, name.replace('ARM', 'AZURE')),
  );
  const state = ['STATE_GROUP', 'STATE_ACCOUNT', 'STATE_CONTAINER'].map((name) => variable(name, name));
  const lines = ['env:', '  ARM_USE_OIDC: true', ...variables, ...state];
  return lines.map((line) => `    ${line}\n`).join('');
}

type Step = readonly string[];

/** Actions by the commit of a release, which nobody can move. */
const CHECKOUT: Step = [
  'uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2',
  'with: {persist-credentials: false}',
];

/** By federation: no secret of Azure stands in the repository (azure/login, OpenID Connect). */
const LOGIN: Step = [
  'uses: azure/login@a457da9ea143d694b1b9c7c869ebb04ebe844ef5 # v2.3.0',
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
  return [
    CHECKOUT,
    ['uses: actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0', 'with: {node-version: 24}'],
    run('ringfence', [INSTALL]),
  ];
}

function run(name: string, commands: readonly string[]): Step {
  return [`name: ${name}`, 'run: |', ...commands.map((command) => `  ${command}`)];
}

function steps(all: readonly Step[]): string {
  return all.flatMap((step) => step.map((line, index) => `      ${index === 0 ? '- ' : '  '}${line}`)).join('\n');
}
