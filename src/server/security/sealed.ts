import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Gives a text away, and knows it again when it comes back unchanged and in time. */
export interface Seal {
  readonly close: (text: string, until: number) => string;
  /** Undefined: not ours, changed, or too late. */
  readonly open: (sealed: string) => string | undefined;
}

const VECTOR = 12;
const TAG = 16;

/** AES-256-GCM under a key that ends with the process: nothing is kept, however many are given away. */
export function newSeal(now: () => number): Seal {
  const key = randomBytes(32);
  return {
    close: (text, until) => {
      const vector = randomBytes(VECTOR);
      const cipher = createCipheriv('aes-256-gcm', key, vector);
      const body = Buffer.concat([cipher.update(`${until} ${text}`, 'utf8'), cipher.final()]);
      return Buffer.concat([vector, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed) => {
      const text = opened(key, Buffer.from(sealed, 'base64url'));
      const space = text?.indexOf(' ') ?? -1;
      return text !== undefined && Number(text.slice(0, space)) > now() ? text.slice(space + 1) : undefined;
    },
  };
}

function opened(key: Buffer, bytes: Buffer): string | undefined {
  if (bytes.length < VECTOR + TAG) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, VECTOR), { authTagLength: TAG });
  decipher.setAuthTag(bytes.subarray(VECTOR, VECTOR + TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(VECTOR + TAG)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
