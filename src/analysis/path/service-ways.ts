import type { Engine } from '#engine/engine.ts';
import type { HopEntry } from '#model/answers.ts';
import type { Service } from '#model/exposure.ts';
import type { ReasonCode } from '#model/reason.ts';
import { isPortProtocol } from '#model/traffic.ts';
import type { Verdict } from '#model/verdict.ts';
import type { Backend } from '../services/backends.ts';
import { serviceBookOf } from '../services/service-book.ts';
import type { Way } from './branches.ts';
import type { End, NameProblem } from './names.ts';
import { type AskedTraffic, askedText } from './port.ts';

/** Where a connection to a Service may end, or why it ends at the Service. */
export type ServiceWays =
  | { readonly kind: 'ways'; readonly ways: readonly Way[]; readonly unseen: boolean }
  | { readonly kind: 'stopped'; readonly hop: HopEntry }
  | { readonly kind: 'domain'; readonly domain: string }
  | NameProblem;

/** Policy never sees the Service: its address and port become a pod's before any rule is asked. */
export function waysThrough(
  engine: Engine,
  froms: readonly End[],
  asked: { readonly service: Service; readonly traffic?: AskedTraffic },
): ServiceWays {
  const { service } = asked;
  const book = serviceBookOf(engine);
  const { kind, domain } = book.backendsOf(service);
  if (kind === 'domain') return { kind: 'domain', domain: domain ?? '' };
  if (kind === 'headless') return waysToPods(engine, froms, { service, traffic: asked.traffic });
  const traffic = asked.traffic ?? onlyPort(service);
  if (traffic === undefined)
    return {
      kind: 'problem',
      message: `Service \`${service.namespace}/${service.name}\` has several ports: say which`,
      near: portsOf(service),
    };
  if (traffic.port === undefined || !isPortProtocol(traffic.protocol))
    return stopped(service, 'denied', `a Service translates TCP, UDP and SCTP ports, not ${askedText(traffic)}`);
  const found = book.translate(service, traffic.port, traffic.protocol);
  switch (found.kind) {
    case 'no-port':
      return stopped(
        service,
        'denied',
        `the Service has no port ${askedText(traffic)}; it has ${portsOf(service).join(', ') || 'none'}`,
      );
    case 'latent':
      return stopped(service, 'denied', 'no ready backend stands behind the Service: connections are refused');
    case 'unknown':
      return notListed(service);
    case 'domain':
      return { kind: 'domain', domain: found.domain };
    case 'backends':
      return toBackends(engine, froms, { service, backends: found.backends, traffic });
  }
}

interface Translated {
  readonly service: Service;
  readonly backends: readonly Backend[];
  readonly traffic: AskedTraffic;
}

function toBackends(engine: Engine, froms: readonly End[], { service, backends, traffic }: Translated): ServiceWays {
  const ends = new Map<string, { readonly to: End; readonly port: number }>();
  for (const backend of backends) {
    const to = endOf(engine, backend);
    if (to === undefined || backend.port === undefined) continue;
    const key = `${to.id} ${backend.port}`;
    const points = new Set([...(ends.get(key)?.to.points ?? []), ...to.points]);
    ends.set(key, { to: { id: to.id, points: [...points] }, port: backend.port });
  }
  const ways = froms.flatMap((from) =>
    [...ends.values()].map(({ to, port }): Way => {
      const why = `${askedText(traffic)} of the Service is ${traffic.protocol} ${port} of ${to.id}`;
      return { from, to, asked: { protocol: traffic.protocol, port }, before: [hop(service, 'allowed', why)] };
    }),
  );
  const unseen = backends.some(({ kind }) => kind === 'unseen');
  return ends.size === 0 && unseen ? notSeen(service) : { kind: 'ways', ways, unseen };
}

function endOf({ world }: Engine, backend: Backend): End | undefined {
  switch (backend.kind) {
    case 'pod':
      return { id: world.owners[backend.owner]!.id, points: backend.points };
    case 'node':
      return { id: `node:${backend.nodeName ?? ''}`, points: backend.points };
    case 'outside':
      return { id: 'outside address', points: [backend.point] };
    case 'unseen':
      return undefined;
  }
}

/** A headless Service gives pod addresses; the client keeps the port that it chose. */
function waysToPods(
  engine: Engine,
  froms: readonly End[],
  { service, traffic }: { service: Service; traffic: AskedTraffic | undefined },
): ServiceWays {
  const { addresses, known } = serviceBookOf(engine).backendsOf(service);
  if (!known) return notListed(service);
  const before = [
    hop(service, 'allowed', 'headless: the name gives the addresses of its pods, and ports stay as asked'),
  ];
  const found = new Map<string, End>();
  for (const backend of addresses) {
    const to = endOf(engine, backend);
    if (to !== undefined)
      found.set(to.id, { id: to.id, points: [...new Set([...(found.get(to.id)?.points ?? []), ...to.points])] });
  }
  const unseen = addresses.some(({ kind }) => kind === 'unseen');
  if (found.size === 0)
    return unseen ? notSeen(service) : stopped(service, 'denied', 'no pod of the input stands behind the Service');
  const way = traffic === undefined ? { before } : { before, asked: traffic };
  const ways = froms.flatMap((from) => [...found.values()].map((to): Way => ({ from, to, ...way })));
  return { kind: 'ways', ways, unseen };
}

function notListed(service: Service): ServiceWays {
  return stopped(service, 'unknown', 'the Service has no selector, and no EndpointSlice of it is in the input');
}

function notSeen(service: Service): ServiceWays {
  return stopped(service, 'unknown', 'the pods that its EndpointSlices name are not in the input');
}

function onlyPort(service: Service): AskedTraffic | undefined {
  const [port, ...others] = service.ports;
  return port === undefined || others.length > 0 ? undefined : { protocol: port.protocol, port: port.port };
}

function portsOf(service: Service): string[] {
  return service.ports.map(({ port, protocol }) => `${port}/${protocol}`);
}

function stopped(service: Service, verdict: Verdict, why: string): ServiceWays {
  const reasons: readonly ReasonCode[] = verdict === 'unknown' ? ['backends-unknown'] : [];
  return { kind: 'stopped', hop: { ...hop(service, verdict, why), reasons } };
}

function hop({ namespace, name }: Service, verdict: Verdict, why: string): HopEntry {
  return { layer: 'service', at: `svc:${namespace}/${name}`, verdict, rules: [], why, reasons: [] };
}
