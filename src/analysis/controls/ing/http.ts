import type { Service, ServicePort } from '#model/exposure.ts';
import type { ClusterObject } from '#model/object.ts';
import { textAt } from '#model/plain.ts';
import type { ControlContext } from '../context.ts';
import { type Withheld, withheldMaps } from '../withheld.ts';

const HTTP_PORTS: ReadonlySet<number> = new Set([80, 443, 3000, 5000, 8000, 8080, 8081, 8443, 8888, 9443]);

/** Whether a port of a Service speaks HTTP, by what it says of itself, else by its number. */
export function isHttpPort({ protocol, name, appProtocol, port, targetPort }: ServicePort): boolean {
  if (protocol !== 'TCP') return false;
  const said = appProtocol ?? name ?? '';
  if (/^(?:https?|grpc|h2c|kubernetes\.io\/(?:h2c|wss?))/i.test(said)) return true;
  if (/^(?:tcp|tls|mysql|mongo|redis|postgres|amqp|mqtt|kafka|ssh|ldap|smtp)/i.test(said)) return false;
  return HTTP_PORTS.has(port) || (typeof targetPort === 'number' && HTTP_PORTS.has(targetPort));
}

export function speaksHttp({ ports }: Service): boolean {
  return ports.some(isHttpPort);
}

const SETTING = 'enable-modsecurity';
const MODSECURITY = `nginx.ingress.kubernetes.io/${SETTING}`;

/** Whether a firewall for requests in the cluster looks at what an Ingress takes. */
export function hasOwnFirewall({ objects }: ControlContext, object: ClusterObject | undefined): boolean {
  if (object?.kind !== 'Ingress') return false;
  const own = textAt(object.value, 'metadata', 'annotations', MODSECURITY);
  if (own !== undefined) return own === 'true';
  return objects.of('', 'ConfigMap').some(({ value }) => textAt(value, 'data', SETTING) === 'true');
}

/** Controllers that may have a firewall for requests: what they say of it was not kept. */
export function withheldFirewalls(context: ControlContext): readonly Withheld[] {
  return withheldMaps(context, SETTING);
}

/** Filters of Istio that hold a firewall for requests: whose requests they see is for them to say. */
export function firewallPlugin({ objects }: ControlContext): ClusterObject | undefined {
  return objects
    .of('extensions.istio.io', 'WasmPlugin')
    .find(({ value, name }) => /coraza|waf/i.test(`${name} ${textAt(value, 'spec', 'url') ?? ''}`));
}
