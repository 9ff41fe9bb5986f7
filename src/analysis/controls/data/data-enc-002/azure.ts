import type { AzureResource } from '#model/azure/resource.ts';
import type { ControlSeverity, Judged } from '#model/control.ts';
import {
  evidenceOf,
  placeOfResource,
  resourcesOfType,
  type Setting,
  settingAt,
  unknownOf,
  wordOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';

/** A setting of a service that lets data travel in plain text, or by a protocol that is broken. */
interface Weakness {
  readonly id: string;
  readonly type: string;
  readonly path: readonly string[];
  /** Whether the word (lower case, empty where absent) is a weakness. */
  readonly isWeak: (word: string) => boolean;
  /** What the setting has to be. */
  readonly mended: string | boolean;
  readonly message: string;
  readonly severity: ControlSeverity;
  /** The flag of `az`, and its command. */
  readonly command?: string;
}

const isOld = (word: string) => /^(?:tls_?v?)?1[._][01]$|^tls1_[01]$|^tlsenforcementdisabled$/.test(word);
const STORAGE = 'Microsoft.Storage/storageAccounts';
const OLD_TLS = 'it takes versions of TLS that are broken';

/** Absent settings are as Azure makes them now: secure transfer on, TLS 1.2. */
export const WEAKNESSES: readonly Weakness[] = [
  {
    id: 'secure transfer',
    type: STORAGE,
    path: ['properties', 'supportsHttpsTrafficOnly'],
    isWeak: (word) => word === 'false',
    mended: true,
    message: 'it takes requests that are not encrypted',
    severity: 'medium',
    command: 'storage account update --https-only true',
  },
  {
    id: 'TLS',
    type: STORAGE,
    path: ['properties', 'minimumTlsVersion'],
    isWeak: isOld,
    mended: 'TLS1_2',
    message: OLD_TLS,
    severity: 'medium',
    command: 'storage account update --min-tls-version TLS1_2',
  },
  {
    id: 'plain port',
    type: 'Microsoft.Cache/redis',
    path: ['properties', 'enableNonSslPort'],
    isWeak: (word) => word === 'true',
    mended: false,
    message: 'its port without TLS is open',
    severity: 'high',
    command: 'redis update --set enableNonSslPort=false',
  },
  {
    id: 'TLS',
    type: 'Microsoft.Cache/redis',
    path: ['properties', 'minimumTlsVersion'],
    isWeak: isOld,
    mended: '1.2',
    message: OLD_TLS,
    severity: 'medium',
    command: 'redis update --set minimumTlsVersion=1.2',
  },
  {
    id: 'TLS',
    type: 'Microsoft.Sql/servers',
    path: ['properties', 'minimalTlsVersion'],
    isWeak: (word) => isOld(word) || word === 'none',
    mended: '1.2',
    message: OLD_TLS,
    severity: 'medium',
    command: 'sql server update --minimal-tls-version 1.2',
  },
  ...['Microsoft.DBforPostgreSQL', 'Microsoft.DBforMySQL'].map(
    (provider): Weakness => ({
      id: 'TLS',
      type: `${provider}/flexibleServers/configurations`,
      path: ['properties', 'value'],
      isWeak: (word) => word === 'off',
      mended: 'ON',
      message: 'the server takes connections that are not encrypted',
      severity: 'high',
    }),
  ),
];

export function judgeServices(context: ControlContext): readonly Judged[] {
  return WEAKNESSES.flatMap((weakness) =>
    resourcesOfType(context, weakness.type)
      .filter((resource) => !weakness.type.endsWith('/configurations') || resource.name === 'require_secure_transport')
      .map((resource) => judgeService(resource, weakness)),
  );
}

function judgeService(resource: AzureResource, { id, path, isWeak, message, severity }: Weakness): Judged {
  const setting = settingAt(resource, ...path);
  if (setting.state === 'unsettled') return { ...unknownOf(resource, setting), detail: id };
  const evidence = [evidenceOf(resource, setting), ...closedBy(resource)];
  const where = placeOfResource(resource);
  if (!isWeak(wordOf(setting, '') ?? ''))
    return { where, state: 'PASS', message: 'what it takes is encrypted on its way', evidence, detail: id };
  // NFS of Azure Files needs the switch off; a closed network is then all that is between.
  const isNfs = id === 'secure transfer' && wordOf(settingAt(resource, 'kind'), '') === 'filestorage';
  if (isNfs && closedBy(resource).length > 0) {
    const told = 'it takes requests that are not encrypted, as NFS needs, and only from private networks';
    return { where, state: 'WARN', severity: 'low', message: told, evidence, detail: id };
  }
  return { where, state: 'FAIL', severity, message, evidence, detail: id };
}

/** What keeps the public out of an account. */
function closedBy(resource: AzureResource) {
  const access: Setting = settingAt(resource, 'properties', 'publicNetworkAccess');
  const rules: Setting = settingAt(resource, 'properties', 'networkAcls', 'defaultAction');
  return [
    ...(wordOf(access, '') === 'disabled' || wordOf(access, '') === 'securedbyperimeter'
      ? [evidenceOf(resource, access)]
      : []),
    ...(wordOf(rules, '') === 'deny' ? [evidenceOf(resource, rules)] : []),
  ];
}
