import { parseAddress } from '#base/address.ts';
import type { Ingress, IngressBackend, IngressClass, IngressPath } from '#model/exposure.ts';
import { quote } from './draft.ts';
import { exactlyOne } from './exactly-one.ts';
import type { Meta } from './meta.ts';
import { wrongHost, wrongPortName } from './names.ts';
import type { Reader } from './reader.ts';
import { readLoadBalancer } from './service.ts';
import { readPort, readPortOrName } from './values.ts';

/** `networking.k8s.io/v1` Ingress. */
export function readIngress(object: Reader, meta: Meta): Ingress {
  return readIngressOf(object, meta, V1);
}

/** `networking.k8s.io/v1beta1` and `extensions/v1beta1`: backends are flat and a path type is not needed. */
export function readOldIngress(object: Reader, meta: Meta): Ingress {
  return readIngressOf(object, meta, BETA);
}

export function readIngressClass(object: Reader, meta: Meta): IngressClass {
  return {
    ...meta,
    kind: 'IngressClass',
    controller: object.childOrEmpty('spec').text('controller') ?? '',
    isDefault: meta.annotations.get('ingressclass.kubernetes.io/is-default-class') === 'true',
  };
}

interface Version {
  readonly defaultBackend: string;
  readonly pathTypeRequired: boolean;
  readonly readBackend: (backend: Reader) => IngressBackend;
}

const V1: Version = { defaultBackend: 'defaultBackend', pathTypeRequired: true, readBackend };
const BETA: Version = { defaultBackend: 'backend', pathTypeRequired: false, readBackend: readOldBackend };

function readIngressOf(object: Reader, meta: Meta, version: Version): Ingress {
  const spec = object.childOrEmpty('spec');
  const className = spec.text('ingressClassName');
  const fallback = spec.child(version.defaultBackend);
  if (spec.length('rules') === 0 && fallback === undefined) {
    spec.refuse('RF2003', undefined, `has neither \`rules\` nor ${quote(version.defaultBackend)}`);
  }
  return {
    ...meta,
    kind: 'Ingress',
    ...(className !== undefined && className !== '' && { className }),
    rules: spec.children('rules').map((rule) => readRule(rule, version)),
    ...(fallback && { defaultBackend: version.readBackend(fallback) }),
    tlsHosts: spec.children('tls').flatMap((tls) => tls.texts('hosts').map((placed) => placed.text)),
    hasTls: spec.length('tls') > 0,
    addresses: readLoadBalancer(object),
  };
}

function readRule(rule: Reader, version: Version): Ingress['rules'][number] {
  const host = rule.text('host');
  if (host !== undefined && host !== '') checkHost(rule, host);
  const paths = rule.childOrEmpty('http').children('paths');
  return {
    ...(host !== undefined && host !== '' && { host }),
    paths: paths.map((path) => readPath(path, version)),
    origin: rule.origin,
  };
}

function checkHost(rule: Reader, host: string): void {
  if (parseAddress(host) !== undefined)
    rule.refuse('RF2004', 'host', `is ${quote(host)}; must be a DNS name, not an address`);
  const wrong = wrongHost(host);
  if (wrong !== undefined) rule.refuse('RF2004', 'host', `is ${quote(host)}: a host ${wrong}`);
}

const PATH_TYPES = ['Exact', 'Prefix', 'ImplementationSpecific'] as const;

function readPath(reader: Reader, version: Version): IngressPath {
  if (version.pathTypeRequired && !reader.has('pathType')) reader.missing('pathType');
  const pathType = reader.choice('pathType', PATH_TYPES) ?? 'ImplementationSpecific';
  const path = reader.text('path') ?? '';
  const mustBeAbsolute = pathType !== 'ImplementationSpecific' || path !== '';
  if (mustBeAbsolute && !path.startsWith('/'))
    reader.refuse('RF2004', 'path', `is ${quote(path)}; must begin with \`/\``);
  return { path, pathType, backend: version.readBackend(reader.requiredChild('backend')), origin: reader.origin };
}

function readBackend(backend: Reader): IngressBackend {
  const field = exactlyOne(backend, ['service', 'resource']);
  if (field !== 'service') return readResourceBackend(backend);
  const service = backend.childOrEmpty('service');
  const port = service.requiredChild('port');
  const by = service.has('port') ? exactlyOne(port, ['number', 'name']) : undefined;
  const number = by === 'number' ? (readPort(port, by) ?? 0) : readBackendPortName(port);
  return { service: { name: service.requiredText('name'), port: number }, origin: backend.origin };
}

function readBackendPortName(port: Reader): string {
  const name = port.text('name') ?? '';
  const wrong = name === '' ? undefined : wrongPortName(name);
  if (wrong !== undefined) port.refuse('RF2008', 'name', `is ${quote(name)}: a port name ${wrong}`);
  return name;
}

function readResourceBackend(backend: Reader): IngressBackend {
  const resource = backend.child('resource');
  if (resource === undefined) return { origin: backend.origin };
  const parts = [resource.text('apiGroup') ?? '', resource.requiredText('kind'), resource.requiredText('name')];
  return { resource: parts.join('/'), origin: backend.origin };
}

function readOldBackend(backend: Reader): IngressBackend {
  if (backend.has('resource')) return readResourceBackend(backend);
  const name = backend.requiredText('serviceName');
  if (!backend.has('servicePort')) backend.missing('servicePort');
  return { service: { name, port: readPortOrName(backend, 'servicePort') ?? 0 }, origin: backend.origin };
}
