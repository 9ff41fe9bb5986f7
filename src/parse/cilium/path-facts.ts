import type { CiliumCidrGroup, CiliumEgressGateway, CiliumRedirect, CiliumRedirectPort } from '#model/cilium.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readNets } from '../nets.ts';
import { readSelector } from './selector.ts';

export function readCidrGroup(object: Reader, meta: Meta): CiliumCidrGroup {
  return { ...meta, kind: 'CiliumCIDRGroup', cidrs: readNets(object.childOrEmpty('spec'), 'externalCIDRs') };
}

export function readRedirect(object: Reader, meta: Meta): CiliumRedirect {
  const spec = object.childOrEmpty('spec');
  const frontend = spec.childOrEmpty('redirectFrontend');
  const address = frontend.childOrEmpty('addressMatcher').text('ip');
  const service = frontend.child('serviceMatcher');
  if ((address === undefined) === (service === undefined))
    frontend.refuse('RF2016', undefined, 'needs `addressMatcher` or `serviceMatcher`, and not both');
  if (service !== undefined && (service.text('namespace') || meta.namespace) !== meta.namespace)
    service.refuse('RF2016', 'namespace', 'must be the namespace of the policy');
  const backend = spec.childOrEmpty('redirectBackend');
  return {
    ...meta,
    kind: 'CiliumLocalRedirectPolicy',
    ...(address !== undefined && { address }),
    ...(service !== undefined && {
      service: { namespace: service.text('namespace') || meta.namespace, name: service.requiredText('serviceName') },
    }),
    ports: readRedirectPorts(service ?? frontend.childOrEmpty('addressMatcher')),
    backends: readSelector(backend.childOrEmpty('localEndpointSelector')),
    backendPorts: readRedirectPorts(backend),
    skipsBackends: spec.boolean('skipRedirectFromBackend') ?? false,
  };
}

function readRedirectPorts(reader: Reader): CiliumRedirectPort[] {
  return reader.children('toPorts').flatMap((entry) => {
    const text = entry.requiredText('port');
    const protocol = entry.choice('protocol', ['TCP', 'UDP']);
    const port = /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
    if (port === undefined || port > 65535) entry.refuse('RF2008', 'port', `is ${quote(text)}: ports are 1 to 65535`);
    return port === undefined || protocol === undefined ? [] : [{ port, protocol }];
  });
}

export function readEgressGateway(object: Reader, meta: Meta): CiliumEgressGateway {
  const spec = object.childOrEmpty('spec');
  const address = spec.childOrEmpty('egressGateway').text('egressIP');
  return {
    ...meta,
    kind: 'CiliumEgressGatewayPolicy',
    podSelectors: spec.children('selectors').map((each) => ({
      ...(each.has('podSelector') && { pods: readSelector(each.childOrEmpty('podSelector')) }),
      ...(each.has('namespaceSelector') && { namespaces: readSelector(each.childOrEmpty('namespaceSelector')) }),
    })),
    destinations: readNets(spec, 'destinationCIDRs'),
    excluded: readNets(spec, 'excludedCIDRs'),
    ...(address !== undefined && { egressIp: address }),
  };
}
