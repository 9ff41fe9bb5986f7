import type { CiliumCidrGroup, CiliumEgressGateway, CiliumRedirect } from '#model/cilium.ts';
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
  return {
    ...meta,
    kind: 'CiliumLocalRedirectPolicy',
    ...(address !== undefined && { address }),
    ...(service !== undefined && {
      service: { namespace: service.text('namespace') || meta.namespace, name: service.requiredText('serviceName') },
    }),
    backends: readSelector(spec.childOrEmpty('redirectBackend').childOrEmpty('localEndpointSelector')),
  };
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
