import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import type { Block, Placed, Step } from '../hcl/syntax.ts';
import type { TerraformResource } from '../resource.ts';
import { failure, isNull, object, scalar, textValue, unsettled } from '../values.ts';
import { attributeOf, flagOf, literalOf, type ModuleConfig } from './config.ts';
import { type Copies, type Copy, copiesOf } from './copies.ts';
import { evaluate } from './evaluate.ts';
import { addressOf, copyAt, type Instances, instancesOf, wholeOf } from './instance.ts';
import { numberOf } from './operators.ts';
import { resolvePath } from './paths.ts';
import { type Providers, passedProviders, rootProviders, subscriptionFor } from './providers.ts';
import { type Found, lazily, originOf, type Reference, type Run, type Scope, spend, tell } from './run.ts';
import { converted } from './types.ts';

/** The modules of the input, by folder. */
export type Configs = ReadonlyMap<string, ModuleConfig>;

/** One module, called once: its names, its resources, and the modules that it calls. */
export interface ModuleInstance {
  readonly output: (name: string) => AzureValue;
  readonly outputs: () => AzureValue;
  /** All resources of the module and of those that it calls. */
  readonly resources: (condition?: AzureUnsettled) => Iterable<TerraformResource>;
}

export interface ModuleOptions {
  readonly run: Run;
  readonly configs: Configs;
  readonly config: ModuleConfig;
  readonly rootFolder: string;
  /** What `terraform.workspace` is, where it is known. */
  readonly workspace: string | undefined;
  /** `module.net["a"].`, or for one of several root modules `env/dev:`. */
  readonly path: string;
  /** The value that the caller gives a variable; undefined where it gives none. */
  readonly given: (name: string) => AzureValue | undefined;
  readonly providers: Providers | undefined;
  /** The major version of azurerm that the modules around this one ask for. */
  readonly azurerm: number | undefined;
  /** Folders of the modules around this one. */
  readonly around: readonly string[];
}

const DEEPEST_MODULES = 20;
/** Steps that an instance of a module costs: some tens of thousands of instances at most. */
const COST_OF_MODULE = 100;

export function moduleInstance(options: ModuleOptions): ModuleInstance {
  const { run, config, path } = options;
  const thunks = new Map<string, () => AzureValue>();
  const remembered = (key: string, at: Placed | undefined, make: () => AzureValue) => {
    const known = thunks.get(key);
    if (known !== undefined || at === undefined) return known?.();
    const thunk = lazily(run, at, make);
    thunks.set(key, thunk);
    return thunk();
  };
  const scope: Scope = {
    run,
    names: new Map(),
    folder: config.folder,
    rootFolder: options.rootFolder,
    lookUp: (reference) => lookUp(names, reference),
  };
  const providers = options.providers ?? rootProviders(config, scope);
  const blocks = instancesIn({ ...options, providers }, scope);
  const calls = callsIn({ ...options, providers }, scope);
  const names: Names = {
    options,
    calls,
    variable: (name) => {
      const block = config.variables.get(name);
      return remembered(`var.${name}`, block, () => variableValue(options, block!, scope));
    },
    local: (name) => {
      const value = config.locals.get(name)?.value;
      return remembered(`local.${name}`, value, () => evaluate(value!, scope));
    },
    instances: blocks,
  };
  const output = (name: string) => {
    const block = config.outputs.get(name);
    return remembered(`output.${name}`, block, () => outputValue(block!, scope)) ?? failure(`${path}${name}`, OUTSIDE);
  };
  return {
    output,
    outputs: () => object(new Map([...config.outputs.keys()].map((name) => [name, output(name)])), OUTSIDE),
    resources: (condition) => resourcesOf(names, condition),
  };
}

const OUTSIDE = { file: '', line: 0, column: 0 };

// ---------------------------------------------------------------- names

interface Names {
  readonly options: ModuleOptions;
  readonly variable: (name: string) => AzureValue | undefined;
  readonly local: (name: string) => AzureValue | undefined;
  /** By `azurerm_subnet.aks` and `data.azurerm_subnet.aks`. */
  readonly instances: ReadonlyMap<string, Instances>;
  readonly calls: ReadonlyMap<string, Call>;
}

function lookUp(names: Names, reference: Reference): Found | undefined {
  const [first, second] = reference.steps.map(attributeName);
  switch (reference.name) {
    case 'var':
      return found(first === undefined ? undefined : names.variable(first), 1);
    case 'local':
      return found(first === undefined ? undefined : names.local(first), 1);
    case 'module':
      return first === undefined ? undefined : moduleValue(names.calls.get(first), reference);
    case 'data':
      return instanceValue(names.instances.get(`data.${first}.${second}`), reference, 2);
    case 'path':
      return found(pathValue(names.options, first, reference), 1);
    case 'terraform':
      return found(terraformValue(names.options, first, reference), 1);
    default:
      return instanceValue(names.instances.get(`${reference.name}.${first}`), reference, 1);
  }
}

function attributeName(step: Step): string | undefined {
  return step.kind === 'attribute' ? step.name : undefined;
}

function found(value: AzureValue | undefined, used: number): Found | undefined {
  return value === undefined ? undefined : { value, used };
}

function pathValue({ config, rootFolder }: ModuleOptions, name: string | undefined, { at }: Reference): AzureValue {
  if (name === 'cwd') return unsettled('path.cwd', 'not-given', originOf(at));
  const folder = name === 'root' ? rootFolder : config.folder;
  return scalar(folder === '' ? '.' : folder, originOf(at));
}

function terraformValue({ workspace }: ModuleOptions, name: string | undefined, { at }: Reference): AzureValue {
  const origin = originOf(at);
  if (name !== 'workspace' || workspace === undefined) return unsettled(`terraform.${name}`, 'not-given', origin);
  return scalar(workspace, origin);
}

/** A reference to one copy is to that copy alone: the others need not be known. */
function instanceValue(instances: Instances | undefined, reference: Reference, used: number): Found | undefined {
  if (instances === undefined) return undefined;
  const { form } = instances.copies();
  const step = reference.steps[used];
  if (form !== 'single' && step?.kind === 'index') {
    const key = keyOf(step, reference);
    const copy = key === undefined ? undefined : copyAt(instances, key);
    if (copy !== undefined) return { value: instances.value(copy), used: used + 1 };
  }
  return { value: wholeOf(instances), used };
}

function keyOf(step: Extract<Step, { kind: 'index' }>, { scope }: Reference): string | number | undefined {
  const key = evaluate(step.key, scope);
  return key.kind === 'scalar' && typeof key.value === 'number' ? key.value : (numberOf(key) ?? textValue(key));
}

// ---------------------------------------------------------------- variables and outputs

function variableValue({ given, path }: ModuleOptions, block: Block, scope: Scope): AzureValue {
  const [name = ''] = block.labels;
  const origin = originOf(block);
  if (flagOf(block, 'sensitive') || flagOf(block, 'ephemeral')) return unsettled(`var.${name}`, 'secret', origin);
  const declared = attributeOf(block, 'default');
  const value = given(name);
  const isAbsent = value === undefined || (isNull(value) && flagOf(block, 'nullable') === false);
  const chosen = isAbsent && declared !== undefined ? evaluate(declared.value, scope) : value;
  if (chosen === undefined) return unsettled(`${path}var.${name}`, 'not-given', origin);
  return converted(chosen, attributeOf(block, 'type')?.value, (expression) => evaluate(expression, scope));
}

function outputValue(block: Block, scope: Scope): AzureValue {
  const [name = ''] = block.labels;
  const value = attributeOf(block, 'value');
  if (value === undefined) return failure(name, originOf(block));
  if (flagOf(block, 'sensitive')) return unsettled(`output.${name}`, 'secret', originOf(block));
  return evaluate(value.value, scope);
}

// ---------------------------------------------------------------- resources

type Inner = ModuleOptions & { readonly providers: Providers };

function instancesIn(options: Inner, scope: Scope): ReadonlyMap<string, Instances> {
  const { config, path, providers } = options;
  const azurerm = options.azurerm ?? config.azurerm;
  const out = new Map<string, Instances>();
  for (const [key, block] of config.resources) {
    const subscription = subscriptionFor(block, providers);
    out.set(key, instancesOf({ block, address: `${path}${key}`, scope, subscription, azurerm }));
  }
  for (const [key, block] of config.data) {
    const subscription = subscriptionFor(block, providers);
    out.set(`data.${key}`, instancesOf({ block, address: `${path}data.${key}`, scope, subscription, azurerm }));
  }
  return out;
}

function* resourcesOf(names: Names, around: AzureUnsettled | undefined): Iterable<TerraformResource> {
  const { rootFolder } = names.options;
  for (const instances of names.instances.values()) {
    const { block, address, subscription } = instances;
    if (block.type === 'data') continue;
    const { copies, condition = around } = instances.copies();
    for (const copy of copies) {
      const values = instances.value(copy);
      if (values.kind !== 'object') continue;
      const [type = '', name = ''] = block.labels;
      yield {
        address: addressOf(address, copy),
        type,
        name,
        values,
        subscription,
        root: rootFolder,
        ...(condition === undefined ? {} : { condition }),
        source: 'terraform',
        origin: originOf(block),
      };
    }
  }
  for (const call of names.calls.values()) {
    const { copies, condition = around } = call.copies();
    for (const copy of copies) yield* call.instance(copy)?.resources(condition) ?? [];
  }
}

// ---------------------------------------------------------------- modules

/** A `module` block. */
interface Call {
  readonly address: string;
  readonly copies: () => Copies;
  /** Undefined where the folder of the module is not in the input. */
  readonly instance: (copy: Copy) => ModuleInstance | undefined;
}

function callsIn(options: Inner, scope: Scope): ReadonlyMap<string, Call> {
  const out = new Map<string, Call>();
  for (const [name, block] of options.config.calls) {
    let copies: Copies | undefined;
    const known = new Map<Copy, ModuleInstance | undefined>();
    const address = `${options.path}module.${name}`;
    out.set(name, {
      address,
      copies: () => {
        copies ??= copiesOf(block, scope);
        return copies;
      },
      instance: (copy) => {
        if (!known.has(copy)) known.set(copy, calledInstance(options, block, { scope, copy, address }));
        return known.get(copy);
      },
    });
  }
  return out;
}

interface CallSite {
  readonly scope: Scope;
  readonly copy: Copy;
  readonly address: string;
}

function calledInstance(options: Inner, block: Block, { scope, copy, address }: CallSite): ModuleInstance | undefined {
  const config = calledConfig(options, block);
  if (config === undefined || !spend(scope, COST_OF_MODULE + config.resources.size)) return undefined;
  const names = new Map([...scope.names, ...copy.names]);
  const inner: Scope = { ...scope, names };
  const given = (name: string) => {
    const argument = attributeOf(block, name);
    return argument === undefined ? undefined : evaluate(argument.value, inner);
  };
  return moduleInstance({
    ...options,
    config,
    path: `${addressOf(address, copy)}.`,
    given,
    providers: passedProviders(block, options.providers),
    azurerm: options.azurerm ?? options.config.azurerm,
    around: [...options.around, options.config.folder],
  });
}

function calledConfig({ run, configs, config, around }: Inner, block: Block): ModuleConfig | undefined {
  const source = literalOf(block, 'source');
  const name = block.labels[0] ?? '';
  if (source === undefined || !/^\.{0,2}\//.test(source)) {
    const from = source === undefined ? 'somewhere that cannot be told' : `\`${source.slice(0, 200)}\``;
    tell(run, {
      code: 'RF5201',
      at: block,
      message: `the module \`${name}\` comes from ${from}, which is not in the input`,
    });
    return undefined;
  }
  const folder = resolvePath(config.folder, source);
  const called = configs.get(folder);
  if (called === undefined) {
    tell(run, {
      code: 'RF5201',
      at: block,
      message: `the folder \`${folder}\` of the module \`${name}\` is not in the input`,
    });
    return undefined;
  }
  if (around.includes(folder) || folder === config.folder || around.length >= DEEPEST_MODULES) {
    tell(run, { code: 'RF5203', at: block, message: `the module \`${name}\` calls itself` });
    return undefined;
  }
  return called;
}

function moduleValue(call: Call | undefined, reference: Reference): Found | undefined {
  if (call === undefined) return undefined;
  const { form, copies, condition } = call.copies();
  const step = reference.steps[1];
  const isIndexed = form !== 'single' && step?.kind === 'index';
  const key = isIndexed ? keyOf(step, reference) : undefined;
  const copy = form === 'single' ? copies[0] : copies.find((each) => each.key === key);
  if (copy === undefined || (form !== 'single' && !isIndexed)) return found(wholeCall(call, reference, condition), 1);
  const used = form === 'single' ? 1 : 2;
  const instance = call.instance(copy);
  const output = reference.steps[used];
  if (instance === undefined) return found(missing(call, reference), used);
  if (output?.kind !== 'attribute') return found(instance.outputs(), used);
  return { value: instance.output(output.name), used: used + 1 };
}

/** The outputs of all copies. */
function wholeCall(call: Call, reference: Reference, condition: AzureUnsettled | undefined): AzureValue {
  const { form, copies } = call.copies();
  const origin = originOf(reference.at);
  if (condition !== undefined) return unsettled(call.address, condition.why, origin);
  const values = copies.map((copy) => call.instance(copy)?.outputs() ?? missing(call, reference));
  if (form === 'list') return { kind: 'list', items: values, origin };
  return object(new Map(copies.map((copy, index) => [String(copy.key), values[index]!])), origin);
}

/** Not a failure: the module would have outputs if it were in the input. */
function missing(call: Call, { at }: Reference): AzureValue {
  return unsettled(call.address, 'not-readable', originOf(at));
}
