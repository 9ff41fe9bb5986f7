import type { ClusterObject } from '#model/object.ts';
import { entriesAt, listAt, textAt, textsAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import { reachedBy, waysThrough } from '../ways.ts';

/** A way in that says whom it is for. */
export interface NarrowEntry {
  readonly object: ClusterObject;
  /** By what it is known: `label audience=partner`, `host grafana.example.com`. */
  readonly by: string;
}

/** Ways in from outside for own people or partners, by what is written on them. */
export function narrowEntries(context: ControlContext): NarrowEntry[] {
  const { objects } = context;
  const all = [
    ...objects.of('', 'Service').filter(({ value }) => textAt(value, 'spec', 'type') === 'LoadBalancer'),
    ...objects.of('networking.k8s.io', 'Ingress'),
    ...objects.of('gateway.networking.k8s.io', 'HTTPRoute'),
    ...objects.of('route.openshift.io', 'Route'),
  ];
  return all.flatMap((object): NarrowEntry[] => {
    const by = audienceOf(object);
    return by === undefined || reachedBy(waysThrough(context, object)) === 'none' ? [] : [{ object, by }];
  });
}

const AUDIENCE_KEY = /(?:^|[./-])(?:audience|exposure|visibility|access)$/i;
const AUDIENCE = /^(?:internal|private|partners?|staff|employees|admins?|intranet|corp(?:orate)?)$/i;
/** Products that are made for the people who run a system, by the names that their charts give. */
const TOOLS =
  /^(?:grafana|prometheus|alertmanager|kibana|opensearch-dashboards|argocd(?:-server)?|argo-cd|jenkins|kiali|jaeger(?:-query)?|kubernetes-dashboard|phpmyadmin|pgadmin4?|adminer|rabbitmq-management|flower|airflow-webserver|vault|consul-ui|hubble-ui|longhorn-frontend|rancher|portainer|sonarqube|nexus|harbor-portal|minio-console)$/;

function audienceOf({ value, name }: ClusterObject): string | undefined {
  for (const field of ['labels', 'annotations']) {
    const found = entriesAt(value, 'metadata', field).find(
      ([key, text]) => AUDIENCE_KEY.test(key) && typeof text === 'string' && AUDIENCE.test(text),
    );
    if (found !== undefined) return `${field === 'labels' ? 'label' : 'annotation'} ${found[0]}=${String(found[1])}`;
  }
  const host = hostsOf(value).find((each) => each.split('.').some((part, index) => index < 2 && isNarrowWord(part)));
  if (host !== undefined) return `host ${host}`;
  return TOOLS.test(name) ? `name ${name}` : undefined;
}

function isNarrowWord(part: string): boolean {
  return /^(?:internal|intranet|admin|partners?|backoffice|corp)$/i.test(part) || TOOLS.test(part.toLowerCase());
}

function hostsOf(value: ClusterObject['value']): string[] {
  const rules = listAt(value, 'spec', 'rules').flatMap((rule) => textAt(rule, 'host') ?? []);
  return [
    ...rules,
    ...textsAt(value, 'spec', 'hostnames'),
    ...(textAt(value, 'spec', 'host') === undefined ? [] : [textAt(value, 'spec', 'host')!]),
  ];
}
