import { escapeControl } from '#base/escape.ts';
import type { FieldEdit, Fix, Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { listAt, textAt } from '#model/plain.ts';
import { resourceOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { hostsWithoutTls, REDIRECT_OFF } from './ingresses.ts';

export function tlsFix(context: ControlContext, judged: Judged): Fix | undefined {
  const { where, state, detail } = judged;
  if (state === 'PASS' || state === 'UNKNOWN') return undefined;
  const { kind, namespace, name } = where;
  if (kind === 'Service') return ofService(where);
  const groups = ['networking.k8s.io', 'networking.istio.io', 'gateway.networking.k8s.io', 'route.openshift.io'];
  const object = groups
    .flatMap((group) => context.objects.get({ group, kind, namespace, name }) ?? [])
    .find(({ group }) => where.id.startsWith(`${group}/`));
  if (object?.kind === 'Ingress') return ofIngress(context, object);
  if (object?.kind === 'Route') return ofRoute(object);
  if (object?.group === 'networking.istio.io') return ofServer(object, detail);
  if (object?.group === 'gateway.networking.k8s.io') return ofListener(object, detail);
  return /afdendpoints\/routes$/i.test(kind) ? ofDoor(context, judged) : undefined;
}

function ofService({ namespace, name }: Judged['where']): Fix {
  const service = `\`${escapeControl(namespace)}/${escapeControl(name)}\``;
  return {
    summary: `serve what is behind Service ${service} with TLS`,
    automatic: false,
    changes: [],
    steps: [
      `lead to Service ${service} by an Ingress or an HTTPRoute with a certificate, and make the Service one of type ClusterIP`,
      'or let its pods speak TLS themselves, and give the Service port 443 in place of 80',
    ],
  };
}

function ofIngress(context: ControlContext, object: ClusterObject): Fix | undefined {
  const { namespace, name } = object;
  const ingress = context.snapshot.ingresses.find((each) => each.namespace === namespace && each.name === name);
  if (ingress === undefined) return undefined;
  const bare = hostsWithoutTls(ingress);
  if (bare.length === 0) {
    const key = [...REDIRECT_OFF.keys()].find((each) => ingress.annotations.has(each));
    if (key === undefined) return undefined;
    return {
      summary: `redirect plain requests for Ingress \`${namespace}/${name}\``,
      automatic: true,
      changes: [{ kind: 'edit-object', object, edits: [{ op: 'remove', path: ['metadata', 'annotations', key] }] }],
      steps: [],
    };
  }
  const issuers = context.objects.of('cert-manager.io', 'ClusterIssuer');
  const hosts = bare.filter((host) => host !== '*');
  const issuer = issuers.length === 1 ? issuers[0]!.name : undefined;
  const entry = { ...(hosts.length > 0 && { hosts }), secretName: `${name}-tls` };
  const edits: FieldEdit[] = [
    { op: 'append', path: ['spec', 'tls'], value: entry },
    ...(issuer === undefined
      ? []
      : [{ op: 'set' as const, path: ['metadata', 'annotations', 'cert-manager.io/cluster-issuer'], value: issuer }]),
  ];
  return {
    summary: `serve Ingress \`${namespace}/${name}\` with TLS`,
    automatic: issuer !== undefined && hosts.length === bare.length,
    changes: [{ kind: 'edit-object', object, edits }],
    steps:
      issuer === undefined
        ? [
            `put a certificate for its hosts into Secret \`${namespace}/${name}-tls\`, with cert-manager or from Key Vault`,
          ]
        : [],
  };
}

function ofRoute(object: ClusterObject): Fix {
  const termination = textAt(object.value, 'spec', 'tls', 'termination') ?? 'edge';
  return {
    summary: `serve Route \`${object.namespace}/${object.name}\` with TLS and redirect plain requests`,
    automatic: true,
    changes: [
      {
        kind: 'edit-object',
        object,
        edits: [
          { op: 'set', path: ['spec', 'tls', 'termination'], value: termination },
          { op: 'set', path: ['spec', 'tls', 'insecureEdgeTerminationPolicy'], value: 'Redirect' },
        ],
      },
    ],
    steps: ['the certificate is that of the router unless the Route brings its own'],
  };
}

/** Where the same Gateway serves the hosts with TLS, plain requests have somewhere to go. */
function ofServer(object: ClusterObject, detail: string | undefined): Fix | undefined {
  const servers = listAt(object.value, 'spec', 'servers');
  const index = servers.findIndex((server) => detail === `port ${String(portOf(server))}`);
  if (index < 0) return undefined;
  const hasTls = servers.some((server) => /^https$/i.test(textAt(server, 'port', 'protocol') ?? ''));
  return {
    summary: `redirect plain requests of Gateway \`${object.namespace}/${object.name}\``,
    automatic: hasTls,
    changes: [
      {
        kind: 'edit-object',
        object,
        edits: [{ op: 'set', path: ['spec', 'servers', index, 'tls', 'httpsRedirect'], value: true }],
      },
    ],
    steps: hasTls ? [] : ['add a server of protocol HTTPS with a certificate for the hosts first'],
  };
}

function portOf(server: Parameters<typeof listAt>[0]) {
  const port = typeof server === 'object' && server !== null && 'port' in server ? server['port'] : undefined;
  return typeof port === 'object' && port !== null && 'number' in port ? port['number'] : undefined;
}

/** A route that redirects; those that serve have to name the listener with TLS. */
function ofListener(object: ClusterObject, detail: string | undefined): Fix {
  const { namespace, name } = object;
  const section = detail?.replace(/^listener /, '') ?? '';
  const redirect = { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } };
  return {
    summary: `redirect plain requests of Gateway \`${namespace}/${name}\``,
    automatic: false,
    changes: [
      {
        kind: 'new-object',
        object: {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'HTTPRoute',
          metadata: { name: `${name}-redirect`, namespace },
          spec: { parentRefs: [{ name, sectionName: section }], rules: [{ filters: [redirect] }] },
        },
      },
    ],
    steps: [
      'add a listener of protocol HTTPS with a certificate where there is none',
      `let the other routes name that listener in \`sectionName\` in place of \`${section}\``,
    ],
  };
}

function ofDoor(context: ControlContext, { where, state }: Judged): Fix | undefined {
  const resource = resourceOf(context, where.id);
  if (resource === undefined) return undefined;
  const field = state === 'FAIL' ? ['properties', 'httpsRedirect'] : ['properties', 'forwardingProtocol'];
  return {
    summary:
      state === 'FAIL'
        ? `redirect plain requests of route \`${where.name}\``
        : `let route \`${where.name}\` ask its origin with TLS`,
    automatic: state === 'FAIL',
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [{ op: 'set', path: field, value: state === 'FAIL' ? 'Enabled' : 'HttpsOnly' }],
      },
    ],
    steps: state === 'FAIL' ? [] : ['the origin needs a certificate for the host that Front Door asks for'],
  };
}
