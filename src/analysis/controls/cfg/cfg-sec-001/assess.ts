import type { Assessment, ControlSeverity, ControlState, Judged } from '#model/control.ts';
import { type ClusterObject, DROPPED, type SecretKind } from '#model/object.ts';
import { entriesAt, plainAt, textAt } from '#model/plain.ts';
import { assessmentOf, placeOf, plain } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { type Marked, markedObjects } from './marked.ts';
import { isMachine, judgeStorage } from './storage.ts';
import { judgeVariables } from './variables.ts';

export function assessSecrets(context: ControlContext): Assessment {
  const places = [
    ...[...markedObjects(context).values()].map(({ object, marks }) => judgeMarked(context, object, marks)),
    ...writtenSecrets(context),
    ...judgeVariables(context),
    ...judgeStorage(context),
  ];
  return assessmentOf(
    places,
    plain('NA', 'no secret is in the input, and no workload of it takes one'),
    (count, state) => `${count} ${count === 1 ? 'place' : 'places'} ${SAID[state] ?? 'with secrets'}`,
  );
}

const SAID: Readonly<Partial<Record<ControlState, string>>> = {
  FAIL: 'with secrets in plain sight',
  PARTIAL: 'with secrets in plain sight',
  WARN: 'where secrets could be guarded better',
  PASS: 'where secrets are guarded',
  UNKNOWN: 'where the input does not show how secrets are kept',
};

const SHOWN = 10;

function judgeMarked(context: ControlContext, object: ClusterObject, marks: readonly Marked[]): Judged {
  const isSystem = isSystemNamespace(context, object.namespace);
  const kinds = [...new Set(marks.map(({ kind }) => kind))];
  const what = kinds.map((kind) => WORDS[kind]).join(' and ');
  const isGrave = kinds.some((kind) => GRAVE.has(kind));
  const severity: ControlSeverity | undefined = isSystem ? 'low' : isGrave ? 'high' : undefined;
  return {
    where: placeOf(object),
    state: isSystem ? 'WARN' : 'FAIL',
    message: `${what} stands in plain sight, for everybody who may read the object`,
    evidence: marks.slice(0, SHOWN).map(({ path }) => seenAt(object, path, 'the secret itself is not shown')),
    ...(severity !== undefined && { severity }),
  };
}

const WORDS: Readonly<Record<SecretKind, string>> = {
  'private-key': 'a private key',
  'cloud-access-key': 'an access key of a cloud',
  'storage-key': 'a key of a storage account',
  'connection-string': 'a connection string with its password',
  token: 'a token',
  jwt: 'a signed token',
  password: 'a password',
};

/** Those that open something by themselves. */
const GRAVE: ReadonlySet<SecretKind> = new Set(['private-key', 'cloud-access-key', 'storage-key', 'connection-string']);

/** Secrets whose values are in files of the input, where whoever reads the repository reads them. */
function writtenSecrets(context: ControlContext): readonly Judged[] {
  if (context.kind === 'live') return [];
  return context.objects.of('', 'Secret').flatMap((secret): Judged[] => {
    const keys = keysOf(secret);
    if (keys.length === 0 || isFromCluster(secret) || isMachine(textAt(secret.value, 'type'))) return [];
    if (isSystemNamespace(context, secret.namespace)) return [];
    return [
      {
        where: placeOf(secret),
        state: 'FAIL',
        message: 'its values are in the file, at most in base64: whoever reads the file has them',
        evidence: keys.slice(0, SHOWN).map((path) => seenAt(secret, path, 'the secret itself is not shown')),
      },
    ];
  });
}

function keysOf({ value }: ClusterObject): readonly (readonly string[])[] {
  // Values that SOPS encrypted stand in the file as such.
  if (plainAt(value, 'sops') !== undefined) return [];
  return ['data', 'stringData'].flatMap((field) =>
    entriesAt(value, field).flatMap(([key, text]) => (text === DROPPED ? [[field, key]] : [])),
  );
}

/** Written down from a cluster, where its encryption is what counts. */
function isFromCluster({ value }: ClusterObject): boolean {
  return textAt(value, 'metadata', 'uid') !== undefined;
}
