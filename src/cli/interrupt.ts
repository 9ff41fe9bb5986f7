import { rmSync } from 'node:fs';
import { EXIT } from './exit.ts';

/**
 * Runs what waits for files and tools, and makes Ctrl-C remove the temporary folders. While nothing is awaited there is
 * no handler: the system then ends the process at once, which a shell reports as 130 too.
 */
export async function interruptible<T>(work: (temporaryFolders: string[]) => Promise<T>): Promise<T> {
  const folders: string[] = [];
  const end = (): never => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    return await work(folders);
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}
