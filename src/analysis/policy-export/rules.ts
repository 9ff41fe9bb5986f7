import type { ControlSettings } from '#model/control-settings.ts';
import type { ExportRule, Matched, Unsayable } from './export-rule.ts';
import { hostPorts, pods, privileged, trustedImages } from './pod-rules.ts';

const SERVICES: Matched = { group: '', versions: ['v1'], resource: 'services', kind: 'Service' };
const INGRESSES: Matched = {
  group: 'networking.k8s.io',
  versions: ['v1'],
  resource: 'ingresses',
  kind: 'Ingress',
};
const NAMESPACES: Matched = { group: '', versions: ['v1'], resource: 'namespaces', kind: 'Namespace' };
const TEXTS = { type: 'array', items: { type: 'string' } };

export interface ExportRules {
  readonly rules: readonly ExportRule[];
  readonly unsayable: readonly Unsayable[];
}

/** Controls that can be said of one object alone. Lists come from `ringfence.yaml`; without one the rule would be a guess. */
export function exportRules(settings: ControlSettings): ExportRules {
  const { allowedServicePorts, trustedRegistries, ingressClasses } = settings;
  const unsayable: Unsayable[] = [];
  const without = (control: string, name: string) =>
    unsayable.push({ control, why: `\`controls.${name}\` of the configuration is not stated` });
  if (allowedServicePorts === undefined) without('ING-SVC-001', 'allowedServicePorts');
  if (trustedRegistries === undefined) without('IMG-REG-001', 'trustedRegistries');
  if (ingressClasses === undefined) without('ING-CTL-001', 'ingressClasses');
  return {
    rules: [
      ...(allowedServicePorts === undefined ? [] : [servicePorts(allowedServicePorts)]),
      externalAddresses(settings.allowedExternalIps ?? []),
      hostPorts(settings.allowedHostPorts),
      ingressTls(),
      ...(ingressClasses === undefined ? [] : [knownIngressClasses(ingressClasses)]),
      defaultNamespace(),
      podSecurityLevel(),
      privileged(),
      ...(trustedRegistries === undefined ? [] : [trustedImages(trustedRegistries)]),
    ],
    unsayable,
  };
}

function servicePorts(ports: readonly number[]): ExportRule {
  return {
    control: 'ING-SVC-001',
    name: 'service-ports',
    kind: 'RingfenceServicePorts',
    about: 'Services that are open to the outside listen on listed ports only',
    matches: [SERVICES],
    parameters: { ports },
    schema: { ports: { type: 'array', items: { type: 'integer' } } },
    rego: `violation[{"msg": msg}] {
  open_types[input.review.object.spec.type]
  port := input.review.object.spec.ports[_].port
  not listed(port)
  msg := sprintf("port %v is not one that Services may open", [port])
}

open_types = {"LoadBalancer", "NodePort"}

listed(port) {
  input.parameters.ports[_] == port
}`,
    cel: [
      {
        expression:
          "!has(object.spec.type) || !(object.spec.type in ['LoadBalancer', 'NodePort']) || !has(object.spec.ports) || object.spec.ports.all(p, p.port in variables.params.ports)",
        message: 'a port is not one that Services may open',
      },
    ],
    leavesOut: 'ports of Gateways, and Services inside of the cluster',
  };
}

function externalAddresses(addresses: readonly string[]): ExportRule {
  return {
    control: 'ING-SVC-002',
    name: 'external-ips',
    kind: 'RingfenceExternalIps',
    about: 'Services use listed external addresses only',
    matches: [SERVICES],
    parameters: { addresses },
    schema: { addresses: TEXTS },
    rego: `violation[{"msg": msg}] {
  address := input.review.object.spec.externalIPs[_]
  not listed(address)
  msg := sprintf("external address %v is not one that Services may take", [address])
}

listed(address) {
  input.parameters.addresses[_] == address
}`,
    cel: [
      {
        expression: '!has(object.spec.externalIPs) || object.spec.externalIPs.all(a, a in variables.params.addresses)',
        message: 'an external address is not one that Services may take',
      },
    ],
    leavesOut: 'nothing: the whole control is said',
  };
}

function ingressTls(): ExportRule {
  return {
    control: 'TLS-ING-001',
    name: 'ingress-tls',
    kind: 'RingfenceIngressTls',
    about: 'every host of an Ingress has a certificate',
    matches: [INGRESSES],
    parameters: {},
    schema: {},
    rego: `violation[{"msg": msg}] {
  not input.review.object.spec.tls
  msg := "the Ingress has no TLS"
}

violation[{"msg": msg}] {
  input.review.object.spec.tls
  host := input.review.object.spec.rules[_].host
  not covered(host)
  msg := sprintf("host %v has no certificate", [host])
}

covered(host) {
  input.review.object.spec.tls[_].hosts[_] == host
}

covered(host) {
  pattern := input.review.object.spec.tls[_].hosts[_]
  startswith(pattern, "*.")
  parts := split(host, ".")
  concat(".", array.slice(parts, 1, count(parts))) == substring(pattern, 2, -1)
}`,
    cel: [
      { expression: 'has(object.spec.tls) && object.spec.tls.size() > 0', message: 'the Ingress has no TLS' },
      {
        expression:
          "!has(object.spec.tls) || !has(object.spec.rules) || object.spec.rules.all(r, !has(r.host) || object.spec.tls.exists(t, has(t.hosts) && t.hosts.exists(h, h == r.host || (h.startsWith('*.') && r.host.contains('.') && r.host.substring(r.host.indexOf('.')) == h.substring(1)))))",
        message: 'a host has no certificate',
      },
    ],
    leavesOut: 'listeners of Gateways, redirects of controllers, and certificates that a controller brings itself',
  };
}

function knownIngressClasses(classes: readonly string[]): ExportRule {
  return {
    control: 'ING-CTL-001',
    name: 'ingress-classes',
    kind: 'RingfenceIngressClasses',
    about: 'Ingresses are of listed classes, and other Services are not open to the internet',
    matches: [INGRESSES],
    parameters: { classes },
    schema: { classes: TEXTS },
    rego: `violation[{"msg": msg}] {
  class := object.get(input.review.object.spec, "ingressClassName", "")
  not listed(class)
  msg := sprintf("class %q is not one that traffic may come in by", [class])
}

listed(class) {
  input.parameters.classes[_] == class
}`,
    cel: [
      {
        expression: 'has(object.spec.ingressClassName) && object.spec.ingressClassName in variables.params.classes',
        message: 'the class is not one that traffic may come in by',
      },
    ],
    leavesOut: 'Services of type LoadBalancer, Gateways, and the class that stands in an annotation',
  };
}

/** The namespace of a request stands in the object, for admission fills it in. */
function defaultNamespace(): ExportRule {
  return {
    control: 'POD-NS-001',
    name: 'default-namespace',
    kind: 'RingfenceDefaultNamespace',
    about: 'nothing runs in the namespace default',
    matches: [pods],
    parameters: {},
    schema: {},
    rego: `violation[{"msg": msg}] {
  input.review.object.metadata.namespace == "default"
  msg := "the namespace default is not to be used"
}`,
    cel: [{ expression: "object.metadata.namespace != 'default'", message: 'the namespace default is not to be used' }],
    leavesOut: 'whether namespaces part teams and environments',
  };
}

const ENFORCE = 'pod-security.kubernetes.io/enforce';

function podSecurityLevel(): ExportRule {
  return {
    control: 'CFG-PSA-001',
    name: 'pod-security-level',
    kind: 'RingfencePodSecurityLevel',
    about: 'namespaces enforce the level baseline or restricted',
    matches: [NAMESPACES],
    parameters: { levels: ['baseline', 'restricted'] },
    schema: { levels: TEXTS },
    rego: `violation[{"msg": msg}] {
  labels := object.get(input.review.object.metadata, "labels", {})
  level := object.get(labels, "${ENFORCE}", "")
  not listed(level)
  msg := "the label ${ENFORCE} is neither baseline nor restricted"
}

listed(level) {
  input.parameters.levels[_] == level
}`,
    cel: [
      {
        expression: `has(object.metadata.labels) && '${ENFORCE}' in object.metadata.labels && object.metadata.labels['${ENFORCE}'] in variables.params.levels`,
        message: `the label ${ENFORCE} is neither baseline nor restricted`,
      },
    ],
    leavesOut: 'namespaces whose level another engine enforces',
  };
}
