import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { ScanAnswer } from '#model/scan.ts';
import { hostile } from '#report/samples.test-support.ts';
import { textOf } from '#report/samples-all.test-support.ts';
import { SCAN, SCAN_CLEAN } from '#report/samples-scan.test-support.ts';

/**
 * What a scan writes for other tools, against the schemas that those publish. The schemas are data beside the repository;
 * without them this does not run.
 */
const SCHEMAS = fileURLToPath(new URL('../../../shared/schemas/', import.meta.url));
const present = existsSync(SCHEMAS);
const reason = present ? '' : ` (did not run: no schemas at ${SCHEMAS})`;

const ANSWERS: readonly (readonly [name: string, answer: ScanAnswer])[] = [
  ['with one of everything', SCAN],
  ['with nothing found', SCAN_CLEAN],
  ['with hostile names', hostile(SCAN)],
];

describe.skipIf(!present)(`reports of a scan are as their schemas say${reason}`, () => {
  test.each(ANSWERS)('sarif %s', async (_name, answer) => {
    for (const everything of [false, true]) {
      const faults = faultsOf('sarif-2.1.0.json', JSON.parse(await textOf(answer, 'sarif', { everything })));
      expect(faults).toEqual([]);
    }
  });

  test.each(ANSWERS)('policyreport %s', async (_name, answer) => {
    for (const report of reportsIn(await textOf(answer, 'policyreport'))) {
      const file = `openreports.io/${report.kind.toLowerCase()}_v1alpha1.json`;
      expect(faultsOf(file, report)).toEqual([]);
    }
  });

  test.each(ANSWERS)('wgpolicy %s', async (_name, answer) => {
    for (const report of reportsIn(await textOf(answer, 'wgpolicy'))) {
      const file = `wgpolicyk8s.io/${report.kind.toLowerCase()}_v1alpha2.json`;
      expect(faultsOf(file, report)).toEqual([]);
    }
  });

  test('a field that does not exist is seen', async () => {
    const [report] = reportsIn(await textOf(SCAN, 'policyreport'));
    const file = `openreports.io/${report!.kind.toLowerCase()}_v1alpha1.json`;
    expect(faultsOf(file, { ...report, more: true })).not.toEqual([]);
  });
});

interface ReportObject {
  readonly kind: string;
}

function reportsIn(text: string): readonly ReportObject[] {
  return loadAll(text) as ReportObject[];
}

function faultsOf(file: string, value: unknown): readonly string[] {
  const schema: unknown = JSON.parse(readFileSync(SCHEMAS + file, 'utf8'));
  const check = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(closed(schema) as object);
  check(value);
  return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** An API server drops fields that a schema does not name: here they are faults. What SARIF says in draft 4, 7 says too. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key, inner]) => !((key === '$schema' || key === 'id') && typeof inner === 'string'),
  );
  const own = Object.fromEntries(kept.map(([key, inner]) => [key, closed(inner)]));
  const isOpen = own['type'] === 'object' && 'properties' in own && !('additionalProperties' in own);
  return isOpen ? { ...own, additionalProperties: false } : own;
}
