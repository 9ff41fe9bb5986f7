// The embedded database, in a thread of its own: a statement that takes long stops nobody but itself, and the thread can
// be ended from outside, which is the only way to end a statement of PGlite.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { Reply, Request, WorkerInput } from './pglite-messages.ts';
import { codeOf, messageOf } from './store-error.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a thread only');
const { folder }: WorkerInput = workerData;
const silent = (): boolean => true;
const database = await PGlite.create({ dataDir: folder, onStdout: silent, onStderr: silent });

port.on('message', async (request: Request) => {
  port.postMessage(await replyTo(request));
  if (request.sql === undefined) port.close();
});
port.postMessage({ id: 0, rows: [] } satisfies Reply);

async function replyTo({ id, sql, parameters }: Request): Promise<Reply> {
  try {
    if (sql === undefined) {
      await database.close();
      return { id, rows: [] };
    }
    const { rows, affectedRows } = await database.query<object>(sql, [...(parameters ?? [])]);
    return { id, rows, ...(affectedRows !== undefined && { affected: affectedRows }) };
  } catch (error) {
    const code = codeOf(error);
    return { id, error: { message: messageOf(error), ...(code !== undefined && { code }) } };
  }
}
