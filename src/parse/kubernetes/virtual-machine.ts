import type { ContainerPort, Labels, PodShape, Workload } from '#model/resource.ts';
import { type Meta, readAnnotations, readController } from './meta.ts';
import type { Reader } from './reader.ts';
import { readLabels, readProtocol, requiredPort } from './values.ts';

/** `kubevirt.io/v1`: its pods carry the labels of `spec.template`. */
export function readVirtualMachine(object: Reader, meta: Meta): Workload {
  const template = object.requiredChild('spec').requiredChild('template');
  const metadata = template.childOrEmpty('metadata');
  const labels = readLabels(metadata, 'labels');
  const shape = launcherShape(template, { labels, annotations: readAnnotations(metadata), name: meta.name });
  return { ...meta, kind: 'VirtualMachine', template: shape, ...readController(object) };
}

/** A VirtualMachineInstance's pod carries the labels of the instance itself. */
export function readVirtualMachineInstance(object: Reader, meta: Meta): Workload {
  const shape = launcherShape(object, { labels: meta.labels, annotations: meta.annotations, name: meta.name });
  return { ...meta, kind: 'VirtualMachineInstance', template: shape, ...readController(object) };
}

interface Launcher {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly name: string;
}

/**
 * The virt-launcher pod as KubeVirt makes it: two labels of its own on top (a third holds a uid that no manifest has),
 * and the ports of the machine's interfaces as ports of the container `compute`.
 */
function launcherShape(instance: Reader, { labels, annotations, name }: Launcher): PodShape {
  const spec = instance.requiredChild('spec');
  const hostname = spec.text('hostname') || name;
  return {
    labels: new Map([...labels, ['kubevirt.io', 'virt-launcher'], ['vm.kubevirt.io/name', hostname]]),
    annotations,
    serviceAccount: serviceAccountOf(spec),
    hostNetwork: false,
    containers: [],
    ports: interfacePorts(spec),
    origin: instance.origin,
  };
}

/** A machine gets a service account by a volume of that kind. */
function serviceAccountOf(spec: Reader): string {
  for (const volume of spec.children('volumes')) {
    const name = volume.childOrEmpty('serviceAccount').text('serviceAccountName');
    if (name !== undefined && name !== '') return name;
  }
  return 'default';
}

function interfacePorts(spec: Reader): ContainerPort[] {
  const interfaces = spec.childOrEmpty('domain').childOrEmpty('devices').children('interfaces');
  return interfaces
    .flatMap((nic) => nic.children('ports'))
    .map((port) => {
      const name = port.text('name');
      return {
        ...(name !== undefined && name !== '' && { name }),
        protocol: readProtocol(port, 'TCP'),
        port: requiredPort(port, 'port'),
        container: 'compute',
        origin: port.origin,
      };
    });
}
