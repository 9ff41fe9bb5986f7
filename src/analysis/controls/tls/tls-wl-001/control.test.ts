import { describe, expect, test } from 'vitest';
import { assess, stateOf } from '../../controls.test-support.ts';
import { injected, outside, peers, workload } from '../../mesh/mesh.test-support.ts';
import { spokenIn } from './addresses.ts';
import { tlsWl001 } from './control.ts';

function told(value: string, name = 'URL'): string {
  return workload('shop/web').replace(
    'ports: [{ containerPort: 8080 }]',
    `ports: [{ containerPort: 8080 }], env: [{ name: ${name}, value: "${value}" }]`,
  );
}

const OUTSIDE = outside('shop') + workload('shop/cache');

describe('TLS-WL-001', () => {
  test.each([
    ['redis', told('redis://cache:6379'), 'FAIL'],
    ['TLS switched off', told('postgres://u:p@db.example.com/shop?sslmode=disable'), 'FAIL'],
    ['TLS left to chance', told('postgres://db.example.com/shop'), 'WARN'],
    ['HTTP within the cluster', told('http://cache:8080/x'), 'WARN'],
    ['HTTP of a name outside', told('http://www.w3.org/2001/XMLSchema'), 'MANUAL'],
    ['TLS', told('https://api.example.com'), 'MANUAL'],
    ['nothing', workload('shop/web'), 'MANUAL'],
  ])('%s', (_, manifests, state) => {
    expect(stateOf(tlsWl001, { manifests: OUTSIDE + manifests })).toBe(state);
  });

  test('no workloads', () => {
    expect(stateOf(tlsWl001, { manifests: '' })).toBe('NA');
  });

  test('the mesh encrypts it', () => {
    const manifests =
      injected('shop') + workload('shop/cache') + told('redis://cache:80') + peers('istio-system', 'STRICT');
    expect(stateOf(tlsWl001, { manifests })).toBe('PASS');
  });

  test('from a ConfigMap, without its password', () => {
    const map =
      '---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: shop }\ndata: { AMQP: "amqp://user:hunter2@queue:5672/x" }\n';
    const manifests =
      OUTSIDE +
      map +
      workload('shop/web').replace(
        'containers: [{ name: app,',
        'containers: [{ name: app, envFrom: [{ configMapRef: { name: c } }],',
      );
    const [place] = assess(tlsWl001, { manifests }).places;
    expect(place).toMatchObject({ state: 'FAIL', message: 'it is told to speak without TLS to `amqp://queue:5672`' });
    expect(JSON.stringify(place)).not.toContain('hunter2');
  });

  test.each([
    ['PGSSLMODE', 'disable', 'plain'],
    ['DB', 'Server=tcp:db;Encrypt=False;', 'plain'],
    ['DB', 'Server=tcp:db;Encrypt=True;', undefined],
    ['DB', 'mongodb://db/shop', 'plain'],
    ['DB', 'mongodb+srv://db.example.com/shop', 'tls'],
    ['DB', 'mysql://db.example.com/shop?ssl-mode=REQUIRED', 'tls'],
    ['X', 'redis://localhost:6379', undefined],
  ])('%s=%s', (name, text, kind) => {
    expect(spokenIn({ name, text })[0]?.kind).toBe(kind);
  });
});
