import { escapeControl } from '#base/escape.ts';
import type { Node } from '../../text/node.ts';
import { literalTail, shownText, splitText, textOf } from '../expression/text.ts';
import { entryOf, isOpen, open, type Text, type Value } from '../expression/values.ts';
import { MAX_LEVELS } from '../limits.ts';
import { documentValue } from './document-value.ts';
import type { Instance } from './instance.ts';
import { fieldOf, mapOf, originOf, stringOf } from './nodes.ts';
import type { Given } from './parameters.ts';
import { secretParameter } from './parameters.ts';
import { levelOf, type Placement } from './placement.ts';
import type { Template } from './template.ts';
import type { TemplateDocument } from './world.ts';

/** Where a deployment inside of a template puts its resources: where the template does, unless it says otherwise. */
export function deploymentPlacement(instance: Instance): Placement {
  const moved = movedPlacement(instance);
  const scope = textField(instance, 'scope');
  return scope === undefined ? moved : scopedPlacement(scope, moved);
}

/** The place of the template, but in the group or subscription that the resource names. */
export function movedPlacement(instance: Instance): Placement {
  const here = instance.facts.template.facts.placement;
  const subscription = textField(instance, 'subscriptionid');
  const group = textField(instance, 'resourcegroup');
  return {
    ...here,
    ...(subscription === undefined ? {} : { subscription, level: 'subscription' }),
    ...(group === undefined ? {} : { group, level: 'group', location: elsewhere(instance) }),
  };
}

function elsewhere({ origin }: Instance): Value {
  return open({ expression: 'resourceGroup().location', why: 'made-by-azure', origin });
}

function textField(instance: Instance, key: string): Text | undefined {
  const node = fieldOf(instance.facts.node, key);
  return node === undefined ? undefined : textOf(documentValue(node, instance.place));
}

/** `scope` of a deployment: the id of a subscription, a group or a management group, or `/` for the tenant. */
function scopedPlacement(scope: Text, here: Placement): Placement {
  const pieces = splitText(scope, ['/']).filter((piece) => piece.length > 0);
  const kind = pieces.map((piece) => shownText(piece).toLowerCase());
  if (pieces.length === 0) return { ...here, level: 'tenant' };
  if (kind[0] === 'subscriptions' && kind[2] === 'resourcegroups' && pieces.length === 4)
    return { ...here, level: 'group', subscription: pieces[1]!, group: pieces[3]! };
  if (kind[0] === 'subscriptions' && pieces.length === 2)
    return { ...here, level: 'subscription', subscription: pieces[1]! };
  if (kind.includes('managementgroups')) return { ...here, level: 'managementGroup', managementGroup: pieces.at(-1)! };
  return here;
}

/** The template that a deployment deploys: written inside of it, or in a file of the input. */
export function deployedTemplate(instance: Instance): Template | undefined {
  const { template, node } = instance.facts;
  const { world, levels, source } = template.facts;
  const properties = mapOf(node, 'properties');
  const inline = mapOf(properties, 'template');
  const document = inline === undefined ? linkedDocument(instance) : { source, root: inline };
  if (document === undefined) return undefined;
  if (levels >= MAX_LEVELS) {
    world.report({
      code: 'RF5104',
      message: `templates stand in one another ${MAX_LEVELS} times`,
      origin: instance.origin,
    });
    return undefined;
  }
  const isOuter = inline !== undefined && !isInner(properties);
  return world.templateOf({
    world,
    source: document.source,
    root: document.root,
    name: instance.nameText,
    placement: placementFor(instance, document),
    given: isOuter ? () => undefined : givenTo(instance, properties),
    home: shownText(instance.id),
    ...(isOuter ? { outer: instance.place } : {}),
    levels: levels + 1,
    ...(isOpen(instance.condition) ? { condition: instance.condition } : {}),
  });
}

/** Evaluated as a part of the template around it, unless it says otherwise. */
function isInner(properties: Node | undefined): boolean {
  return stringOf(fieldOf(properties, 'expressionevaluationoptions'), 'scope')?.toLowerCase() === 'inner';
}

/** A template for subscriptions that is deployed from within a group is so at the group's subscription. */
function placementFor(instance: Instance, { root }: TemplateDocument): Placement {
  const placement = deploymentPlacement(instance);
  const schema = stringOf(root, '$schema');
  if (schema === undefined || placement.level === 'tenant') return placement;
  const level = levelOf(schema);
  return level === 'subscription' && placement.level === 'group' ? { ...placement, level } : placement;
}

function givenTo(instance: Instance, properties: Node | undefined): (name: string) => Given | undefined {
  const parameters = fieldOf(properties, 'parameters');
  if (parameters?.kind === 'map') {
    return (name) => {
      const node = fieldOf(parameters, name);
      return node === undefined ? undefined : () => handed(node, name, instance);
    };
  }
  const whole = parameters === undefined ? undefined : documentValue(parameters, instance.place);
  return (name) => {
    if (whole === undefined) return undefined;
    if (isOpen(whole)) return () => whole;
    const entry = whole.kind === 'object' ? entryOf(whole, name) : undefined;
    return entry === undefined ? undefined : () => handedValue(entry, name);
  };
}

/** `{value: …}`, or `{reference: {keyVault: …}}`, or an expression that gives one of these. */
function handed(node: Node, name: string, instance: Instance): Value {
  const { source } = instance.place;
  if (node.kind !== 'map') return handedValue(documentValue(node, instance.place), name);
  if (fieldOf(node, 'reference') !== undefined) return secretParameter(name, originOf(source, node));
  const value = node.entries.findLast(({ key }) => key.toLowerCase() === 'value')?.value;
  return value === undefined
    ? handedValue(documentValue(node, instance.place), name)
    : documentValue(value, instance.place);
}

function handedValue(given: Value, name: string): Value {
  if (given.kind !== 'object') return given;
  if (entryOf(given, 'reference') !== undefined) return secretParameter(name, given.origin);
  return entryOf(given, 'value') ?? given;
}

/** `templateLink`: a path or an address. Of an address that is not known whole, the end names the file. */
function linkedDocument(instance: Instance): TemplateDocument | undefined {
  const { node, template } = instance.facts;
  const { world, source } = template.facts;
  const link = mapOf(mapOf(node, 'properties'), 'templatelink');
  const address = fieldOf(link, 'relativepath') ?? fieldOf(link, 'uri') ?? fieldOf(link, 'id');
  const text = address === undefined ? undefined : textOf(documentValue(address, instance.place));
  const tail = text === undefined ? '' : literalTail(text);
  const found = tail === '' ? undefined : world.documentAt(source.file, tail);
  if (found !== undefined) return found;
  const shown = text === undefined ? '' : ` \`${escapeControl(shownText(text))}\``;
  world.report({
    code: 'RF5102',
    message:
      address === undefined ? 'the deployment has no template' : `the linked template${shown} is not in the input`,
    origin: address === undefined ? instance.origin : originOf(source, address),
  });
  return undefined;
}
