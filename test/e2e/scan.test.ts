import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatsOf } from '#report/formats.ts';
import { folderWith, removeFolders, runCli } from './run-cli.ts';

afterAll(removeFolders);

/** Secrets in every place next to what fails, so that frames and evidence come near them. */
const SECRETS = [
  'hunter2-plain',
  'correct-horse-battery',
  'c3RhcGxlLWJhdHRlcnk=',
  'MIIEpAIBAAKCAQEAsecretkey',
  's3cr3t-in-args',
];
const MANIFESTS = `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {namespace: shop, name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      # the password is hunter2-plain
      hostNetwork: true
      containers:
        - name: web
          args: ["--db-password", "s3cr3t-in-args"]
          image: registry.example.com/web:1
          env:
            - {name: DB_PASSWORD, value: hunter2-plain}
            - name: KEY
              value: |
                -----BEGIN RSA PRIVATE KEY-----
                MIIEpAIBAAKCAQEAsecretkey
                -----END RSA PRIVATE KEY-----
          securityContext: {privileged: true}
          ports: [{containerPort: 80, hostPort: 80}]
---
apiVersion: v1
kind: Secret
metadata: {namespace: shop, name: db}
stringData: {any: correct-horse-battery}
data: {other: c3RhcGxlLWJhdHRlcnk=}
---
apiVersion: v1
kind: Service
metadata: {namespace: shop, name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
`;

describe('scan', () => {
  let cwd = '';
  beforeAll(() => {
    cwd = folderWith({ 'shop.yaml': MANIFESTS });
  });

  test.each(formatsOf('ringfence.dev/scan/v1'))('no secret is in %s', async (format) => {
    const { out, err, code } = await runCli(['scan', '-v', '-o', format], { cwd });
    expect(code).toBe(1);
    expect(out).toContain('POD-CTX-001');
    for (const secret of SECRETS) expect(out + err).not.toContain(secret);
  });

  test('lines that decided are shown', async () => {
    const { out } = await runCli(['scan', '--control', 'POD-CTX-001'], { cwd });
    expect(out).toMatch(/> +\d+ \| /);
  });

  test('--fail-on says which findings count', async () => {
    expect((await runCli(['scan', '--fail-on', 'never'], { cwd })).code).toBe(0);
    expect((await runCli(['scan', '--fail-on', 'never', '--strict'], { cwd })).code).toBe(3);
  });

  test('what a baseline knows does not count', async () => {
    await runCli(['scan', '--write-baseline', 'baseline.json'], { cwd });
    const { out, code } = await runCli(['scan', '--baseline', 'baseline.json', '-o', 'json'], { cwd });
    expect(code).toBe(0);
    const { findings }: { findings: { isNew: boolean }[] } = JSON.parse(out);
    expect(findings.every(({ isNew }) => !isNew)).toBe(true);
  });
});

describe('cloud documents among the manifests', () => {
  const TEMPLATE = JSON.stringify({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [
      {
        type: 'Microsoft.ContainerService/managedClusters',
        apiVersion: '2025-05-01',
        name: 'aks-shop',
        location: 'westeurope',
        properties: { networkProfile: { networkPlugin: 'azure', networkPolicy: 'calico' } },
      },
    ],
  });

  test('count without being named, when there is a cluster in them', async () => {
    const cwd = folderWith({ 'shop.yaml': MANIFESTS, 'infra/main.json': TEMPLATE });
    const { out } = await runCli(['scan', '-o', 'json'], { cwd });
    expect(JSON.parse(out).engine.profile).toBe('calico');
  });

  test('do not count without a cluster, and are no error', async () => {
    const cwd = folderWith({
      'shop.yaml': MANIFESTS,
      'infra/main.json': TEMPLATE.replace('ContainerService/managedClusters', 'Storage/storageAccounts'),
    });
    const { out } = await runCli(['scan', '-o', 'json'], { cwd });
    const { engine, diagnostics } = JSON.parse(out);
    expect(engine.profile).toBe('upstream');
    expect(diagnostics.filter(({ severity }: { severity: string }) => severity === 'error')).toEqual([]);
  });
});
