import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './session.ts';

export type Written = 'written' | 'exists';

/**
 * Writes a file as a whole or not at all: into a temporary file beside it first. A file that is there is left alone
 * unless `force`. Throws what the file system says.
 */
export async function writeWhole(path: string, bytes: Uint8Array, force: boolean): Promise<Written> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  const file = await open(temporary, 'wx', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    if (force) {
      await rename(temporary, path);
      return 'written';
    }
    // A second name for the file fails where one is there already, with no moment in between.
    await link(temporary, path);
    return 'written';
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return 'exists';
    throw error;
  } finally {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
  }
}
