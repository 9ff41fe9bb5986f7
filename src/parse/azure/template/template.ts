import { escapeControl } from '#base/escape.ts';
import type { Origin } from '#model/origin.ts';
import type { MapNode, Node, SourceText } from '../../text/node.ts';
import type { Scope, UserFunction } from '../expression/scope.ts';
import { textValue } from '../expression/text.ts';
import {
  Entries,
  isNull,
  isOpen,
  type ObjectValue,
  object,
  open,
  placedAt,
  record,
  scalar,
  type Text,
  type Value,
} from '../expression/values.ts';
import { copiedValue, documentValue, isCopyList, type Place } from './document-value.ts';
import type { Instance } from './instance.ts';
import { instancesOf } from './instances.ts';
import { Lazy } from './lazy.ts';
import { Lookup } from './lookup.ts';
import { fieldOf, indexOf, itemsOf, mapOf, originOf, stringOf } from './nodes.ts';
import {
  declaredType,
  defaultOf,
  type Given,
  isNullable,
  isSecureType,
  missingParameter,
  secretParameter,
  withoutSecrets,
} from './parameters.ts';
import {
  groupValue,
  managementGroupValue,
  type Placement,
  prefixValue,
  subscriptionValue,
  tenantValue,
} from './placement.ts';
import type { World } from './world.ts';

export interface TemplateFacts {
  readonly world: World;
  readonly source: SourceText;
  readonly root: MapNode;
  /** The name of the deployment. */
  readonly name: Text;
  readonly placement: Placement;
  readonly given: (name: string) => Given | undefined;
  /** What tells this template's unknown parameters from those of other templates; empty where there are none. */
  readonly home: string;
  /** Where names are looked up instead: a template inside of another one may be evaluated as a part of it. */
  readonly outer?: Place;
  /** Templates that this one is inside of. */
  readonly levels: number;
  /** Present where it is not certain that the template is deployed. */
  readonly condition?: Value;
}

/** One template that is deployed once: what its parameters, variables and resources are. All is worked out when wanted. */
export class Template {
  readonly facts: TemplateFacts;
  readonly scope: Scope;
  readonly place: Place;
  readonly #parameters = new Map<string, Lazy<Value>>();
  readonly #variables = new Map<string, Lazy<Value>>();
  readonly #declared: ReadonlyMap<string, Node>;
  readonly #declaredVariables: ReadonlyMap<string, Node>;
  readonly #functions: ReadonlyMap<string, MapNode>;
  readonly #instances: Lazy<readonly Instance[]>;
  readonly #lookup: Lazy<Lookup>;
  readonly #outputs: Lazy<Value>;

  constructor(facts: TemplateFacts) {
    this.facts = facts;
    const { root, outer, source } = facts;
    this.#declared = indexOf(mapOf(root, 'parameters'));
    this.#declaredVariables = variablesIn(root);
    this.#functions = functionsIn(root);
    this.#instances = new Lazy(
      () => instancesOf(this),
      () => [],
    );
    this.#lookup = new Lazy(
      () => new Lookup(this.instances, facts.world),
      () => new Lookup([], facts.world),
    );
    this.#outputs = new Lazy(
      () => this.#readOutputs(),
      () => this.#cyclic('outputs', originOf(source, root)),
    );
    this.scope = outer === undefined ? this.#ownScope() : this.#partOf(outer.scope);
    this.place = { source, scope: this.scope, loops: outer?.loops ?? [] };
  }

  get instances(): readonly Instance[] {
    return this.#instances.get();
  }

  /** `{name: {type, value}}`, as `reference` of the deployment gives them. */
  get outputs(): Value {
    return this.#outputs.get();
  }

  /** The names of the parameters that have no value. */
  get missing(): readonly string[] {
    const out: string[] = [];
    for (const { key, value } of mapOf(this.facts.root, 'parameters')?.entries ?? []) {
      const type = declaredType(value, this.facts.root);
      const has = this.facts.given(key.toLowerCase()) !== undefined || defaultOf(value) !== undefined;
      if (!has && !isNullable(value) && !isNullable(type) && !isSecureType(type)) out.push(key);
    }
    return out;
  }

  #ownScope(): Scope {
    const { world, placement } = this.facts;
    const lookup = () => this.#lookup.get();
    return {
      meter: world.meter,
      parameter: (name) => this.#parameter(name.toLowerCase()),
      variable: (name) => this.#variable(name.toLowerCase()),
      userFunction: (name) => this.#function(name),
      deployment: (origin) => this.#deployment(origin),
      resourceGroup: (origin) => groupValue(placement, origin),
      subscription: (origin) => subscriptionValue(placement, origin),
      tenant: tenantValue,
      managementGroup: (origin) => managementGroupValue(placement, origin),
      placePrefix: (origin) => prefixValue(placement, origin),
      reference: (target, full) => lookup().find(target)?.referenced(full),
      references: (symbol, full) =>
        lookup()
          .loopOf(symbol)
          ?.map((instance) => instance.referenced(full)),
      report: (fault) => world.report(fault),
    };
  }

  /** Names mean what they mean outside; resources inside can be referred to as well. */
  #partOf(outer: Scope): Scope {
    const lookup = () => this.#lookup.get();
    return {
      ...outer,
      reference: (target, full) => lookup().find(target)?.referenced(full) ?? outer.reference(target, full),
    };
  }

  #parameter(name: string): Value | undefined {
    const declaration = this.#declared.get(name);
    if (declaration === undefined) return undefined;
    let lazy = this.#parameters.get(name);
    if (lazy === undefined) {
      const origin = originOf(this.facts.source, declaration);
      lazy = new Lazy(
        () => this.#readParameter(name, declaration),
        () => this.#cyclic(`parameters('${name}')`, origin),
      );
      this.#parameters.set(name, lazy);
    }
    return lazy.get();
  }

  #readParameter(name: string, declaration: Node): Value {
    const { source, root, given, home } = this.facts;
    const origin = originOf(source, declaration);
    const written = mapOf(root, 'parameters')?.entries.findLast(({ key }) => key.toLowerCase() === name)?.key ?? name;
    const type = declaredType(declaration, root);
    if (isSecureType(type)) return secretParameter(written, origin);
    const value = given(name)?.();
    const fallback = defaultOf(declaration);
    // Null for a parameter that has a default is as good as nothing.
    if (value !== undefined && (fallback === undefined || !isNull(value))) return withoutSecrets(value, type, root);
    if (fallback !== undefined) return withoutSecrets(documentValue(fallback, this.place), type, root);
    if (isNullable(declaration) || isNullable(type)) return scalar(null, origin);
    return missingParameter(written, home, origin);
  }

  #variable(name: string): Value | undefined {
    const declaration = this.#declaredVariables.get(name);
    if (declaration === undefined) return undefined;
    let lazy = this.#variables.get(name);
    if (lazy === undefined) {
      const origin = originOf(this.facts.source, declaration);
      const copied = isCopy(declaration) && name === stringOf(declaration, 'name')?.toLowerCase();
      lazy = new Lazy(
        () => (copied ? copiedValue(declaration, name, this.place) : documentValue(declaration, this.place)),
        () => this.#cyclic(`variables('${name}')`, origin),
      );
      this.#variables.set(name, lazy);
    }
    return lazy.get();
  }

  #function(name: string): UserFunction | undefined {
    const definition = this.#functions.get(name);
    const body = fieldOf(mapOf(definition, 'output'), 'value');
    if (definition === undefined || body === undefined) return undefined;
    return { call: (args) => this.#called(definition, body, args) };
  }

  /** Only its parameters have a meaning inside of a function, and other functions of the template. */
  #called(definition: MapNode, body: Node, args: readonly Value[]): Value {
    const names = itemsOf(definition, 'parameters').map(
      (parameter) => stringOf(parameter, 'name')?.toLowerCase() ?? '',
    );
    const values = new Map(names.map((name, index) => [name, args[index]]));
    const scope: Scope = {
      ...this.scope,
      parameter: (name) => values.get(name.toLowerCase()),
      variable: () => undefined,
      reference: () => undefined,
    };
    return documentValue(body, { source: this.facts.source, scope, loops: [] });
  }

  #deployment(origin: Origin): Value {
    const { name, root } = this.facts;
    const unsaid = (expression: string) => open({ expression, why: 'not-given', origin });
    const expression = 'deployment().name';
    const link = record({ uri: unsaid('deployment().properties.templateLink.uri') }, origin);
    const contentVersion = scalar(stringOf(root, 'contentversion') ?? '', origin);
    const properties = record({ template: record({ contentVersion }, origin), templateLink: link }, origin);
    const fields = {
      name: textValue(name, { expression, origin, from: unsaid(expression) }),
      location: unsaid('deployment().location'),
      properties: { ...properties, unlisted: unsaid('deployment().properties') },
    };
    return record(fields, origin);
  }

  #readOutputs(): Value {
    const { source, root } = this.facts;
    const entries = new Entries<Value>();
    const outputs = mapOf(root, 'outputs');
    for (const { key, value } of outputs?.entries ?? []) {
      const output = this.#readOutput(key, value);
      if (output !== undefined) entries.set(key, output);
    }
    return { ...object(entries.map, originOf(source, outputs ?? root)), whole: true };
  }

  #readOutput(name: string, node: Node): ObjectValue | undefined {
    const { source, root } = this.facts;
    const origin = originOf(source, node);
    const condition = fieldOf(node, 'condition');
    const holds = condition === undefined ? undefined : documentValue(condition, this.place);
    if (holds?.kind === 'scalar' && holds.value === false) return undefined;
    const type = declaredType(node, root);
    const kind = scalar(stringOf(type, 'type') ?? '', origin);
    if (isSecureType(type)) {
      const value = open({ expression: `outputs.${name}`, why: 'secret', origin });
      return record({ type: kind, value }, origin);
    }
    const copy = mapOf(node, 'copy');
    const value = fieldOf(node, 'value');
    const made = copy === undefined ? value && documentValue(value, this.place) : copiedValue(copy, '', this.place);
    if (made === undefined) return record({ type: kind }, origin);
    // Where the condition is not known, the output may not be there.
    const sure = holds !== undefined && isOpen(holds) ? placedAt(holds, origin) : withoutSecrets(made, type, root);
    return record({ type: kind, value: sure }, origin);
  }

  #cyclic(what: string, origin: Origin): Value {
    this.facts.world.report({ code: 'RF5101', message: `\`${escapeControl(what)}\` depends on itself`, origin });
    return open({ expression: what, why: 'not-readable', origin });
  }
}

function isCopy(node: Node): boolean {
  return fieldOf(node, 'count') !== undefined && fieldOf(node, 'input') !== undefined;
}

/** Variables by name in lower case; those that a loop makes are found by the name of the loop. */
function variablesIn(root: MapNode): ReadonlyMap<string, Node> {
  const variables = new Map<string, Node>();
  for (const { key, value } of mapOf(root, 'variables')?.entries ?? []) {
    if (key.toLowerCase() !== 'copy' || !isCopyList(value)) {
      variables.set(key.toLowerCase(), value);
      continue;
    }
    for (const copy of value.items) variables.set((stringOf(copy, 'name') ?? '').toLowerCase(), copy);
  }
  return variables;
}

function functionsIn(root: MapNode): ReadonlyMap<string, MapNode> {
  const functions = new Map<string, MapNode>();
  for (const group of itemsOf(root, 'functions')) {
    const namespace = stringOf(group, 'namespace') ?? '';
    for (const { key, value } of mapOf(group, 'members')?.entries ?? [])
      if (value.kind === 'map') functions.set(`${namespace}.${key}`.toLowerCase(), value);
  }
  return functions;
}
