import type { Exposure } from '#model/answers.ts';
import type { Ingress, IngressBackend } from '#model/exposure.ts';
import type { Origin } from '#model/origin.ts';
import { type ControllerFamily, familyOfClass, familyOfController } from './controller-families.ts';
import { type Controller, controllersOf, controllersPresent } from './controllers.ts';
import type { Exposing } from './exposing.ts';
import { scopeOfAddresses } from './load-balancer.ts';
import { portsOf, type RoutedBackend, routedExposures } from './routed.ts';
import type { Front } from './two-legs.ts';

/** What each path of each Ingress leads to. `ways` are the exposures of the controllers themselves. */
export function ingressExposures(exposing: Exposing, ways: readonly Exposure[]): Exposure[] {
  return exposing.engine.snapshot.ingresses.flatMap((ingress) => {
    const serving = servingOf(exposing, ingress);
    return pathsOf(ingress).flatMap((path) => {
      const secure = isSecure(ingress, path.host);
      return routedExposures(exposing, {
        through: `Ingress ${ingress.namespace}/${ingress.name}`,
        at: `${secure ? 'https' : 'http'}://${path.host ?? '*'}${path.path}`,
        front: { port: secure ? 443 : 80, protocol: 'TCP', ...scopeOf(ingress, serving) },
        controllers: serving.controllers,
        ways,
        backend: backendOf(exposing, ingress, path.backend),
        notes: [...tlsNotes(ingress, secure), ...sourceNotes(ingress)],
        origin: path.origin,
      });
    });
  });
}

interface Serving {
  readonly className: string | undefined;
  readonly family: ControllerFamily | undefined;
  readonly controllers: readonly Controller[];
}

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** The field, else the old annotation (controllers differ when both are set; the API prefers the field), else the default class. */
function servingOf(exposing: Exposing, ingress: Ingress): Serving {
  const { ingressClasses } = exposing.engine.snapshot;
  const defaults = ingressClasses.filter(({ isDefault }) => isDefault);
  const named = ingress.className ?? ingress.annotations.get(CLASS_ANNOTATION);
  const className = named ?? (defaults.length === 1 ? defaults[0]!.name : undefined);
  if (className === undefined)
    return { className, family: undefined, controllers: withoutClass(exposing, defaults.length) };
  const known = ingressClasses.find(({ name }) => name === className);
  const family = known === undefined ? familyOfClass(className) : familyOfController(known.controller);
  const how = named === undefined ? 'the default class' : 'class';
  const why =
    known === undefined
      ? `${how} ${className}, by its name`
      : `${how} ${className} with controller ${known.controller}`;
  return { className, family, controllers: controllersOf(exposing, family, why) };
}

function withoutClass(exposing: Exposing, defaults: number): Controller[] {
  if (defaults > 1) return [{ kind: 'unknown', evidence: 'no class is named and several classes are the default' }];
  const present = controllersPresent(exposing);
  return present.length > 0
    ? present
    : [
        {
          kind: 'unknown',
          evidence: 'no class is named, none is the default, and no known controller is in the input',
        },
      ];
}

interface Path {
  readonly host?: string;
  readonly path: string;
  readonly backend: IngressBackend;
  readonly origin: Origin;
}

function pathsOf({ rules, defaultBackend }: Ingress): Path[] {
  const out: Path[] = [];
  for (const { host, paths } of rules) {
    for (const { path, backend, origin } of paths)
      out.push({ ...(host !== undefined && { host }), path: path || '/', backend, origin });
  }
  if (defaultBackend !== undefined) out.push({ path: '/', backend: defaultBackend, origin: defaultBackend.origin });
  return out;
}

/** TLS is for the listed hosts; an entry without hosts is for all of them. */
function isSecure({ hasTls, tlsHosts }: Ingress, host: string | undefined): boolean {
  if (!hasTls) return false;
  return tlsHosts.length === 0 || tlsHosts.some((own) => own === host || (host !== undefined && coversHost(own, host)));
}

function coversHost(pattern: string, host: string): boolean {
  return (
    pattern.startsWith('*.') && host.endsWith(pattern.slice(1)) && !host.slice(0, -pattern.length + 1).includes('.')
  );
}

/** Backends of an Ingress are in its own namespace, always. */
function backendOf(
  { services }: Exposing,
  { namespace }: Ingress,
  { service: wanted, resource }: IngressBackend,
): RoutedBackend {
  if (wanted === undefined) return { ports: [], name: resource ?? 'nothing' };
  const service = services.serviceNamed(namespace, wanted.name);
  const name = `svc:${namespace}/${wanted.name}`;
  return service === undefined ? { ports: [], name } : { service, ports: portsOf(service, wanted.port), name };
}

/** Where no pod of the controller says how far it is reachable: its address, what its cloud is told, else the widest. */
function scopeOf(ingress: Ingress, { className, family }: Serving): Pick<Front, 'scope' | 'notes'> {
  const { annotations } = ingress;
  const got = scopeOfAddresses(ingress.addresses);
  if (got !== undefined) return { scope: got, notes: [`its address is ${got === 'internet' ? 'public' : 'private'}`] };
  if (annotations.get('appgw.ingress.kubernetes.io/use-private-ip') === 'true')
    return { scope: 'network', notes: ['internal, by annotation'] };
  if (className === 'gce-internal') return { scope: 'network', notes: ['internal, by its class'] };
  // The AWS controller makes internal load balancers unless told otherwise.
  const aws = family?.controllers.includes('ingress.k8s.aws/alb') === true;
  if (aws && annotations.get('alb.ingress.kubernetes.io/scheme') !== 'internet-facing')
    return { scope: 'network', notes: ['internal, as its cloud does by default'] };
  return {
    scope: 'internet',
    notes:
      family?.sends === 'pods' || family === undefined
        ? ['where the controller listens is not in the input: the widest is assumed']
        : [],
  };
}

function tlsNotes({ annotations }: Ingress, secure: boolean): string[] {
  if (annotations.get('nginx.ingress.kubernetes.io/ssl-passthrough') === 'true')
    return ['TLS goes through to the backend'];
  return secure ? ['TLS ends at the controller'] : [];
}

const SOURCE_ANNOTATIONS = [
  'nginx.ingress.kubernetes.io/whitelist-source-range',
  'nginx.ingress.kubernetes.io/allowlist-source-range',
  'nginx.ingress.kubernetes.io/denylist-source-range',
  'haproxy.org/allow-list',
  'haproxy.org/deny-list',
  'alb.ingress.kubernetes.io/inbound-cidrs',
];

function sourceNotes({ annotations }: Ingress): string[] {
  return SOURCE_ANNOTATIONS.filter((key) => annotations.has(key)).map(
    (key) => `the controller looks at client addresses by annotation ${key}: ${annotations.get(key)}`,
  );
}
