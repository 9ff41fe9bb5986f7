import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { escapeControl } from '#base/escape.ts';
import type { ScanAnswer } from '#model/scan.ts';
import { errorCode } from '#source/session.ts';
import { writeWhole } from '#source/write-file.ts';
import type { CliContext } from './context.ts';
import { Refusal } from './refusal.ts';

/** `{"schema": "ringfence.dev/baseline/v1", "findings": [{"fingerprint": …}]}`; a scan as JSON reads the same. */
export async function baselineAt({ surroundings }: CliContext, file: string): Promise<ReadonlySet<string>> {
  const shown = escapeControl(file);
  const fingerprints = fingerprintsIn(await textAt(resolve(surroundings.folder, file), shown));
  if (fingerprints !== undefined) return new Set(fingerprints);
  throw new Refusal(
    `\`${shown}\` is neither a baseline nor a scan`,
    'make one with --write-baseline FILE, or with `scan -o json`',
  );
}

async function textAt(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Refusal(`\`${shown}\` cannot be read: ${errorCode(error)}`);
  }
}

function fingerprintsIn(text: string): readonly string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('findings' in value)) return undefined;
  const { findings } = value;
  if (!Array.isArray(findings)) return undefined;
  const found = findings.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'fingerprint' in each ? each.fingerprint : undefined,
  );
  return found.every((each) => typeof each === 'string') ? found : undefined;
}

export async function writeBaseline({ surroundings }: CliContext, file: string, answer: ScanAnswer): Promise<void> {
  const findings = answer.findings.map(({ fingerprint }) => ({ fingerprint })).sort(byFingerprint);
  const text = `${JSON.stringify({ schema: 'ringfence.dev/baseline/v1', findings }, null, 1)}\n`;
  await writeWhole(resolve(surroundings.folder, file), new TextEncoder().encode(text), true);
}

function byFingerprint(a: { readonly fingerprint: string }, b: { readonly fingerprint: string }): number {
  return a.fingerprint < b.fingerprint ? -1 : 1;
}
