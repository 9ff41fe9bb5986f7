import type { ControlSettings } from '#model/control-settings.ts';
import type { ExportRule, Matched } from './export-rule.ts';

export const pods: Matched = { group: '', versions: ['v1'], resource: 'pods', kind: 'Pod' };

const CONTAINERS_IN_REGO = `containers[container] {
  container := input.review.object.spec.containers[_]
}

containers[container] {
  container := input.review.object.spec.initContainers[_]
}

containers[container] {
  container := input.review.object.spec.ephemeralContainers[_]
}`;

/** An expression that holds for every container of a pod; `c` is the container. */
function everyContainer(expression: string): string {
  return ['containers', 'initContainers', 'ephemeralContainers']
    .map((list) => `(!has(object.spec.${list}) || object.spec.${list}.all(c, ${expression}))`)
    .join(' && ');
}

const LEAVES_OUT = 'pods that are there already: admission sees what is written from now on';

/** Without a range no port of a node may be taken. */
export function hostPorts(range: ControlSettings['allowedHostPorts']): ExportRule {
  const { from, to } = range ?? { from: 0, to: 0 };
  return {
    control: 'ING-SVC-003',
    name: 'host-ports',
    kind: 'RingfenceHostPorts',
    about: 'pods are not on the network of their node, and take no ports of it but listed ones',
    matches: [pods],
    parameters: { from, to },
    schema: { from: { type: 'integer' }, to: { type: 'integer' } },
    rego: `violation[{"msg": msg}] {
  input.review.object.spec.hostNetwork
  msg := "the pod is on the network of its node"
}

violation[{"msg": msg}] {
  containers[container]
  port := container.ports[_].hostPort
  port > 0
  outside(port)
  msg := sprintf("port %v of the node may not be taken", [port])
}

outside(port) {
  port < input.parameters.from
}

outside(port) {
  port > input.parameters.to
}

${CONTAINERS_IN_REGO}`,
    cel: [
      {
        expression: '!has(object.spec.hostNetwork) || !object.spec.hostNetwork',
        message: 'the pod is on the network of its node',
      },
      {
        expression: everyContainer(
          '!has(c.ports) || c.ports.all(p, !has(p.hostPort) || p.hostPort == 0 || (p.hostPort >= variables.params.from && p.hostPort <= variables.params.to))',
        ),
        message: 'a port of the node may not be taken',
      },
    ],
    leavesOut: LEAVES_OUT,
  };
}

export function privileged(): ExportRule {
  return {
    control: 'POD-CTX-001',
    name: 'privileged',
    kind: 'RingfencePrivileged',
    about: 'no container is privileged, and none has NET_ADMIN or NET_RAW added',
    matches: [pods],
    parameters: { capabilities: ['NET_ADMIN', 'NET_RAW', 'SYS_ADMIN', 'ALL'] },
    schema: { capabilities: { type: 'array', items: { type: 'string' } } },
    rego: `violation[{"msg": msg}] {
  containers[container]
  container.securityContext.privileged
  msg := sprintf("container %v is privileged", [container.name])
}

violation[{"msg": msg}] {
  containers[container]
  capability := container.securityContext.capabilities.add[_]
  input.parameters.capabilities[_] == capability
  msg := sprintf("container %v has capability %v", [container.name, capability])
}

${CONTAINERS_IN_REGO}`,
    cel: [
      {
        expression: everyContainer(
          '!has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged',
        ),
        message: 'a container is privileged',
      },
      {
        expression: everyContainer(
          '!has(c.securityContext) || !has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add) || c.securityContext.capabilities.add.all(a, !(a in variables.params.capabilities))',
        ),
        message: 'a container has a capability that may not be added',
      },
    ],
    leavesOut: `the rest of the restricted level, which Pod Security Admission enforces; ${LEAVES_OUT}`,
  };
}

/** `registry.example.com/team` stands for all below it, `*.azurecr.io` for every registry that ends so. */
export function trustedImages(registries: readonly string[]): ExportRule {
  const patterns = registries.map(patternOf);
  return {
    control: 'IMG-REG-001',
    name: 'trusted-registries',
    kind: 'RingfenceTrustedRegistries',
    about: 'images come from trusted registries only',
    matches: [pods],
    parameters: { patterns },
    schema: { patterns: { type: 'array', items: { type: 'string' } } },
    rego: `violation[{"msg": msg}] {
  containers[container]
  not trusted(container.image)
  msg := sprintf("image %v is not of a trusted registry", [container.image])
}

trusted(image) {
  regex.match(input.parameters.patterns[_], image)
}

${CONTAINERS_IN_REGO}`,
    cel: [
      {
        expression: everyContainer('variables.params.patterns.exists(pattern, c.image.matches(pattern))'),
        message: 'an image is not of a trusted registry',
      },
    ],
    leavesOut: 'images that name no registry are those of docker.io, which an entry `docker.io` does not meet here',
  };
}

function patternOf(registry: string): string {
  const escaped = registry
    .replace(/\/+$/, '')
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]+');
  return `^${escaped}/`;
}
