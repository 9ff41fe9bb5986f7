import { describe, expect, test } from 'vitest';
import { assess, contextOf, stateOf } from '../../controls.test-support.ts';
import { BALANCER, DIGEST, web } from '../img.test-support.ts';
import { imgScan001 } from './control.ts';

const document = (value: object) => `${JSON.stringify(value)}\n---\n`;

interface Found {
  readonly severity?: string;
  readonly fixed?: string;
}

const trivy = (name: string, { severity = 'CRITICAL', fixed = '1.2.4' }: Found = {}, metadata: object = {}) =>
  document({
    SchemaVersion: 2,
    ArtifactName: name,
    ArtifactType: 'container_image',
    Metadata: metadata,
    Results: [
      {
        Target: name,
        Vulnerabilities: [
          {
            VulnerabilityID: 'CVE-2026-0001',
            PkgName: 'openssl',
            InstalledVersion: '1.2.3',
            FixedVersion: fixed,
            Severity: severity,
          },
        ],
      },
    ],
  });

const cyclone = (analysis: object = {}) =>
  document({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      component: {
        type: 'container',
        name: 'nginx:1.27',
        properties: [{ name: 'aquasecurity:trivy:RepoTag', value: 'nginx:1.27' }],
      },
    },
    vulnerabilities: [
      {
        id: 'CVE-2026-0001',
        ratings: [{ severity: 'critical' }],
        recommendation: 'Upgrade openssl to version 1.2.4',
        affects: [{ ref: 'pkg:deb/openssl' }],
        ...analysis,
      },
    ],
  });

const sarif = (score: string) =>
  document({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Trivy', rules: [{ id: 'CVE-2026-0001', properties: { 'security-severity': score } }] },
        },
        results: [
          {
            ruleId: 'CVE-2026-0001',
            message: { text: 'Package: openssl\nInstalled Version: 1.2.3\nFixed Version: 1.2.4' },
          },
        ],
        properties: { imageName: 'nginx:1.27' },
      },
    ],
  });

const report = document({
  apiVersion: 'aquasecurity.github.io/v1alpha1',
  kind: 'VulnerabilityReport',
  metadata: { name: 'web', namespace: 'shop' },
  report: {
    registry: { server: 'index.docker.io' },
    artifact: { repository: 'library/nginx', tag: '1.27' },
    vulnerabilities: [
      { vulnerabilityID: 'CVE-2026-0001', severity: 'CRITICAL', resource: 'openssl', fixedVersion: '1.2.4' },
    ],
  },
});

const NGINX = web(['nginx:1.27']);

describe('what was found, and who can reach it', () => {
  test.each([
    ['critical, open', trivy('nginx:1.27') + NGINX + BALANCER, 'FAIL', 'critical'],
    ['critical, shut', trivy('nginx:1.27') + NGINX, 'WARN', 'high'],
    ['critical, nothing mends it', trivy('nginx:1.27', { fixed: '' }) + NGINX + BALANCER, 'PASS', undefined],
    ['high, open', trivy('nginx:1.27', { severity: 'HIGH' }) + NGINX + BALANCER, 'WARN', 'high'],
    ['high, shut', trivy('nginx:1.27', { severity: 'HIGH' }) + NGINX, 'WARN', 'medium'],
    ['low', trivy('nginx:1.27', { severity: 'LOW' }) + NGINX + BALANCER, 'PASS', undefined],
    ['of another image, open', trivy('redis:8') + NGINX + BALANCER, 'FAIL', 'high'],
    ['of another image, shut', trivy('redis:8') + NGINX, 'WARN', 'medium'],
    ['CycloneDX', cyclone() + NGINX, 'WARN', 'high'],
    ['CycloneDX, not affected', cyclone({ analysis: { state: 'not_affected' } }) + NGINX, 'PASS', undefined],
    ['SARIF, critical', sarif('9.8') + NGINX, 'WARN', 'high'],
    ['SARIF, medium', sarif('5.0') + NGINX, 'PASS', undefined],
    ['a report of the operator', report + NGINX, 'WARN', 'high'],
  ])('%s', (_, manifests, state, severity) => {
    const { places } = assess(imgScan001, { manifests });
    expect([places[0]?.state, places[0]?.severity]).toEqual([state, severity]);
  });
});

describe('which image was scanned', () => {
  test.each([
    ['the same digest', web([`nginx@${DIGEST}`]), 'WARN', 'high'],
    ['another digest', web([`nginx:1.27@sha256:${'1b'.repeat(32)}`]), 'WARN', 'medium'],
    ['the digest behind another name', web([`mirror.example.com/nginx@${DIGEST}`]), 'WARN', 'high'],
  ])('%s', (_, manifests, state, severity) => {
    const scan = trivy('nginx:1.27', {}, { RepoDigests: [`nginx@${DIGEST}`] });
    const { places } = assess(imgScan001, { manifests: scan + manifests });
    expect([places[0]?.state, places[0]?.severity]).toEqual([state, severity]);
  });

  test('the digest that a pod runs', () => {
    const pod = document({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { containers: [{ name: 'a', image: 'nginx:latest' }] },
      status: { containerStatuses: [{ name: 'a', imageID: `docker.io/library/nginx@${DIGEST}` }] },
    });
    const scan = trivy('nginx:1.27', {}, { RepoDigests: [`nginx@${DIGEST}`] });
    expect(assess(imgScan001, { manifests: scan + pod }).places[0]?.severity).toBe('high');
  });
});

describe('without a scan', () => {
  const defender = [
    {
      id: '/subscriptions/s/providers/Microsoft.Security/pricings/Containers',
      type: 'Microsoft.Security/pricings',
      name: 'Containers',
      properties: { pricingTier: 'Standard' },
    },
  ];
  const answers = new Map([['IMG-SCAN-001', { answer: 'yes', by: 'a', on: '2026-11-01' } as const]]);
  test.each([
    ['a person is asked', { manifests: NGINX }, 'MANUAL'],
    ['and answered', { manifests: NGINX, settings: { answers } }, 'PASS'],
    ['Defender scans', { manifests: NGINX, azure: defender }, 'UNKNOWN'],
    ['nothing runs', {}, 'NA'],
  ] as const)('%s', (_, input, state) => {
    expect(stateOf(imgScan001, input)).toBe(state);
  });
});

test.each([
  [trivy('nginx:1.27') + NGINX, 'take newer images for `web`'],
  [trivy('redis:8') + NGINX, 'scan the images of `web`'],
])('fix', (manifests, summary) => {
  const context = contextOf({ manifests });
  expect(imgScan001.fix?.(context, imgScan001.assess(context).places[0]!)?.summary).toBe(summary);
});
