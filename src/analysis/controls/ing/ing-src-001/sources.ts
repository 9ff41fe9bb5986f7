import { escapeControl } from '#base/escape.ts';
import type { Evidence, Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { textAt, textsAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { controllerWorkloads } from '../controllers.ts';
import { writtenServices } from '../services.ts';
import { isLimitedToSources, reachedBy, waysThrough } from '../ways.ts';
import type { NarrowEntry } from './audience.ts';

export function judgedEntry(context: ControlContext, { object, by }: NarrowEntry): Judged {
  const where = placeOf(object);
  const known = `it is for known people (${escapeControl(by)})`;
  const ways = waysThrough(context, object);
  const reached = reachedBy(ways);
  if (reached === 'network' || ways.every(({ scope, verdict }) => scope !== 'internet' || verdict === 'denied'))
    return {
      where,
      state: 'PASS',
      message: `${known}, and the internet does not reach it`,
      evidence: [seenAt(object, [])],
    };
  const list = sourceList(object);
  if (list !== undefined) {
    const lost = object.kind === 'Service' ? undefined : clientLost(context, object);
    if (lost === undefined || object.kind === 'Service')
      return { where, state: 'PASS', message: `${known}, and a list of sources holds`, evidence: [list] };
    return {
      where,
      state: 'WARN',
      message: `${known}; its list of sources is looked at where the address of the client is lost already`,
      evidence: [list, lost],
    };
  }
  if (ways.filter(({ scope }) => scope === 'internet').every(isLimitedToSources))
    return {
      where,
      state: 'PASS',
      message: `${known}, and what stands before it admits some sources only`,
      evidence: [seenAt(object, [])],
    };
  const filter = mentionsSources(context);
  if (filter !== undefined)
    return {
      where,
      state: 'WARN',
      message: `${known}, and only an AuthorizationPolicy looks at sources`,
      evidence: [filter],
    };
  return reached === 'assumed'
    ? {
        where,
        state: 'WARN',
        message: `${known}, nothing lists its sources, and where it listens is not in the input`,
        evidence: [seenAt(object, [])],
      }
    : {
        where,
        state: 'FAIL',
        message: `${known}, and everybody on the internet reaches it`,
        evidence: [seenAt(object, [])],
      };
}

const LISTS = [
  'nginx.ingress.kubernetes.io/whitelist-source-range',
  'nginx.ingress.kubernetes.io/allowlist-source-range',
  'haproxy.org/allow-list',
  'alb.ingress.kubernetes.io/inbound-cidrs',
  'service.beta.kubernetes.io/azure-allowed-service-tags',
  'service.beta.kubernetes.io/azure-allowed-ip-ranges',
  'service.beta.kubernetes.io/load-balancer-source-ranges',
  'haproxy.router.openshift.io/ip_whitelist',
  'haproxy.router.openshift.io/ip_allowlist',
];

/** A list that holds everything is none. */
function sourceList(object: ClusterObject): Evidence | undefined {
  const ranges = textsAt(object.value, 'spec', 'loadBalancerSourceRanges');
  if (ranges.length > 0 && !ranges.some(isEverything)) return seenAt(object, ['spec', 'loadBalancerSourceRanges']);
  const key = LISTS.find((each) => {
    const text = textAt(object.value, 'metadata', 'annotations', each);
    return text !== undefined && !text.split(/[\s,]+/).some(isEverything);
  });
  return key === undefined ? undefined : seenAt(object, ['metadata', 'annotations', key]);
}

function isEverything(range: string): boolean {
  return range === '0.0.0.0/0' || range === '::/0' || range === 'Internet';
}

/** The controller's own Service, where it hides who comes. */
function clientLost(context: ControlContext, object: ClusterObject): Evidence | undefined {
  const controllers = controllerWorkloads(context);
  if (!waysThrough(context, object).some(({ notes }) => notes.some((note) => note.includes('found as'))))
    return undefined;
  const own = writtenServices(context).find(
    ({ service, object: each }) =>
      service.type === 'LoadBalancer' &&
      service.externalTrafficPolicy === 'Cluster' &&
      waysThrough(context, each).some(({ to }) => controllers.has(to)),
  );
  return own === undefined
    ? undefined
    : seenAt(
        own.object,
        ['spec', 'externalTrafficPolicy'],
        'not set to Local: nodes put their own address in place of the client',
      );
}

/** A policy of a gateway that looks at the addresses of clients. */
function mentionsSources({ snapshot, objects }: ControlContext): Evidence | undefined {
  const found = snapshot.istioAuthorizations.find(({ rules }) =>
    rules.some(({ sources }) => sources.some(({ fields }) => fields.has('remoteIpBlocks'))),
  );
  if (found === undefined) return undefined;
  const { namespace, name } = found;
  const object = objects.get({ group: 'security.istio.io', kind: 'AuthorizationPolicy', namespace, name });
  return object === undefined ? undefined : seenAt(object, ['spec']);
}
