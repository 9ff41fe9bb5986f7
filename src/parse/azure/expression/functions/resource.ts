import { ANY, type BuiltinTable } from '../builtin.ts';
import { resourceIdText } from '../resource-id.ts';
import { derived, factsOf, faulty, unknown } from '../results.ts';
import type { Call } from '../scope.ts';
import { joined, literalHead, textOf, textValue } from '../text.ts';
import { isOpen, isText, list, type Text, type Value } from '../values.ts';

/** "Resource functions for ARM templates". */
export const RESOURCE_FUNCTIONS: BuiltinTable = {
  resourceid: { least: 2, most: ANY, opens: true, run: resourceId },
  subscriptionresourceid: { least: 2, most: ANY, opens: true, run: subscriptionResourceId },
  tenantresourceid: { least: 2, most: ANY, opens: true, run: tenantResourceId },
  managementgroupresourceid: { least: 2, most: ANY, opens: true, run: managementGroupResourceId },
  extensionresourceid: { least: 3, most: ANY, opens: true, run: extensionResourceId },
  reference: { least: 1, most: 3, opens: true, run: reference },
  references: { least: 1, most: 3, opens: true, run: references },
  providers: asked(1, 2),
  pickzones: asked(3, 5),
  tologicalzone: asked(3, 3),
  tologicalzones: asked(3, 3),
  tophysicalzone: asked(3, 3),
  tophysicalzones: asked(3, 3),
};

/** What only Azure can answer. */
function asked(least: number, most: number) {
  return {
    least,
    most,
    run: (args: readonly Value[], call: Call): Value => unknown(call, args, 'made-by-azure'),
  };
}

interface IdParts {
  /** What stands before the type. */
  readonly before: readonly Text[];
  readonly type: string;
  readonly names: readonly Text[];
  readonly args: readonly Value[];
}

/** The first text with a slash is the type; subscriptions and groups have none. */
function idParts(args: readonly Value[], skipped = 0): IdParts | undefined {
  const at = args.findIndex((arg, index) => index >= skipped && isText(arg) && arg.value.includes('/'));
  const type = args[at];
  if (type === undefined || !isText(type)) return undefined;
  const texts = args.map(textOf).filter((text) => text !== undefined);
  if (texts.length < args.length) return undefined;
  return { before: texts.slice(0, at), type: type.value, names: texts.slice(at + 1), args };
}

function resourceId(args: readonly Value[], call: Call): Value {
  const parts = idParts(args);
  if (parts === undefined) return withoutType(args, call);
  const { before } = parts;
  const here = textOf(call.frame.scope.placePrefix(call.frame.origin)) ?? [];
  if (before.length === 0) return idValue(here, parts, call);
  const group = before.at(-1)!;
  const subscription = before.length > 1 ? before[0]! : subscriptionHere(call);
  return idValue(joined([['/subscriptions/'], subscription, ['/resourceGroups/'], group]), parts, call);
}

function subscriptionHere({ frame }: Call): Text {
  const subscription = frame.scope.subscription(frame.origin);
  const id = subscription.kind === 'object' ? subscription.entries.get('subscriptionId') : undefined;
  return (id && textOf(id)) ?? [];
}

function subscriptionResourceId(args: readonly Value[], call: Call): Value {
  const parts = idParts(args);
  if (parts === undefined) return withoutType(args, call);
  return idValue(joined([['/subscriptions/'], parts.before[0] ?? subscriptionHere(call)]), parts, call);
}

function tenantResourceId(args: readonly Value[], call: Call): Value {
  const parts = idParts(args);
  return parts === undefined ? withoutType(args, call) : idValue([], parts, call);
}

function managementGroupResourceId(args: readonly Value[], call: Call): Value {
  const parts = idParts(args);
  if (parts === undefined) return withoutType(args, call);
  const [group] = parts.before;
  const here = group ?? managementGroupHere(call);
  return idValue(joined([['/providers/Microsoft.Management/managementGroups/'], here]), parts, call);
}

function managementGroupHere({ frame }: Call): Text {
  const group = frame.scope.managementGroup(frame.origin);
  const name = group.kind === 'object' ? group.entries.get('name') : undefined;
  return (name && textOf(name)) ?? [];
}

function extensionResourceId(args: readonly Value[], call: Call): Value {
  const parts = idParts(args, 1);
  const base = args[0] === undefined ? undefined : textOf(args[0]);
  return parts === undefined || base === undefined ? withoutType(args, call) : idValue(base, parts, call);
}

function withoutType(args: readonly Value[], call: Call): Value {
  if (args.some(isOpen)) return derived(call, args);
  return faulty(call.expression, call.frame, `\`${call.expression.name}\` needs the type of a resource and its names`);
}

function idValue(prefix: Text, { type, names, args }: IdParts, call: Call): Value {
  const id = resourceIdText(prefix, type, names);
  if (id === undefined)
    return faulty(call.expression, call.frame, `\`${call.expression.name}\` needs a name for each part of the type`);
  return textValue(id, factsOf(call, [...args.filter(isOpen), call.frame.scope.placePrefix(call.frame.origin)]));
}

function reference(args: readonly Value[], call: Call): Value {
  const [target, , full] = args;
  if (target === undefined) return derived(call, args);
  const isFull = full !== undefined && isText(full) && full.value.toLowerCase() === 'full';
  const found = call.frame.scope.reference(target, isFull);
  return found ?? unknown(call, isOpen(target) && literalHead(target.parts) === '' ? [target] : [], 'made-by-azure');
}

function references(args: readonly Value[], call: Call): Value {
  const [symbol, , full] = args;
  const isFull = full !== undefined && isText(full) && full.value.toLowerCase() === 'full';
  const found = symbol !== undefined && isText(symbol) ? call.frame.scope.references(symbol.value, isFull) : undefined;
  return found === undefined ? unknown(call, args, 'made-by-azure') : list(found, call.frame.origin);
}
