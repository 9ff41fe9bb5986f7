import type { OpenShiftRoute } from '#model/exposure.ts';
import type { Meta } from './meta.ts';
import type { Reader } from './reader.ts';
import { isPort } from './values.ts';

/** `route.openshift.io/v1` Route. */
export function readOpenShiftRoute(object: Reader, meta: Meta): OpenShiftRoute {
  const spec = object.requiredChild('spec');
  const tls = spec.childOrEmpty('tls');
  if (spec.has('tls') && !tls.has('termination')) tls.missing('termination');
  const termination = tls.choice('termination', ['edge', 'reencrypt', 'passthrough']);
  const insecure = tls.choice('insecureEdgeTerminationPolicy', ['None', 'Allow', 'Redirect', '']);
  if (termination === 'passthrough' && insecure === 'Allow') {
    tls.refuse(
      'RF2004',
      'insecureEdgeTerminationPolicy',
      'is `Allow`; with passthrough it must be `None` or `Redirect`',
    );
  }
  const host = spec.text('host');
  const path = spec.text('path');
  return {
    ...meta,
    kind: 'Route',
    ...(host ? { host } : {}),
    ...(path ? { path } : {}),
    backends: readBackends(spec),
    ...readTargetPort(spec),
    ...(termination && { termination }),
    insecurePolicy: insecure || (spec.has('tls') ? 'None' : 'Allow'),
    wildcard: spec.choice('wildcardPolicy', ['None', 'Subdomain', '']) === 'Subdomain',
    ...readAdmitted(object),
  };
}

function readBackends(spec: Reader): OpenShiftRoute['backends'] {
  spec.bounded('alternateBackends', 0, 3);
  return [spec.requiredChild('to'), ...spec.children('alternateBackends')].map((to) => {
    to.choice('kind', ['Service', '']);
    return {
      service: to.requiredText('name'),
      // The API's default weight is 100; 0 sends nothing.
      weight: to.integerWithin('weight', 0, 256) ?? 100,
      origin: to.origin,
    };
  });
}

/** The name of a port of the Service, or a number of the pods. */
function readTargetPort(spec: Reader): { targetPort?: number | string } {
  const port = spec.child('port');
  if (port === undefined) return {};
  if (!port.has('targetPort')) port.missing('targetPort');
  const targetPort = port.integerOrText('targetPort');
  if (targetPort === '' || (typeof targetPort === 'number' && !isPort(targetPort))) {
    port.refuse('RF2008', 'targetPort', 'must be a port name or a number from 1 to 65535');
  }
  return targetPort === undefined ? {} : { targetPort };
}

/** Admitted by at least one router; absent where no router has said anything. */
function readAdmitted(object: Reader): { admitted?: boolean } {
  const routers = object.childOrEmpty('status').children('ingress');
  const verdicts = routers.flatMap((router) =>
    router.children('conditions').filter((one) => one.text('type') === 'Admitted'),
  );
  if (verdicts.length === 0) return {};
  return { admitted: verdicts.some((one) => one.text('status') === 'True') };
}
