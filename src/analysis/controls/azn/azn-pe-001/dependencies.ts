import { serviceNamesOf } from '#engine/compile/azure/names.ts';
import type { AzureView } from '#engine/compile/azure/view.ts';
import { isKey } from '#engine/compile/azure/view.ts';
import type { PlatformService } from '#model/azure/services.ts';
import type { Evidence } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { entriesAt, isPlainObject, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';

/** A name of a service of Azure that manifests ask for, and where. */
export interface AskedName {
  readonly host: string;
  readonly evidence: Evidence;
}

/** Endings of services that have private endpoints (docs: private DNS zones). */
const HOST =
  /(?<![\w.-])([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)?\.(?:azurecr\.(?:io|us|cn)|vault\.azure\.(?:net|cn)|vault\.usgovcloudapi\.net|(?:blob|file|queue|table|dfs)\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)|database\.windows\.net|(?:postgres|mysql)\.database\.azure\.com|documents\.azure\.com|(?:mongo|cassandra)\.cosmos\.azure\.com|servicebus\.windows\.net|azconfig\.io|redis\.cache\.windows\.net|redisenterprise\.cache\.azure\.net))(?![\w-])/gi;

/** In images, environment variables, arguments and configuration, and vaults of SecretProviderClasses. */
export function askedNames({ objects, podOwners }: ControlContext): readonly AskedName[] {
  const found = new Map<string, Evidence>();
  const put = (host: string, evidence: Evidence): void => {
    const key = host.toLowerCase();
    if (!found.has(key)) found.set(key, evidence);
  };
  for (const { object, containers } of podOwners) {
    for (const { path } of containers) {
      for (const field of ['image', 'env', 'args', 'command'])
        for (const { host, at } of hostsIn(plainAt(object.value, ...path, field), [...path, field]))
          put(host, seenAt(object, at));
    }
  }
  for (const object of objects.of('', 'ConfigMap'))
    for (const { host, at } of hostsIn(plainAt(object.value, 'data'), ['data']))
      put(host, { ...seenAt(object, at), value: host });
  for (const object of objects.of('secrets-store.csi.x-k8s.io', 'SecretProviderClass')) {
    const path = ['spec', 'parameters', 'keyvaultName'];
    const vault = textAt(object.value, ...path);
    if (vault !== undefined && /^[a-z0-9-]+$/i.test(vault)) put(`${vault}.vault.azure.net`, seenAt(object, path));
  }
  return [...found].map(([host, evidence]) => ({ host, evidence }));
}

function hostsIn(value: PlainValue | undefined, at: FieldPath): { readonly host: string; readonly at: FieldPath }[] {
  if (typeof value === 'string')
    return [...value.matchAll(HOST)].flatMap(([, host]) => (host === undefined ? [] : [{ host, at }]));
  if (Array.isArray(value)) return value.flatMap((item, index) => hostsIn(item, [...at, index]));
  return isPlainObject(value) ? entriesAt(value).flatMap(([key, entry]) => hostsIn(entry, [...at, key])) : [];
}

/** A service of the input, and by what it is known that the cluster uses it. */
export interface Dependency {
  readonly service: PlatformService;
  readonly uses: readonly Evidence[];
}

/** Services of the input: those that manifests name, that the cluster's networks have private endpoints for, and the rest. */
export function dependenciesOf(view: AzureView, asked: readonly AskedName[]): readonly Dependency[] {
  const { estate, own, subnets } = view;
  const names = serviceNamesOf(estate);
  return estate.services.map((service): Dependency => {
    const hosts = new Set(names.filter((each) => each.service === service).map(({ domain }) => domain));
    const named = asked.filter(({ host }) => hosts.has(host)).map(({ evidence }) => evidence);
    const endpoints = estate.privateEndpoints.filter(
      ({ connections, subnet }) =>
        connections.some(({ target }) => target === service.key) &&
        isKey(subnet) &&
        own.has(subnets.get(subnet)?.network ?? subnet.split('/subnets/')[0]!),
    );
    const near = endpoints.map(({ id, origin }) => ({
      object: id,
      origin,
      why: 'a private endpoint in the network of the cluster',
    }));
    return { service, uses: [...named, ...near] };
  });
}
