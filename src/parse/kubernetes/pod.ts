import type { Container, ContainerPort, HttpProbe, Labels, Pod, PodShape } from '#model/resource.ts';
import { quote } from './draft.ts';
import { type Meta, readAnnotations, readController } from './meta.ts';
import { wrongPortName } from './names.ts';
import type { Reader } from './reader.ts';
import { readAddresses, readLabels, readPort, readProtocol, requiredPort, textOf } from './values.ts';

export function readPod(object: Reader, meta: Meta): Pod {
  const status = object.childOrEmpty('status');
  const texts = status.children('podIPs').flatMap((entry) => textOf(entry, 'ip'));
  return {
    ...meta,
    kind: 'Pod',
    shape: readShape(object, meta.labels, meta.annotations),
    addresses: readAddresses(object.draft, texts.length > 0 ? texts : textOf(status, 'podIP')),
    phase: status.text('phase') ?? '',
    ...readController(object),
  };
}

/** A pod template: `metadata` and `spec` of the pods to be. `added` are labels that the controller puts on its pods. */
export function readTemplate(template: Reader, added?: Labels): PodShape {
  const metadata = template.childOrEmpty('metadata');
  const own = readLabels(metadata, 'labels');
  const labels = added === undefined || added.size === 0 ? own : new Map([...own, ...added]);
  return readShape(template, labels, readAnnotations(metadata));
}

function readShape(pod: Reader, labels: Labels, annotations: Labels): PodShape {
  const spec = pod.childOrEmpty('spec');
  const hostNetwork = spec.boolean('hostNetwork') ?? false;
  const nodeName = spec.text('nodeName');
  return {
    labels,
    annotations,
    serviceAccount: spec.text('serviceAccountName') || spec.text('serviceAccount') || 'default',
    hostNetwork,
    ...(nodeName !== undefined && nodeName !== '' && { nodeName }),
    containers: readContainers(spec),
    ports: readContainerPorts(spec, hostNetwork),
    origin: pod.origin,
  };
}

function readContainers(spec: Reader): Container[] {
  return [
    ...spec.children('initContainers').map((container) => readContainer(container, 'init')),
    ...spec.children('containers').map((container) => readContainer(container, 'container')),
  ];
}

function readContainer(container: Reader, role: 'container' | 'init'): Container {
  const stays = role === 'init' && container.text('restartPolicy') === 'Always';
  const name = container.text('name') ?? '';
  const probes = role === 'container' || stays ? readProbes(container) : [];
  return {
    name,
    image: container.text('image') ?? '',
    role: stays ? 'sidecar' : role,
    ...(probes.length > 0 && { probes }),
  };
}

function readProbes(container: Reader): HttpProbe[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((kind): HttpProbe[] => {
    const get = container.child(kind)?.child('httpGet');
    const port = get?.integerOrText('port');
    return port === undefined ? [] : [{ port, path: get?.text('path') || '/' }];
  });
}

function readContainerPorts(spec: Reader, hostNetwork: boolean): ContainerPort[] {
  const ports: ContainerPort[] = [];
  // Named ports of init containers count as well: restartable ones (sidecars) listen while the pod runs.
  for (const list of ['initContainers', 'containers']) {
    for (const container of spec.children(list)) {
      const names = new Set<string>();
      const name = container.text('name') ?? '';
      for (const port of container.children('ports')) ports.push(readContainerPort(port, { name, names, hostNetwork }));
    }
  }
  return ports;
}

interface PortScope {
  readonly name: string;
  readonly names: Set<string>;
  readonly hostNetwork: boolean;
}

function readContainerPort(reader: Reader, container: PortScope): ContainerPort {
  const port = requiredPort(reader, 'containerPort');
  const hostPort = readHostPort(reader, port, container.hostNetwork);
  const hostIP = reader.text('hostIP');
  return {
    ...readPortName(reader, container.names),
    protocol: readProtocol(reader, 'TCP'),
    port,
    ...(hostPort !== undefined && { hostPort }),
    ...(hostIP !== undefined && hostIP !== '' && { hostIP }),
    container: container.name,
    origin: reader.origin,
  };
}

/** core/v1 validation: within one container each port name stands once, whatever its protocol. */
function readPortName(reader: Reader, names: Set<string>): { name?: string } {
  const name = reader.text('name');
  if (name === undefined || name === '') return {};
  const wrong = wrongPortName(name);
  if (wrong !== undefined) reader.refuse('RF2008', 'name', `is ${quote(name)}: a port name ${wrong}`);
  if (names.has(name))
    reader.refuse('RF2009', 'name', `is ${quote(name)}, which another port of the container has already`);
  names.add(name);
  return { name };
}

/** core/v1 defaults and validation: on the host network a container port is its host port. */
function readHostPort(reader: Reader, port: number, hostNetwork: boolean): number | undefined {
  const given = reader.integer('hostPort') === 0 ? undefined : readPort(reader, 'hostPort');
  if (!hostNetwork || port === 0) return given;
  if (given !== undefined && given !== port) {
    reader.refuse('RF2009', 'hostPort', `is ${given}; on the host network it must equal \`containerPort\` ${port}`);
  }
  return port;
}
