import type { AzureObject, AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { Expression, Step } from '../hcl/syntax.ts';
import { failure, isNull, isOpen, isSet, list, scalar, textValue, unsettled } from '../values.ts';
import { numberOf } from './operators.ts';
import { because, originOf, type Scope } from './run.ts';

type Evaluate = (expression: Expression, scope: Scope) => AzureValue;

/** A reference by name, or steps that go on from a value. */
type Path = { readonly expression: Expression; readonly steps: readonly Step[] } & (
  | { readonly name: string; readonly value?: undefined }
  | { readonly value: AzureValue; readonly name?: undefined }
);

/** The value at the end of a reference: `var.subnets["aks"].id`, `azurerm_subnet.all[*].id`. */
export function traverse(path: Path, scope: Scope, evaluate: Evaluate): AzureValue {
  const { expression, steps } = path;
  const way: Way = { expression, scope, evaluate };
  if (path.value !== undefined) return follow(path.value, steps, way);
  const named = scope.names.get(path.name);
  if (named !== undefined) return follow(named, steps, way);
  const found = scope.lookUp({ name: path.name, steps, at: expression, scope });
  if (found === undefined) return failure(path.name, originOf(expression));
  return follow(found.value, steps.slice(found.used), way);
}

/** Keys and values of a list or an object; objects in the order of their keys, as Terraform goes through them. */
export function pairsOf(value: AzureValue): (readonly [AzureValue, AzureValue])[] | undefined {
  if (value.kind === 'list') return value.items.map((item, index) => [scalar(index, value.origin), item] as const);
  if (value.kind !== 'object') return undefined;
  return sortedEntries(value).map(([key, item]) => [scalar(key, value.origin), item] as const);
}

export function sortedEntries({ entries }: AzureObject): (readonly [string, AzureValue])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

interface Way {
  readonly expression: Expression;
  readonly scope: Scope;
  readonly evaluate: Evaluate;
}

function follow(start: AzureValue, steps: readonly Step[], way: Way): AzureValue {
  let value = start;
  for (const step of steps) {
    switch (step.kind) {
      case 'attribute':
        value = attributeOf(value, step.name, way);
        break;
      case 'index':
        value = indexOf(value, way.evaluate(step.key, way.scope), way);
        break;
      case 'splat':
        value = splatOf(value, step.steps, way);
        break;
    }
  }
  return value;
}

function attributeOf(value: AzureValue, name: string, way: Way): AzureValue {
  if (value.kind === 'unsettled') return beyond(value, `.${name}`, way);
  if (value.kind === 'object') return entryOf(value, name, way);
  return failure(`${name} of something that has no attributes`, originOf(way.expression));
}

/** The origin is where the unknown thing is asked for, and the expression what it would be computed from. */
function beyond(value: AzureUnsettled, step: string, { expression }: Way): AzureValue {
  const origin = originOf(expression);
  if ('failed' in value) return failure(`${value.expression}${step}`, origin);
  return unsettled(`${value.expression}${step}`, value.why, origin);
}

function entryOf(value: AzureObject, name: string, { expression }: Way): AzureValue {
  const entry = value.entries.get(name);
  // An attribute of a resource that is null in the configuration is left to the provider.
  if (entry !== undefined && !(isOpen(value) && isNull(entry))) return entry;
  const origin = originOf(expression);
  if (!isOpen(value)) return failure(`${name}, which the object does not have`, origin);
  return unsettled(`${value.open.expression}.${name}`, SECRET_NAMES.test(name) ? 'secret' : value.open.why, origin);
}

/** What resources give out that must not be shown. */
const SECRET_NAMES =
  /(?:^|_)(?:password|passphrase|secret|token|connection_string|private_key\w*|(?:access|shared|account|primary|secondary)_key|kube_(?:admin_)?config(?:_raw)?|sas)$/;

function indexOf(value: AzureValue, key: AzureValue, way: Way): AzureValue {
  if (value.kind === 'unsettled') return beyond(value, `[${keyText(key)}]`, way);
  if (key.kind === 'unsettled') return because(key, way.expression);
  if (value.kind === 'object') {
    const name = textValue(key);
    return name === undefined ? failure('a key that is not text', originOf(way.expression)) : entryOf(value, name, way);
  }
  const index = numberOf(key);
  if (value.kind === 'list' && !isSet(value) && index !== undefined) {
    const item = value.items[index];
    if (item !== undefined) return item;
  }
  return failure(`[${keyText(key)}], which is not there`, originOf(way.expression));
}

function keyText(key: AzureValue): string {
  if (key.kind === 'unsettled') return key.expression;
  const text = textValue(key) ?? '';
  return key.kind === 'scalar' && typeof key.value === 'string' ? JSON.stringify(text) : text;
}

/** A splat of one thing is a list of it, of nothing the empty list (HCL spec, "Splat Operators"). */
function splatOf(value: AzureValue, steps: readonly Step[], way: Way): AzureValue {
  if (value.kind === 'unsettled') return because(value, way.expression);
  const items = value.kind === 'list' ? value.items : isNull(value) ? [] : [value];
  return list(
    items.map((item) => follow(item, steps, way)),
    value.origin,
  );
}
