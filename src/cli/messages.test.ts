import { describe, expect, test } from 'vitest';
import type { Surroundings } from './context.ts';
import { errorText, exitCodeOfError } from './messages.ts';
import { Output } from './output.ts';
import { Refusal } from './refusal.ts';

const HERE: Surroundings = {
  out: new Output(process.stdout),
  err: new Output(process.stderr),
  environment: { NO_COLOR: '1' },
  folder: '.',
  program: 'ringfence',
};

describe('what stopped a run', () => {
  test('a bug of ours is 70, calm, and says how to report it', () => {
    const error = new Error('boom \u001b[31m');
    expect(exitCodeOfError(error)).toBe(70);
    const text = errorText(HERE, error);
    expect(text).toMatch(/^error: this is a bug in ringfence \(RF9001\); your input is not at fault\n/);
    expect(text).toMatch(/boom[\s\S]*ringfence \d+\.\d+[\s\S]*\nhint: please report it/);
    expect(text).not.toContain('\u001b');
  });

  test.each([
    [new Refusal('no'), 2, 'error: no'],
    [new Refusal('no', 'so'), 2, 'error: no\nhint: so'],
    [new Refusal('no', undefined, 4), 4, 'error: no'],
  ])('a refusal (%#)', (refusal, code, text) => {
    expect(exitCodeOfError(refusal)).toBe(code);
    expect(errorText(HERE, refusal)).toBe(text);
  });

  test('what is thrown and is no error', () => {
    expect(errorText(HERE, 'oops')).toContain('oops');
  });
});
