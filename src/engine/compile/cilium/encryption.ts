import type { Snapshot } from '#model/snapshot.ts';
import type { EncryptionSource } from '../../encryption.ts';
import type { Compiling } from '../context.ts';

export function ciliumEncryption(_compiling: Compiling, _snapshot: Snapshot): EncryptionSource {
  return { name: 'cilium', between: () => undefined };
}
