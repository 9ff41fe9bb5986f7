import type { Evidence, Place } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { entriesAt, isPlainList, listAt, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import type { Condition, FileTest } from '../../../../data/frameworks/cis-check.ts';
import type { ControlContext } from '../../context.ts';
import { pathText } from '../../evidence.ts';
import type { ComponentView, Found } from './component-view.ts';
import { namesByFile } from './file-names.ts';

/** What a node collector (aquasecurity/k8s-node-collector) wrote of one node. */
export interface NodeInfo {
  readonly where: Place;
  readonly role: 'control-plane' | 'node';
  /** The values of a key, without regard to its case; none where the collector found nothing, undefined without the key. */
  readonly valuesOf: (key: string) => readonly PlainValue[] | undefined;
  readonly evidenceOf: (key: string) => Evidence;
}

/** Both of its forms: lists, and mappings with `values`. */
export function nodeInfos({ objects }: Pick<ControlContext, 'objects'>): readonly NodeInfo[] {
  const found = ['NodeInfo', 'Nodeinfo'].flatMap((kind) => objects.of('', kind));
  return [...namesByFile(found)].map(([object, byFile]) =>
    infoOf(object, textAt(object.value, 'metadata', 'name') ?? byFile),
  );
}

function infoOf(object: ClusterObject, name: string): NodeInfo {
  const keys = new Map(entriesAt(object.value, 'info').map(([key]) => [key.toLowerCase(), key]));
  const pathOf = (key: string) => ['info', keys.get(key.toLowerCase()) ?? key];
  return {
    where: { kind: 'NodeInfo', namespace: '', name, id: `NodeInfo/${name}`, origin: object.origin },
    role: textAt(object.value, 'type') === 'master' ? 'control-plane' : 'node',
    valuesOf(key) {
      const value = plainAt(object.value, ...pathOf(key));
      if (value === undefined) return undefined;
      const list = isPlainList(value) ? value : listAt(value, 'values');
      return list.filter((item) => item !== '' && item !== null);
    },
    evidenceOf(key) {
      const path = pathOf(key);
      const value = plainAt(object.value, ...path);
      return {
        object: `NodeInfo ${name}`,
        field: pathText(path),
        ...(value === undefined ? { absent: true } : { value }),
        origin: object.originAt(path),
      };
    },
  };
}

/** Collectors name the modes of manifests `…Permission`, and all others `…Permissions`. */
export function keyOf({ key = '' }: FileTest, info: NodeInfo): string {
  return info.valuesOf(key) === undefined && info.valuesOf(key.replace(/s$/, '')) !== undefined
    ? key.replace(/s$/, '')
    : key;
}

/** The key of each flag of the kubelet. */
const KUBELET_KEYS: Readonly<Record<string, string>> = {
  'anonymous-auth': 'kubeletAnonymousAuthArgumentSet',
  'authorization-mode': 'kubeletAuthorizationModeArgumentSet',
  'client-ca-file': 'kubeletClientCaFileArgumentSet',
  'read-only-port': 'kubeletReadOnlyPortArgumentSet',
  'streaming-connection-idle-timeout': 'kubeletStreamingConnectionIdleTimeoutArgumentSet',
  'make-iptables-util-chains': 'kubeletMakeIptablesUtilChainsArgumentSet',
  'hostname-override': 'kubeletHostnameOverrideArgumentSet',
  'event-qps': 'kubeletEventQpsArgumentSet',
  'tls-cert-file': 'kubeletTlsCertFileTlsArgumentSet',
  'tls-private-key-file': 'kubeletTlsPrivateKeyFileArgumentSet',
  'rotate-certificates': 'kubeletRotateCertificatesArgumentSet',
  'tls-cipher-suites': 'kubeletOnlyUseStrongCryptographic',
};

/**
 * Kubelets of which a collector wrote the flags. On nodes of the control plane it takes flags of the API server for those of
 * the kubelet, so that only other nodes are taken at its word; and what it does not have may be in the kubelet's file.
 */
export function collectedKubelets(infos: readonly NodeInfo[]): readonly ComponentView[] {
  return infos
    .filter(({ role }) => role === 'node')
    .filter(({ valuesOf }) => Object.values(KUBELET_KEYS).some((key) => (valuesOf(key) ?? []).length > 0))
    .map(
      (info): ComponentView => ({
        component: 'kubelet',
        where: info.where,
        whole: false,
        elsewhere: 'the collector does not have it, and the file of the kubelet may',
        find: (condition) => foundIn(info, condition),
        absent: {
          object: `NodeInfo ${info.where.name}`,
          field: 'info',
          ...(info.where.origin && { origin: info.where.origin }),
        },
      }),
    );
}

function foundIn(info: NodeInfo, { flag }: Pick<Condition, 'flag'>): Found | undefined {
  const key = KUBELET_KEYS[flag];
  const values = key === undefined ? undefined : info.valuesOf(key);
  if (key === undefined || values === undefined || values.length === 0) return undefined;
  return { value: values.map(String).join(','), evidence: info.evidenceOf(key) };
}
