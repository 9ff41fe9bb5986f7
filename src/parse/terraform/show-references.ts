import type { AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import type { Node } from '../text/node.ts';
import { childOf, itemsOfNode, textOfNode } from './node-values.ts';
import { unsettled } from './values.ts';

/** One module of a plan: where its resources are, and the configuration that says what they refer to. */
export interface ShownModule {
  /** `module.net["eu"].`, or nothing for the root. */
  readonly path: string;
  readonly config: Node | undefined;
  readonly outer: ShownModule | undefined;
  /** The `module_calls` entry that it comes from. */
  readonly call: Node | undefined;
}

/** The value of an attribute of a planned resource, by the address of the resource. */
export type Planned = (address: string, attribute: string) => AzureValue | undefined;

export interface Unknown {
  readonly module: ShownModule;
  /** What the configuration says about the attribute: `{ references: [...] }`. */
  readonly expression: Node | undefined;
  readonly origin: Origin;
  /** `azurerm_subnet.aks.route_table_id` */
  readonly name: string;
}

const DEEPEST = 30;

/**
 * What is known only after the plan is applied, as far as the configuration tells it. Plans name what an expression
 * refers to and not the expression: only one reference, to one attribute of one resource, is taken for its value.
 */
export function unknownValue(unknown: Unknown, planned: Planned): AzureValue {
  const references = referencesOf(unknown.expression);
  const only = references.length === 1 ? references[0] : undefined;
  const value = only === undefined ? undefined : followed(only, { module: unknown.module, planned, depth: 0 });
  if (value !== undefined) return value;
  const expression = references.length === 0 ? unknown.name : references.join(', ');
  return unsettled(expression, 'made-by-azure', unknown.origin);
}

interface Way {
  readonly module: ShownModule;
  readonly planned: Planned;
  readonly depth: number;
}

/** References without those that another one goes on from: `a.b` where there is `a.b.id`. */
function referencesOf(expression: Node | undefined): string[] {
  const all = itemsOfNode(childOf(expression, 'references')).flatMap((node) => textOfNode(node) ?? []);
  return all.filter((each) => !all.some((other) => other !== each && isPrefix(each, other)));
}

function isPrefix(short: string, long: string): boolean {
  return long.startsWith(short) && (long[short.length] === '.' || long[short.length] === '[');
}

const RESOURCE = /^([a-z][\w-]*\.[\w-]+(?:\[(?:\d+|"[^"]*")\])?)\.([\w-]+)$/i;
const OUTPUT = /^module\.([\w-]+)(\[(?:\d+|"[^"]*")\])?\.([\w-]+)$/;
const VARIABLE = /^var\.([\w-]+)$/;

function followed(reference: string, way: Way): AzureValue | undefined {
  if (way.depth > DEEPEST) return undefined;
  const { module, planned } = way;
  const [, variable] = VARIABLE.exec(reference) ?? [];
  if (variable !== undefined) return throughVariable(variable, way);
  const [, name, key = '', output] = OUTPUT.exec(reference) ?? [];
  if (name !== undefined && output !== undefined) return throughOutput({ name, key, output }, way);
  const [, resource, attribute] = RESOURCE.exec(reference) ?? [];
  if (resource === undefined || attribute === undefined || resource.startsWith('data.')) return undefined;
  return planned(`${module.path}${resource}`, attribute);
}

function throughVariable(name: string, { module, planned, depth }: Way): AzureValue | undefined {
  if (module.outer === undefined) return undefined;
  const [only, ...more] = referencesOf(childOf(childOf(module.call, 'expressions'), name));
  if (only === undefined || more.length > 0) return undefined;
  return followed(only, { module: module.outer, planned, depth: depth + 1 });
}

function throughOutput(to: { name: string; key: string; output: string }, { module, planned, depth }: Way) {
  const call = childOf(childOf(module.config, 'module_calls'), to.name);
  const config = childOf(call, 'module');
  const expression = childOf(childOf(childOf(config, 'outputs'), to.output), 'expression');
  const [only, ...more] = referencesOf(expression);
  if (only === undefined || more.length > 0) return undefined;
  const inner: ShownModule = { path: `${module.path}module.${to.name}${to.key}.`, config, outer: module, call };
  return followed(only, { module: inner, planned, depth: depth + 1 });
}
