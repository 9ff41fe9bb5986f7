import { DROPPED, type FieldPath } from '#model/object.ts';
import { listAt, textAt } from '#model/plain.ts';
import { COMPONENTS, type Component, type Condition } from '../../../../data/frameworks/cis-check.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { titleOf } from '../../context.ts';
import { pathText, seenAt } from '../../evidence.ts';
import type { OwnedContainer, PodOwner } from '../../pod-owners.ts';
import { hasWithheld, type Withheld } from '../../withheld.ts';
import type { ComponentView, EditPath, Found } from './component-view.ts';

/** Components that run as pods, of which the flags stand in the command: what kubeadm and most others make. */
export function podViews(owners: readonly PodOwner[]): readonly ComponentView[] {
  return owners.flatMap((owner) =>
    owner.containers.flatMap((container) => {
      const component = componentOf(owner, container);
      return component === undefined ? [] : [viewOf(owner, container, component)];
    }),
  );
}

/** A component of which the snapshot does not have what it is told. */
export interface WithheldComponent extends Withheld {
  readonly component: Component;
}

export function withheldComponents(context: ControlContext): readonly WithheldComponent[] {
  if (!hasWithheld(context)) return [];
  return context.podOwners.flatMap((owner) =>
    owner.containers.flatMap((container): WithheldComponent[] => {
      const component = componentOf(owner, container);
      if (component === undefined || !isWithheld(container, component)) return [];
      const { object, endpoint } = owner;
      const evidence = seenAt(object, [...container.path, 'name'], 'the snapshot was taken without `--values`');
      return [{ component, object, endpoint, evidence }];
    }),
  );
}

/** One argument of a command: where it stands, and its text. */
interface Argument {
  readonly path: FieldPath;
  readonly text: string;
}

/** By the program that it starts: names of containers and images are anybody's choice. */
function componentOf(owner: PodOwner, container: OwnedContainer): Component | undefined {
  if (container.role !== 'container') return undefined;
  const programs = isCommandWithheld(container) ? namesOf(container) : programsOf(container);
  const found = COMPONENTS.find((name) => programs.includes(name));
  return found === 'etcd' && !isOfControlPlane(owner) ? undefined : found;
}

/** Whether the snapshot does not have what a component is told, in arguments or (of etcd) in variables. */
function isWithheld(container: OwnedContainer, component: Component): boolean {
  return (
    isCommandWithheld(container) ||
    (component === 'etcd' && listAt(container.value, 'env').some((variable) => textAt(variable, 'value') === DROPPED))
  );
}

/** Then names are all that there is to go by. */
function isCommandWithheld({ value }: OwnedContainer): boolean {
  return ['command', 'args'].some((field) => listAt(value, field).includes(DROPPED));
}

function namesOf(container: OwnedContainer): readonly string[] {
  return [...programsOf(container), container.name, imageOf(container)];
}

function imageOf({ value }: OwnedContainer): string {
  return basename(textAt(value, 'image') ?? '').split(/[:@]/)[0] ?? '';
}

/** The first word, and words of a text that is given to a shell; of an image without a command, what it is named. */
function programsOf(container: OwnedContainer): readonly string[] {
  const texts = argumentsOf(container).map(({ text }) => text);
  const [first = ''] = texts;
  const isBare = listAt(container.value, 'command').length === 0 && first.startsWith('-');
  const inShell = texts.filter((text) => /\s/.test(text)).flatMap((text) => text.split(/\s+/));
  return [...(isBare ? [imageOf(container)] : []), first, ...inShell].map(basename);
}

/** Other things keep their data in an etcd of their own. */
function isOfControlPlane({ object, metadata }: PodOwner): boolean {
  const isNamed =
    textAt(metadata, 'labels', 'tier') === 'control-plane' || textAt(metadata, 'labels', 'component') === 'etcd';
  return object.namespace === 'kube-system' || isNamed;
}

function basename(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

function argumentsOf({ path, value }: OwnedContainer): readonly Argument[] {
  return (['command', 'args'] as const).flatMap((field) =>
    listAt(value, field).flatMap((item, index): Argument[] =>
      typeof item === 'string' ? [{ path: [...path, field, index], text: item }] : [],
    ),
  );
}

function viewOf(owner: PodOwner, container: OwnedContainer, component: Component): ComponentView {
  const { object, endpoint } = owner;
  const args = argumentsOf(container);
  const flags = new Map([...environmentFlags(container, component), ...flagsOf(args)]);
  const field = listAt(container.value, 'args').length > 0 ? 'args' : 'command';
  const file = FILE_FLAGS.find((name) => flags.has(name));
  const elsewhere = isWithheld(container, component)
    ? 'the snapshot was taken without `--values`'
    : file === undefined
      ? undefined
      : `\`--${file}\` names a file that the input does not have`;
  return {
    component,
    where: placeOf(object),
    whole: elsewhere === undefined,
    ...(elsewhere !== undefined && { elsewhere }),
    ...(isWithheld(container, component) && { isWithheld: true }),
    find: ({ flag }) => foundAt(flags.get(flag), owner),
    absent: {
      object: titleOf(object),
      field: pathText([...container.path, field]),
      origin: object.originAt([...container.path, field]),
    },
    edited: { object, pathOf: editPathOf(flags, [...container.path, field]) },
    endpoint,
  };
}

/** Of etcd, of kube-scheduler and kube-proxy, and of everything that OpenShift starts. */
const FILE_FLAGS = ['config-file', 'config', 'openshift-config'] as const;

interface Flag extends Argument {
  readonly value: string;
  /** Whether the argument is this flag and nothing else. */
  readonly alone: boolean;
}

/** The last of a name counts. Shells and values that follow as words of their own are read too. */
function flagsOf(args: readonly Argument[]): ReadonlyMap<string, Flag> {
  const flags = new Map<string, Flag>();
  const words = args.flatMap(({ path, text }) =>
    text.split(/\s+/).map((word, _, all) => ({ path, text: word, alone: all.length === 1 })),
  );
  for (const [index, { path, text, alone }] of words.entries()) {
    const found = /^--?(?<name>[a-z][a-z0-9-]*)(?:=(?<value>.*))?$/s.exec(text)?.groups;
    if (found?.name === undefined) continue;
    const next = words[index + 1];
    const follows = found.value === undefined && next !== undefined && !next.text.startsWith('-');
    const value = found.value ?? (follows ? next.text : 'true');
    flags.set(found.name, { path, text, value: value.replace(/^(["'])(.*)\1$/s, '$2'), alone: alone && !follows });
  }
  return flags;
}

/** etcd takes each flag as a variable too: `ETCD_CLIENT_CERT_AUTH`. */
function environmentFlags(container: OwnedContainer, component: Component): ReadonlyMap<string, Flag> {
  const flags = new Map<string, Flag>();
  if (component !== 'etcd') return flags;
  for (const [index, variable] of listAt(container.value, 'env').entries()) {
    const name = textAt(variable, 'name');
    const value = textAt(variable, 'value');
    if (name?.startsWith('ETCD_') !== true || value === undefined || value === DROPPED) continue;
    const path = [...container.path, 'env', index, 'value'];
    flags.set(name.slice('ETCD_'.length).toLowerCase().replaceAll('_', '-'), {
      path,
      text: value,
      value,
      alone: false,
    });
  }
  return flags;
}

function foundAt(flag: Flag | undefined, { object }: PodOwner): Found | undefined {
  if (flag === undefined) return undefined;
  const { path, text, value } = flag;
  return {
    value,
    evidence: { object: titleOf(object), field: pathText(path), value: text, origin: object.originAt(path) },
  };
}

function editPathOf(flags: ReadonlyMap<string, Flag>, list: FieldPath): EditPath {
  return ({ flag }: Pick<Condition, 'flag'>, value: string) => {
    const known = flags.get(flag);
    if (known === undefined) return { op: 'append', path: list, value: `--${flag}=${value}` };
    return known.alone ? { op: 'set', path: known.path, value: `--${flag}=${value}` } : undefined;
  };
}
