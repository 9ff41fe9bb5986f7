import type { Evidence, Place } from '#model/control.ts';
import type { FieldPath, Written } from '#model/object.ts';
import { isPlainObject, type PlainObject, type PlainValue, plainAt, textAt } from '#model/plain.ts';
import { readObjects } from '#parse/kubernetes/objects.ts';
import { readDocuments } from '#parse/text/read-documents.ts';
import type { Component, Condition } from '../../../../data/frameworks/cis-check.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import { pathText } from '../../evidence.ts';
import { type ComponentView, type EditPath, type Found, settingText } from './component-view.ts';
import { namesByFile } from './file-names.ts';

/** A configuration file of a component, as an object of its own, as text in a ConfigMap, or as a component answers it. */
interface Configuration {
  readonly component: Component;
  readonly where: Place;
  readonly value: PlainObject;
  readonly evidenceAt: (path: FieldPath) => Evidence;
  readonly edited?: ComponentView['edited'];
}

/** Views of kubelets and of kube-proxy, by their configuration. */
export function configurationViews(context: ControlContext): readonly ComponentView[] {
  return configurationsOf(context).map(viewOf);
}

function configurationsOf(context: ControlContext): readonly Configuration[] {
  const own = [...answeredBy(context), ...writtenIn(context)];
  // What nodes are told when they join is not asked where kubelets answer themselves.
  return [...own, ...mapped(context).filter(({ component }) => !own.some((each) => each.component === component))];
}

/** What kubelets answer at `/configz`, which does not say on which node they are. */
function answeredBy({ snapshot }: ControlContext): readonly Configuration[] {
  const documents = snapshot.documents.filter(({ shape }) => shape === 'kubelet-configz');
  return [...namesByFile(documents)].flatMap(([document, name]): Configuration[] => {
    const value = plainAt(document.value, 'kubeletconfig');
    if (!isPlainObject(value)) return [];
    const where = { kind: 'kubelet', namespace: '', name, id: `kubelet/${name}`, origin: document.origin };
    const evidenceAt = (path: FieldPath) => writtenAt(`kubelet of ${name}`, document, ['kubeletconfig', ...path]);
    return [{ component: 'kubelet', where, value, evidenceAt }];
  });
}

function writtenIn({ objects }: ControlContext): readonly Configuration[] {
  return Object.entries(GROUPS).flatMap(([group, { kind, component }]) =>
    [...namesByFile(objects.of(group, kind))].map(([object, name]): Configuration => {
      const nameless = { ...placeOf(object), namespace: '', name, id: `${kind}/${name}` };
      return {
        component,
        where: object.name === '' ? nameless : placeOf(object),
        value: object.value,
        evidenceAt: (path) => writtenAt(object.name === '' ? kind : titleOf(object), object, path),
        edited: { object, pathOf: fieldEdit },
      };
    }),
  );
}

const GROUPS: Readonly<Record<string, { readonly kind: string; readonly component: Component }>> = {
  'kubelet.config.k8s.io': { kind: 'KubeletConfiguration', component: 'kubelet' },
  'kubeproxy.config.k8s.io': { kind: 'KubeProxyConfiguration', component: 'kube-proxy' },
};

function writtenAt(object: string, written: Written, path: FieldPath): Evidence {
  const value = plainAt(written.value, ...path);
  return {
    object,
    field: pathText(path),
    ...(value === undefined ? { absent: true } : { value }),
    origin: written.originAt(path),
  };
}

function viewOf({ component, where, value, evidenceAt, edited }: Configuration): ComponentView {
  return {
    component,
    where,
    whole: true,
    find({ field }): Found | undefined {
      if (field === undefined) return undefined;
      const path = field.split('.');
      const text = settingText(plainAt(value, ...path));
      return text === undefined || text === '' ? undefined : { value: text, evidence: evidenceAt(path) };
    },
    absent: evidenceAt([]),
    ...(edited !== undefined && { edited }),
  };
}

const fieldEdit: EditPath = ({ field }: Pick<Condition, 'field'>, value: string) =>
  field === undefined
    ? undefined
    : { op: 'set', path: field.split('.'), value: field === LIST ? value.split(',') : plainOf(value) };

const LIST = 'tlsCipherSuites';

function plainOf(value: string): PlainValue {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d+$/.test(value) ? Number(value) : value;
}

// ---------------------------------------------------------------- text in ConfigMaps

/** ConfigMaps in which kubeadm and others keep the files of components, by a key of theirs. */
const KEPT: readonly { readonly name: RegExp; readonly key: string; readonly component: Component }[] = [
  { name: /^kubelet-config(?:-\d.*)?$/, key: 'kubelet', component: 'kubelet' },
  { name: /^kube-proxy$/, key: 'config.conf', component: 'kube-proxy' },
];

function mapped({ objects }: ControlContext): readonly Configuration[] {
  return objects.of('', 'ConfigMap').flatMap((object): Configuration[] => {
    const entry = object.namespace === 'kube-system' ? KEPT.find(({ name }) => name.test(object.name)) : undefined;
    const text = entry === undefined ? undefined : textAt(object.value, 'data', entry.key);
    const value = text === undefined ? undefined : objectIn(text);
    if (entry === undefined || value === undefined) return [];
    const origin = object.originAt(['data', entry.key]);
    const evidenceAt = (path: FieldPath): Evidence => {
      const found = plainAt(value, ...path);
      return {
        object: titleOf(object),
        field: [pathText(['data', entry.key]), pathText(path)].filter((part) => part !== '').join(': '),
        ...(path.length > 0 && found !== undefined && { value: found }),
        origin,
      };
    };
    return [{ component: entry.component, where: placeOf(object), value, evidenceAt }];
  });
}

/** The first object of a YAML text. */
export function objectIn(text: string): PlainObject | undefined {
  const { documents } = readDocuments({ file: '', text });
  for (const { source, root } of documents) for (const { value } of readObjects(source, root)) return value;
  return undefined;
}
