import { describe, expect, test } from 'vitest';
import { NO_CONFIGURATION, readConfiguration } from './configuration.ts';

const read = (text: string) => readConfiguration({ file: 'ringfence.yaml', text });

describe('settings', () => {
  test.each([
    ['', {}],
    ['# nothing', {}],
    ['engine: azure-npm-linux', { engine: 'azure-npm-linux' }],
    ['apiVersion: ringfence.dev/v1\nkind: Configuration', {}],
    ['podCidrs: [10.0.0.0/8, "fd00::/8"]', { podCidrs: ['10.0.0.0/8', 'fd00::/8'] }],
    ['invariants: invariants.yaml', { invariants: ['invariants.yaml'] }],
    ['exclude: ["**/test/", charts]', { exclude: ['**/test/', 'charts'] }],
    ['kustomize: never', { kustomize: 'never' }],
    ['maxFileSize: 10MiB', { maxFileSize: '10MiB' }],
    ['maxFileSize: 1000', { maxFileSize: '1000' }],
    ['allowUnknown: true', { allowUnknown: true }],
  ])('%j', (text, settings) => {
    expect(read(text)).toEqual({ configuration: { ...NO_CONFIGURATION, ...settings }, diagnostics: [] });
  });
});

describe('refused, with the place', () => {
  test.each([
    ['engine: flannel', 9, /`engine` must be `upstream`/],
    ['engine: none\nengin: none', 1, /`engin` is not a setting; did you mean `engine`\?/],
    ['zzz: 1', 1, /`zzz` is not a setting$/],
    ['podCidrs: [10.0.0]', 11, /a list of CIDRs/],
    ['exclude: {a: b}', 10, /a list of patterns/],
    ['allowUnknown: maybe', 15, /`true` or `false`/],
    ['maxFileSize: huge', 14, /a size/],
    ['kind: ConfigMap', 7, /`Configuration`/],
    ['[]', 1, /a mapping of settings/],
    ['engine: none\n---\nengine: none', 1, /one document/],
    ['"\\u001b": 1', 1, /`\\u\{1b\}` is not a setting/],
  ])('%j', (text, column, message) => {
    const { diagnostics } = read(text);
    expect(diagnostics).toMatchObject([
      { code: 'RF4005', severity: 'error', origin: { file: 'ringfence.yaml', column } },
    ]);
    expect(diagnostics[0]!.message).toMatch(message);
  });
});
