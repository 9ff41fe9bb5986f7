import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import type { Evidence, Place } from '#model/control.ts';
import { entriesAt, textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import {
  evidenceOf,
  isOn,
  itemsAt,
  managedClustersOf,
  placeOfResource,
  resourcesOfType,
  settingAt,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';

/** Uses of HTTP application routing: the add-on, and Ingresses of its class. */
export function legacySigns(context: ControlContext): { readonly where: Place; readonly evidence: Evidence }[] {
  const addons = managedClustersOf(context).flatMap(({ resource }) => {
    const setting = settingAt(resource, 'properties', 'addonProfiles', 'httpApplicationRouting', 'enabled');
    return isOn(setting, false) === true
      ? [{ where: placeOfResource(resource), evidence: evidenceOf(resource, setting) }]
      : [];
  });
  const paths = [
    ['spec', 'ingressClassName'],
    ['metadata', 'annotations', 'kubernetes.io/ingress.class'],
  ];
  const ingresses = context.objects
    .of('networking.k8s.io', 'Ingress')
    .flatMap((object) =>
      paths
        .filter((path) => textAt(object.value, ...path) === 'addon-http-application-routing')
        .map((path) => ({ where: placeOf(object), evidence: seenAt(object, path) })),
    );
  return [...addons, ...ingresses];
}

/** What makes records: external-dns, application routing with zones. */
export function nameSigns(context: ControlContext): Evidence[] {
  const zones = managedClustersOf(context).flatMap(({ resource }) => {
    const items = itemsAt(resource, 'properties', 'ingressProfile', 'webAppRouting', 'dnsZoneResourceIds');
    const setting = settingAt(resource, 'properties', 'ingressProfile', 'webAppRouting', 'dnsZoneResourceIds');
    return Array.isArray(items) && items.length > 0 ? [evidenceOf(resource, setting)] : [];
  });
  return [
    ...zones,
    ...withImage(context, /(?:^|\/)external-dns(?:[:@/]|$)/),
    ...firstOf(context, 'externaldns.k8s.io', 'DNSEndpoint'),
  ];
}

/** What makes certificates: cert-manager, Key Vault by application routing or by its driver. */
export function certificateSigns(context: ControlContext): Evidence[] {
  const annotated = context.objects.all
    .filter(({ kind }) => kind === 'Ingress' || kind === 'Gateway')
    .flatMap((object) =>
      entriesAt(object.value, 'metadata', 'annotations')
        .filter(([key]) => MAKERS.test(key))
        .map(([key]) => seenAt(object, ['metadata', 'annotations', key])),
    );
  return [
    ...annotated.slice(0, 4),
    ...firstOf(context, 'cert-manager.io', 'Certificate'),
    ...firstOf(context, 'cert-manager.io', 'ClusterIssuer'),
    ...firstOf(context, 'networking.gke.io', 'ManagedCertificate'),
  ];
}

const MAKERS =
  /^(?:cert-manager\.io\/(?:cluster-)?issuer|kubernetes\.io\/tls-acme|kubernetes\.azure\.com\/tls-cert-keyvault-uri|appgw\.ingress\.kubernetes\.io\/appgw-ssl-certificate|alb\.ingress\.kubernetes\.io\/certificate-arn|networking\.gke\.io\/managed-certificates)$/;

function firstOf({ objects }: ControlContext, group: string, kind: string): Evidence[] {
  return objects
    .of(group, kind)
    .slice(0, 1)
    .map((object) => seenAt(object, []));
}

function withImage({ podOwners }: ControlContext, pattern: RegExp): Evidence[] {
  return podOwners.flatMap(({ object, containers }) =>
    containers
      .filter(({ value }) => pattern.test(textAt(value, 'image') ?? ''))
      .map(({ path }) => seenAt(object, [...path, 'image'])),
  );
}

export interface DanglingRecord {
  readonly where: Place;
  readonly resource: AzureResource;
  readonly target: string;
}

/** Alias records of public zones whose target is not there, where others of its type and group are: those were all read. */
export function danglingRecords(context: ControlContext): DanglingRecord[] {
  const { resources } = context.snapshot.azure;
  const groups = new Set([...resources.values()].map(({ id, type }) => `${groupOf(id)} ${type.toLowerCase()}`));
  return ['A', 'AAAA', 'CNAME'].flatMap((kind) =>
    resourcesOfType(context, `Microsoft.Network/dnszones/${kind}`).flatMap((resource): DanglingRecord[] => {
      const target = settingAt(resource, 'properties', 'targetResource', 'id');
      if (target.state !== 'value' || typeof target.value !== 'string') return [];
      const [, type = ''] = /\/providers\/([^/]+\/[^/]+)\//i.exec(target.value) ?? [];
      const isRead = groups.has(`${groupOf(target.value)} ${type.toLowerCase()}`);
      return resources.has(azureKey(target.value)) || !isRead
        ? []
        : [{ where: placeOfResource(resource), resource, target: target.value }];
    }),
  );
}

function groupOf(id: string): string {
  return /\/resourcegroups\/[^/]+/i.exec(id)?.[0].toLowerCase() ?? '';
}
