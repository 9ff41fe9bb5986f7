import type { Evidence } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import { flagAt, listAt, plainAt, textAt } from '#model/plain.ts';
import { type ControlContext, titleOf } from '../../context.ts';
import { imageNamed, runningIn } from '../agents.ts';

/** Sources inside of the cluster that tell pods and dropped connections. */
export function podSources(context: ControlContext): readonly Evidence[] {
  return [
    ...hubble(context),
    ...runningIn(context, RETINA, ['DaemonSet']),
    ...everyOne(context.objects.of('acn.azure.com', 'RetinaNetworkFlowLog'), ['spec']),
    ...everyOne(context.objects.of('acn.azure.com', 'ContainerNetworkLog'), ['spec']),
    ...calico(context),
    ...runningIn(context, OPENSHIFT, ['DaemonSet']),
  ];
}

const RETINA = imageNamed('retina-agent');
const OPENSHIFT = imageNamed('netobserv-ebpf-agent', 'network-observability-ebpf-agent(?:-.+)?');

/** The agent's ring of flows is read by whoever runs the relay; the setting alone leaves them on each node. */
function hubble(context: ControlContext): readonly Evidence[] {
  const relay = runningIn(context, imageNamed('hubble-relay'));
  const config = context.objects.get({ group: '', kind: 'ConfigMap', namespace: 'kube-system', name: 'cilium-config' });
  const isOff = config !== undefined && textAt(config.value, 'data', 'enable-hubble') === 'false';
  return isOff ? [] : relay;
}

/** Goldmane of Calico 3.30, and the flow logs of its paid forms. */
function calico({ objects }: ControlContext): readonly Evidence[] {
  const felix = objects
    .of('crd.projectcalico.org', 'FelixConfiguration')
    .concat(objects.of('projectcalico.org', 'FelixConfiguration'))
    .filter(({ value }) => flagAt(value, 'spec', 'flowLogsFileEnabled') === true);
  return [
    ...everyOne(objects.of('operator.tigera.io', 'Goldmane'), ['spec']),
    ...everyOne(felix, ['spec', 'flowLogsFileEnabled']),
  ];
}

/** Access logs of a mesh: who called whom, of what went through it. */
export function meshSources({ objects }: ControlContext): readonly Evidence[] {
  const telemetry = objects
    .of('telemetry.istio.io', 'Telemetry')
    .filter(({ value }) => listAt(value, 'spec', 'accessLogging').some((each) => plainAt(each, 'disabled') !== true));
  const mesh = objects
    .of('', 'ConfigMap')
    .filter(
      ({ name, value }) =>
        /^istio(?:-.+)?$/.test(name) && /accessLogFile:\s*\S/.test(textAt(value, 'data', 'mesh') ?? ''),
    );
  return [...everyOne(telemetry, ['spec', 'accessLogging']), ...everyOne(mesh, ['data', 'mesh'])];
}

function everyOne(objects: readonly ClusterObject[], path: FieldPath): readonly Evidence[] {
  return objects.map((object) => ({ object: titleOf(object), field: path.join('.'), origin: object.originAt(path) }));
}
