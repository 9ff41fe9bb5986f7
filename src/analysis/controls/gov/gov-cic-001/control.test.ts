import { describe, expect, test } from 'vitest';
import { assess, contextOf, placesOf, stateOf } from '../../controls.test-support.ts';
import { govCic001 } from './control.ts';

function workflow(steps: string, on = 'push', more = ''): string {
  return `
on: [${on}]
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
${steps}${more}`;
}

const DEPLOY = '      - run: kubectl apply -f manifests/\n';
const GATE = '      - uses: bridgecrewio/checkov-action@v12\n';

describe('a workflow that deploys', () => {
  test.each<[string, string, string]>([
    ['and is stopped by a check', workflow(GATE + DEPLOY), 'PASS'],
    ['and checks too late', workflow(DEPLOY + GATE), 'WARN'],
    ['and only reports', workflow(`${GATE}        continue-on-error: true\n${DEPLOY}`), 'WARN'],
    ['and only reports by default', workflow(`      - uses: aquasecurity/trivy-action@v1\n${DEPLOY}`), 'WARN'],
    [
      'and fails by an exit code',
      workflow(`      - uses: aquasecurity/trivy-action@v1\n        with: { exit-code: "1" }\n${DEPLOY}`),
      'PASS',
    ],
    ['and checks nothing', workflow(DEPLOY), 'FAIL'],
    ['and installs a tool', workflow(`      - run: brew install trivy\n${DEPLOY}`), 'FAIL'],
    [
      'and checks in a job that it needs',
      workflow(DEPLOY, 'push', '    needs: check\n  check:\n    steps:\n      - run: kube-linter lint manifests/\n'),
      'PASS',
    ],
    [
      'and checks beside it',
      workflow(DEPLOY, 'push', '  check:\n    steps:\n      - run: kube-linter lint manifests/\n'),
      'WARN',
    ],
    [
      'and takes parts from elsewhere',
      workflow(DEPLOY, 'push', '  check:\n    uses: org/repo/.github/workflows/check.yml@v1\n'),
      'UNKNOWN',
    ],
    ['and pull requests are checked', `${workflow(DEPLOY)}---${workflow(GATE, 'pull_request')}`, 'WARN'],
  ])('%s', (_, manifests, state) => expect(stateOf(govCic001, { manifests })).toBe(state));
});

const AZURE = `
trigger: [main]
stages:
  - stage: build
    jobs: [{ job: check, steps: [{ script: "conftest test manifests" }] }]
  - stage: release
    jobs:
      - deployment: aks
        environment: production
        strategy: { runOnce: { deploy: { steps: [{ task: KubernetesManifest@1, inputs: { action: deploy } }] } } }
`;

describe('a pipeline of Azure DevOps', () => {
  test.each<[string, string, string]>([
    ['is stopped by a stage before', AZURE, 'PASS'],
    ['goes on', AZURE.replace('conftest test manifests', 'conftest test manifests || true'), 'WARN'],
    ['checks nothing', AZURE.replace('conftest test manifests', 'make'), 'FAIL'],
    ['takes a template', AZURE.replace('script: "conftest test manifests"', 'template: check.yml'), 'UNKNOWN'],
  ])('%s', (_, manifests, state) => expect(stateOf(govCic001, { manifests })).toBe(state));
});

describe('without one that deploys', () => {
  test('the check of pull requests counts', () => {
    expect(stateOf(govCic001, { manifests: workflow(GATE, 'pull_request') })).toBe('PASS');
  });

  test('a cluster to try things in is none', () => {
    const manifests = workflow(`      - uses: helm/kind-action@v1\n${DEPLOY}`);
    expect(placesOf(assess(govCic001, { manifests }))).toEqual([]);
  });

  test('a person is asked', () => {
    const answers = new Map([['GOV-CIC-001', { answer: 'no', by: 'jo', on: '2026-10-01' } as const]]);
    expect([stateOf(govCic001, {}), stateOf(govCic001, { settings: { answers } })]).toEqual(['MANUAL', 'FAIL']);
  });
});

test('the fix says what to do', () => {
  const context = contextOf({ manifests: workflow(DEPLOY) });
  const [place] = govCic001.assess(context).places;
  expect(govCic001.fix?.(context, place!)?.steps[0]).toContain('before the one that deploys');
});
