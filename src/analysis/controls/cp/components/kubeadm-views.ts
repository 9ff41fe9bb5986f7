import type { Evidence, Place } from '#model/control.ts';
import type { ClusterObject, FieldPath } from '#model/object.ts';
import type { Origin } from '#model/origin.ts';
import { entriesAt, isPlainObject, listAt, type PlainObject, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import type { Component } from '../../../../data/frameworks/cis-check.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import { pathText } from '../../evidence.ts';
import { type ComponentView, settingText } from './component-view.ts';
import { objectIn } from './configuration-views.ts';
import { KUBEADM_FLAGS } from './kubeadm.ts';

/** A part of a configuration of kubeadm, wherever it is kept. */
interface Told {
  readonly object: ClusterObject;
  readonly value: PlainObject;
  /** Where the part is: `data.ClusterConfiguration: `. */
  readonly prefix: string;
  readonly originAt: (path: FieldPath) => Origin;
}

const SECTIONS: readonly (readonly [Component, FieldPath])[] = [
  ['kube-apiserver', ['apiServer', 'extraArgs']],
  ['kube-controller-manager', ['controllerManager', 'extraArgs']],
  ['kube-scheduler', ['scheduler', 'extraArgs']],
  ['etcd', ['etcd', 'local', 'extraArgs']],
];

/** What kubeadm makes of its `ClusterConfiguration`: its own flags, and those that are written over them. */
export function kubeadmViews(context: ControlContext): readonly ComponentView[] {
  return clustersTold(context).flatMap((told) =>
    SECTIONS.filter(([component]) => component !== 'etcd' || plainAt(told.value, 'etcd', 'external') === undefined).map(
      ([component, path]) => viewOf(told, { component, path, usual: KUBEADM_FLAGS[component] ?? {} }),
    ),
  );
}

/** Flags that kubeadm gives kubelets besides their configuration: of what they do not say, nothing is known. */
export function kubeadmKubelets(context: ControlContext): readonly ComponentView[] {
  const path = ['nodeRegistration', 'kubeletExtraArgs'];
  return nodesTold(context)
    .filter(({ value }) => plainAt(value, ...path) !== undefined)
    .map((told) => ({
      ...viewOf(told, { component: 'kubelet', path, usual: {} }),
      whole: false,
      elsewhere: 'the file of the kubelet may have it',
      partial: true,
    }));
}

interface Section {
  readonly component: Component;
  readonly path: FieldPath;
  readonly usual: Readonly<Record<string, string>>;
}

function viewOf({ object, value, prefix, originAt }: Told, { component, path, usual }: Section): ComponentView {
  const title = object.name === '' ? object.kind : titleOf(object);
  const absent: Evidence = { object: title, field: `${prefix}${pathText(path)}`, absent: true, origin: originAt(path) };
  const given = extraFlags(plainAt(value, ...path));
  return {
    component,
    where: placeIn(object),
    whole: true,
    find({ flag }) {
      const text = given.get(flag);
      if (text !== undefined) return { value: text, evidence: { ...absent, value: `${flag}=${text}` } };
      const own = usual[flag];
      if (own === undefined) return undefined;
      return { value: own, evidence: { ...absent, why: `kubeadm sets \`--${flag}=${own}\` by itself` } };
    },
    absent,
  };
}

/** Files of kubeadm have no name: that of the file stands for it. */
function placeIn(object: ClusterObject): Place {
  const { file } = object.origin;
  return object.name === ''
    ? { ...placeOf(object), namespace: '', name: file, id: `${object.kind}/${file}` }
    : placeOf(object);
}

/** A mapping up to v1beta3, a list of names and values from v1beta4 on. */
function extraFlags(value: PlainValue | undefined): ReadonlyMap<string, string> {
  const listed = listAt(value).map((item) => [textAt(item, 'name') ?? '', plainAt(item, 'value')] as const);
  return new Map(
    [...listed, ...entriesAt(value)].flatMap(([name, item]): [string, string][] => {
      const text = settingText(item);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

// ---------------------------------------------------------------- where it is kept

function clustersTold({ objects }: ControlContext): readonly Told[] {
  return [
    ...objects.of('kubeadm.k8s.io', 'ClusterConfiguration').flatMap((object) => partOf(object, [])),
    ...objects.of('', 'ConfigMap').flatMap(mapped),
    ...objects
      .of('controlplane.cluster.x-k8s.io', 'KubeadmControlPlane')
      .flatMap((object) => partOf(object, ['spec', 'kubeadmConfigSpec', 'clusterConfiguration'])),
  ];
}

function nodesTold({ objects }: ControlContext): readonly Told[] {
  const own = ['InitConfiguration', 'JoinConfiguration'].flatMap((kind) => objects.of('kubeadm.k8s.io', kind));
  const planes = objects.of('controlplane.cluster.x-k8s.io', 'KubeadmControlPlane');
  const templates = objects.of('bootstrap.cluster.x-k8s.io', 'KubeadmConfigTemplate');
  return [
    ...own.flatMap((object) => partOf(object, [])),
    ...planes.flatMap((object) => partOf(object, ['spec', 'kubeadmConfigSpec', 'initConfiguration'])),
    ...templates.flatMap((object) => partOf(object, ['spec', 'template', 'spec', 'joinConfiguration'])),
  ];
}

function partOf(object: ClusterObject, path: FieldPath): readonly Told[] {
  const value = plainAt(object.value, ...path);
  if (!isPlainObject(value)) return [];
  const prefix = path.length === 0 ? '' : `${pathText(path)}.`;
  return [{ object, value, prefix, originAt: (rest) => object.originAt([...path, ...rest]) }];
}

function mapped(object: ClusterObject): readonly Told[] {
  if (object.name !== 'kubeadm-config') return [];
  const path = ['data', 'ClusterConfiguration'];
  const value = objectIn(textAt(object.value, ...path) ?? '');
  const origin = object.originAt(path);
  return value === undefined ? [] : [{ object, value, prefix: `${pathText(path)}: `, originAt: () => origin }];
}
