import { expect } from 'vitest';
import type { Snapshot } from '#model/snapshot.ts';
import { snapshotOf } from '../snapshot.ts';
import type { SnapshotOptions } from '../source-reader.ts';

/** Manifests written inline, as the snapshot they make. */
export function read(text: string, options?: SnapshotOptions): Snapshot {
  return snapshotOf([{ file: 'test.yaml', text }], options);
}

/** What is reported about manifests: code and message, without help and frame. */
export function problemsOf(text: string): string[] {
  return read(text).diagnostics.map((diagnostic) => `${diagnostic.code} ${diagnostic.message}`);
}

/** Holds one problem against what was expected of it: a code and a part of the message. */
export function expectProblem(text: string, expected: string): void {
  const code = expected.slice(0, expected.indexOf(' '));
  const part = expected.slice(code.length + 1);
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`${code} `);
  expect(problems[0]).toContain(part);
}
