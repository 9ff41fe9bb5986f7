import { codeOf, messageOf, StoreError, type StoreProblem } from './store-error.ts';

/** What `work` gives; where the database or the system fails, why, as `StoreError`. Our own mistakes go through. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explanationOf(error);
  }
}

function explanationOf(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const problem = problemOf(codeOf(error) ?? '', messageOf(error));
  if (problem === undefined) return error;
  const { message, help } = TEXTS[problem];
  return new StoreError(problem, `${message}: ${reasonOf(error)}`, {
    ...(help !== undefined && { help }),
    cause: error,
  });
}

type Explained = Extract<StoreProblem, 'damaged' | 'too-slow' | 'full' | 'unreachable'>;

const TEXTS: Readonly<Record<Explained, { readonly message: string; readonly help?: string }>> = {
  damaged: { message: 'the store is damaged', help: 'nothing in it was deleted; put a copy back' },
  'too-slow': { message: 'the database took too long' },
  full: { message: 'there is no room for the store', help: 'free room on its disk, or keep fewer snapshots' },
  unreachable: {
    message: 'the database of the store cannot be used',
    help: 'check address, user, password and permissions, and that the server runs',
  },
};

/** By SQLSTATE (PostgreSQL, appendix A) or the code of a system error. */
function problemOf(code: string, message: string): Explained | undefined {
  if (/^XX00[12]$/.test(code)) return 'damaged';
  if (code === '57014' || code === '55P03' || message === 'Query read timeout') return 'too-slow';
  if (code === '53100' || code === 'ENOSPC' || code === 'EDQUOT') return 'full';
  // Classes 08 connection, 28 password, 3D no such database, 53 resources, 57P shutdown; 42501 permission; 25P03 idle.
  if (/^(08|28|3D|53|57P|42501|25P03|25P04)/.test(code) && /^[0-9A-Z]{5}$/.test(code)) return 'unreachable';
  if (
    /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|EPIPE|EACCES|EPERM|EROFS|ERR_TLS|SELF_SIGNED|DEPTH_ZERO|CERT_|UNABLE_)/.test(
      code,
    )
  ) {
    return 'unreachable';
  }
  // What pg says without a code.
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered|The server does not support SSL|SASL|Cannot use a pool)/.test(
    message,
  )
    ? 'unreachable'
    : undefined;
}

/** One that tried several addresses has its reasons inside. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return messageOf(error);
}
