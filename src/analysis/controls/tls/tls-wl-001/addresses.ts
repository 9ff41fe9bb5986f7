import type { ClusterObject, FieldPath } from '#model/object.ts';
import { entriesAt, listAt, type PlainValue, textAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import type { PodOwner } from '../../pod-owners.ts';

/** Something that a workload is told, and where. */
export interface Told {
  readonly name: string;
  readonly text: string;
  readonly object: ClusterObject;
  readonly path: FieldPath;
}

/** What stands in a workload's environment, in itself or in the ConfigMaps that it takes it from. */
export function toldTo(context: ControlContext, owner: PodOwner): Told[] {
  const { object, containers } = owner;
  return containers.flatMap(({ value, path }) => [
    ...listAt(value, 'env').flatMap((entry, index): Told[] => {
      const name = textAt(entry, 'name') ?? '';
      const text = textAt(entry, 'value');
      if (text !== undefined) return [{ name, text, object, path: [...path, 'env', index, 'value'] }];
      return fromMap(context, owner, entry).map((told) => ({ ...told, name }));
    }),
    ...listAt(value, 'envFrom').flatMap((entry) => {
      const map = mapNamed(context, owner, textAt(entry, 'configMapRef', 'name'));
      return map === undefined ? [] : entriesAt(map.value, 'data').flatMap(([key, text]) => toldIn(map, key, text));
    }),
  ]);
}

function fromMap(context: ControlContext, owner: PodOwner, entry: PlainValue): Told[] {
  const map = mapNamed(context, owner, textAt(entry, 'valueFrom', 'configMapKeyRef', 'name'));
  const key = textAt(entry, 'valueFrom', 'configMapKeyRef', 'key');
  return map === undefined || key === undefined ? [] : toldIn(map, key, textAt(map.value, 'data', key));
}

function mapNamed(
  { objects }: ControlContext,
  { object }: PodOwner,
  name: string | undefined,
): ClusterObject | undefined {
  return name === undefined
    ? undefined
    : objects.get({ group: '', kind: 'ConfigMap', namespace: object.namespace, name });
}

function toldIn(object: ClusterObject, key: string, text: PlainValue | undefined): Told[] {
  return typeof text === 'string' ? [{ name: key, text, object, path: ['data', key] }] : [];
}

// ---------------------------------------------------------------- what it says of TLS

/** `plain`: without TLS for certain; `chance`: TLS if the other end offers it; `http`: plain HTTP. */
export interface Spoken {
  readonly kind: 'plain' | 'chance' | 'http' | 'tls';
  /** `redis://cache:6379` without what stands before and behind the host. */
  readonly shown: string;
  readonly host?: string;
}

const URL =
  /\b(?<scheme>[a-z][a-z0-9+]{2,20}):\/\/(?:[^@\s"'/]*@)?(?<host>[A-Za-z0-9._-]+)(?<port>:\d+)?(?<rest>[^\s"']*)/g;
const PLAIN_SCHEMES: ReadonlySet<string> = new Set([
  'redis',
  'amqp',
  'mqtt',
  'ldap',
  'memcached',
  'stomp',
  'kafka+plaintext',
  'ftp',
]);
const TLS_SCHEMES: ReadonlySet<string> = new Set([
  'https',
  'rediss',
  'amqps',
  'mqtts',
  'ldaps',
  'mongodb+srv',
  'wss',
  'grpcs',
  'tls',
  'sftp',
]);
const SQL_SCHEMES = /^(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|mongodb|cockroachdb)(?:\+[a-z0-9]+)?$/;
const LOCAL = /^(?:localhost|127\.|0\.0\.0\.0|169\.254\.|host\.docker\.internal$)/;

/** Every address in a text, and what the text says without one (`PGSSLMODE=disable`, `Encrypt=False`). */
export function spokenIn({ name, text }: Pick<Told, 'name' | 'text'>): Spoken[] {
  const found: Spoken[] = [];
  // Marks of secrets have a space in them, which no address has.
  for (const match of text.replaceAll(/\[secret: [a-z-]+\]/g, 'secret').matchAll(URL)) {
    const { scheme = '', host = '', port = '', rest = '' } = match.groups ?? {};
    const kind = LOCAL.test(host) ? undefined : kindOf(scheme.toLowerCase(), rest);
    if (kind !== undefined) found.push({ kind, shown: `${scheme}://${host}${port}`, host });
  }
  if (/sslmode$/i.test(name) && /^(?:disable|allow|prefer)$/i.test(text.trim()))
    found.push({ kind: /^disable$/i.test(text.trim()) ? 'plain' : 'chance', shown: `${name}=${text.trim()}` });
  const setting = found.length === 0 ? SETTING.exec(text) : null;
  if (setting !== null) found.push({ kind: 'plain', shown: setting[0] });
  return found;
}

/** Of connection strings of .NET, of Redis clients and of Kafka. */
const SETTING =
  /\b(?:Encrypt\s*=\s*(?:False|Optional|No)|Ssl\s?Mode\s*=\s*(?:None|Disabled?)|ssl\s*=\s*False|sslmode\s*=\s*disable|security\.protocol\s*=\s*(?:PLAINTEXT|SASL_PLAINTEXT))\b/i;

function kindOf(scheme: string, rest: string): Spoken['kind'] | undefined {
  if (TLS_SCHEMES.has(scheme)) return 'tls';
  if (scheme === 'http' || scheme === 'ws') return 'http';
  if (PLAIN_SCHEMES.has(scheme)) return /[?&](?:ssl|tls)=true/i.test(rest) ? 'tls' : 'plain';
  if (!SQL_SCHEMES.test(scheme)) return undefined;
  if (
    /[?&](?:sslmode|ssl-mode)=(?:require|required|verify|verify[-_](?:ca|full|identity))\b|[?&](?:ssl|tls|useSSL|encrypt)=true/i.test(
      rest,
    )
  )
    return 'tls';
  if (/[?&](?:sslmode|ssl-mode)=disabled?\b|[?&](?:ssl|tls|useSSL|encrypt)=false/i.test(rest)) return 'plain';
  // Drivers of MongoDB use TLS only where they are told to; those of SQL databases try it.
  return scheme.startsWith('mongodb') ? 'plain' : 'chance';
}
