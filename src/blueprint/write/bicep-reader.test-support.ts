/**
 * Reads the part of Bicep that is written here: parameters, resources, modules, outputs, strings with values in them. A
 * check of our own text and no compiler: what is not known, asked for twice, handed over in vain or left out throws.
 */
export interface BicepResource {
  readonly id: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly body: BicepObject;
}

/** What only a deployment knows is this text. */
export const OPEN = '?';

export type BicepValue = string | number | boolean | readonly BicepValue[] | BicepObject;
export interface BicepObject {
  readonly [key: string]: BicepValue;
}

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';

/** Every resource of `main.bicep` and of its modules. */
export function bicepResources(files: ReadonlyMap<string, string>): readonly BicepResource[] {
  return evaluated(files, { file: 'main.bicep', scope: SUBSCRIPTION, given: undefined }).resources;
}

// ---------------------------------------------------------------- evaluation

interface Run {
  readonly file: string;
  /** The id of the group or subscription. */
  readonly scope: string;
  /** Undefined for `main.bicep`, whose parameters a person gives. */
  readonly given: BicepObject | undefined;
}

interface Evaluated {
  readonly resources: readonly BicepResource[];
  readonly outputs: ReadonlyMap<string, BicepValue>;
}

type Symbol =
  | { readonly kind: 'value'; readonly value: BicepValue }
  | { readonly kind: 'resource'; readonly id: string; readonly type: string; readonly name: BicepValue }
  | { readonly kind: 'module'; readonly outputs: ReadonlyMap<string, BicepValue> };

interface Context {
  readonly run: Run;
  readonly symbols: ReadonlyMap<string, Symbol>;
  readonly used: Set<string>;
}

function evaluated(files: ReadonlyMap<string, string>, run: Run): Evaluated {
  const text = files.get(run.file);
  if (text === undefined) throw new Error(`there is no ${run.file}`);
  const symbols = new Map<string, Symbol>();
  const context: Context = { run, symbols, used: new Set() };
  const resources: BicepResource[] = [];
  const outputs = new Map<string, BicepValue>();
  const statements = inOrder(parsed(text, run.file), run.file);
  for (const statement of statements) {
    const symbol = made(statement);
    if (symbol !== undefined) symbols.set(statement.name, symbol);
  }
  const params = statements.filter(({ kind }) => kind === 'param').map(({ name }) => name);
  const unused = params.find((name) => !context.used.has(name));
  if (unused !== undefined) throw new Error(`${run.file} asks for ${unused} and does not use it`);
  const unknown = Object.keys(run.given ?? {}).find((name) => !params.includes(name));
  if (unknown !== undefined) throw new Error(`${run.file} is given ${unknown}, for which it does not ask`);
  return { resources, outputs };

  function made(statement: Statement): Symbol | undefined {
    switch (statement.kind) {
      case 'param':
        return { kind: 'value', value: parameterValue(context, statement) };
      case 'output':
        outputs.set(statement.name, valueOf(context, statement.value));
        return undefined;
      case 'module': {
        const inner = moduleOf(files, context, statement);
        resources.push(...inner.resources);
        return { kind: 'module', outputs: inner.outputs };
      }
      case 'resource': {
        const { symbol, resource } = resourceOf(context, statement);
        if (!statement.existing) resources.push(resource);
        return symbol;
      }
    }
  }
}

function parameterValue(context: Context, { name, value }: Param): BicepValue {
  const { given, file } = context.run;
  if (given?.[name] !== undefined) return given[name];
  if (given !== undefined && value === undefined) throw new Error(`${file} is not given ${name}`);
  return value === undefined ? OPEN : valueOf(context, value);
}

function moduleOf(files: ReadonlyMap<string, string>, context: Context, { path, body }: Module): Evaluated {
  const { scope, params } = body;
  const given = params === undefined ? {} : objectOf(valueOf(context, params));
  for (const symbol of symbolList(body['dependsOn'])) symbolAt(context, symbol);
  return evaluated(files, {
    file: path,
    given,
    scope: scope === undefined ? context.run.scope : resourceAt(context, scope).id,
  });
}

function resourceOf(context: Context, { type, apiVersion, body, existing }: Resource) {
  const { parent, scope, name, dependsOn, ...rest } = body;
  for (const symbol of symbolList(dependsOn)) symbolAt(context, symbol);
  if (name === undefined) throw new Error(`a ${type} has no name`);
  const own = valueOf(context, name);
  const last = type.slice(type.lastIndexOf('/') + 1);
  const id = idAt();
  const resource: BicepResource = { id, type, apiVersion, body: objectOf(valueOf(context, { object: rest })) };
  if (existing && Object.keys(rest).length > 0) throw new Error(`${id} exists and is told what it is`);
  return { symbol: { kind: 'resource', id, type, name: own } as const, resource };

  function idAt(): string {
    if (parent !== undefined) {
      const above = resourceAt(context, parent);
      if (`${above.type}/${last}` !== type) throw new Error(`a ${type} is no child of a ${above.type}`);
      return `${above.id}/${last}/${own}`;
    }
    if (type === 'Microsoft.Resources/resourceGroups') return `${context.run.scope}/resourceGroups/${own}`;
    const at = scope === undefined ? context.run.scope : resourceAt(context, scope).id;
    return `${at}/providers/${type}/${own}`;
  }
}

function symbolAt({ symbols, used, run }: Context, name: string): Symbol {
  const symbol = symbols.get(name);
  if (symbol === undefined) throw new Error(`${run.file} knows no ${name}`);
  used.add(name);
  return symbol;
}

function resourceAt(context: Context, value: Expr): Extract<Symbol, { readonly kind: 'resource' }> {
  const symbol = typeof value === 'object' && 'symbol' in value ? symbolAt(context, value.symbol) : undefined;
  if (symbol?.kind !== 'resource') throw new Error(`${context.run.file}: a resource is wanted`);
  return symbol;
}

function valueOf(context: Context, value: Expr): BicepValue {
  if (typeof value !== 'object') return value;
  if ('list' in value) return value.list.map((each) => valueOf(context, each));
  if ('object' in value)
    return Object.fromEntries(
      Object.entries(value.object).map(([key, each]) => [keyOf(context, key), valueOf(context, each)]),
    );
  if ('text' in value) {
    const parts = value.text.map((part) => `${valueOf(context, part)}`);
    return parts.some((part) => part === OPEN) ? OPEN : parts.join('');
  }
  if ('call' in value) return called(context, value);
  if ('of' in value) return memberOf(context, value);
  const symbol = symbolAt(context, value.symbol);
  if (symbol.kind !== 'value') throw new Error(`${context.run.file}: ${value.symbol} is no value`);
  return symbol.value;
}

/** A key that is a template: `'${clusterIdentityId}'`. */
function keyOf(context: Context, key: string): string {
  return key.includes('${') ? `${valueOf(context, new Reader(`'${key}'`, context.run.file).expression())}` : key;
}

function called(context: Context, { call, with: given }: Extract<Expr, { readonly call: string }>): BicepValue {
  const values = given.map((each) => valueOf(context, each));
  switch (call) {
    case 'guid':
      return OPEN;
    case 'subscription':
      return { subscriptionId: SUBSCRIPTION.split('/')[2]! };
    case 'tenant':
      return { tenantId: OPEN };
    case 'resourceId':
      return `${context.run.scope}/providers/${values.join('/')}`;
    default:
      throw new Error(`${context.run.file}: no function ${call} is written`);
  }
}

function memberOf(context: Context, { of, member }: Extract<Expr, { readonly member: string }>): BicepValue {
  if (typeof of === 'object' && 'symbol' in of) {
    const symbol = symbolAt(context, of.symbol);
    if (symbol.kind === 'resource') return member === 'id' ? symbol.id : member === 'name' ? symbol.name : OPEN;
    if (symbol.kind === 'module') {
      if (member !== 'outputs') throw new Error(`${of.symbol} is a module and has no ${member}`);
      return Object.fromEntries(symbol.outputs);
    }
  }
  const value = valueOf(context, of);
  if (value === OPEN) return OPEN;
  const found = objectOf(value)[member];
  if (found === undefined) throw new Error(`${context.run.file}: there is no ${member}`);
  return found;
}

function objectOf(value: BicepValue): BicepObject {
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error('an object is wanted');
  return value as BicepObject;
}

// ---------------------------------------------------------------- statements

type Expr =
  | string
  | number
  | boolean
  | { readonly list: readonly Expr[] }
  | { readonly object: Readonly<Record<string, Expr>> }
  | { readonly text: readonly Expr[] }
  | { readonly call: string; readonly with: readonly Expr[] }
  | { readonly of: Expr; readonly member: string }
  | { readonly symbol: string };

interface Param {
  readonly kind: 'param';
  readonly name: string;
  readonly value: Expr | undefined;
}
interface Output {
  readonly kind: 'output';
  readonly name: string;
  readonly value: Expr;
}
interface Module {
  readonly kind: 'module';
  readonly name: string;
  readonly path: string;
  readonly body: Readonly<Record<string, Expr>>;
}
interface Resource {
  readonly kind: 'resource';
  readonly name: string;
  readonly type: string;
  readonly apiVersion: string;
  readonly existing: boolean;
  readonly body: Readonly<Record<string, Expr>>;
}
type Statement = Param | Output | Module | Resource;

/** Symbols of `dependsOn`. */
function symbolList(value: Expr | undefined): readonly string[] {
  if (value === undefined) return [];
  const names = typeof value === 'object' && 'list' in value ? value.list : [];
  return names.map((each) => {
    if (typeof each !== 'object' || !('symbol' in each)) throw new Error('dependsOn names symbols');
    return each.symbol;
  });
}

/** What is needed first, as in Bicep the order of the text says nothing. Throws where two need each other. */
function inOrder(statements: readonly Statement[], file: string): readonly Statement[] {
  const byName = new Map<string, Statement>();
  for (const statement of statements.filter(({ kind }) => kind !== 'output')) {
    if (byName.has(statement.name)) throw new Error(`${file} says ${statement.name} twice`);
    byName.set(statement.name, statement);
  }
  const placed = new Set<Statement>();
  const open = new Set<Statement>();
  const place = (statement: Statement) => {
    if (placed.has(statement)) return;
    if (open.has(statement)) throw new Error(`${file}: ${statement.name} needs itself`);
    open.add(statement);
    const inside = 'body' in statement ? { object: statement.body } : (statement.value ?? '');
    for (const name of symbolsIn(inside)) if (byName.has(name)) place(byName.get(name)!);
    placed.add(statement);
  };
  for (const statement of statements) place(statement);
  return [...placed];
}

function* symbolsIn(value: Expr): Generator<string> {
  if (typeof value !== 'object') return;
  if ('symbol' in value) yield value.symbol;
  const inner =
    'list' in value
      ? value.list
      : 'text' in value
        ? value.text
        : 'call' in value
          ? value.with
          : 'of' in value
            ? [value.of]
            : 'object' in value
              ? [...Object.values(value.object), ...Object.keys(value.object).flatMap(symbolsOfKey)]
              : [];
  for (const each of inner) yield* symbolsIn(each);
}

function symbolsOfKey(key: string): readonly Expr[] {
  return key.includes('${') ? [new Reader(`'${key}'`, 'a key').expression()] : [];
}

function parsed(text: string, file: string): readonly Statement[] {
  const reader = new Reader(text, file);
  const statements: Statement[] = [];
  while (!reader.isAtEnd()) {
    const statement = reader.statement();
    if (statement !== undefined) statements.push(statement);
  }
  return statements;
}

/** Walks over one text; a class for the place at which it stands. */
class Reader {
  private at = 0;
  private readonly text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  isAtEnd(): boolean {
    this.space();
    return this.at >= this.text.length;
  }

  statement(): Statement | undefined {
    if (this.eats('@')) {
      this.expression();
      return undefined;
    }
    const word = this.word();
    if (word === 'targetScope') {
      this.wants('=');
      if (this.expression() !== 'subscription') throw this.wrong('targetScope');
      return undefined;
    }
    const name = this.word();
    switch (word) {
      case 'param':
        this.word();
        return { kind: 'param', name, value: this.eats('=') ? this.expression() : undefined };
      case 'output':
        this.word();
        this.wants('=');
        return { kind: 'output', name, value: this.expression() };
      case 'module': {
        const path = this.plainText();
        this.wants('=');
        return { kind: 'module', name, path, body: this.object() };
      }
      case 'resource': {
        const [type, apiVersion] = this.plainText().split('@');
        const existing = this.eats('existing');
        this.wants('=');
        if (type === undefined || apiVersion === undefined) throw this.wrong('a version');
        return { kind: 'resource', name, type, apiVersion, existing, body: this.object() };
      }
      default:
        throw this.wrong(word);
    }
  }

  expression(): Expr {
    let value = this.primary();
    while (true) {
      if (this.text[this.at] === '.') {
        this.at++;
        value = { of: value, member: this.word() };
      } else if (this.text[this.at] === '[') {
        this.at++;
        value = { of: value, member: `${this.expression()}` };
        this.wants(']');
      } else return value;
    }
  }

  private primary(): Expr {
    this.space();
    const next = this.text[this.at] ?? '';
    if (next === "'") return this.template();
    if (next === '{') return { object: this.object() };
    if (next === '[') return { list: this.list() };
    const number = this.matches(/-?\d+/y);
    if (number !== undefined) return Number(number);
    const word = this.word();
    if (word === 'true' || word === 'false') return word === 'true';
    if (this.text[this.at] !== '(') return { symbol: word };
    this.at++;
    const given: Expr[] = [];
    while (!this.eats(')')) {
      given.push(this.expression());
      this.eats(',');
    }
    return { call: word, with: given };
  }

  private list(): readonly Expr[] {
    this.wants('[');
    const items: Expr[] = [];
    while (!this.eats(']')) items.push(this.expression());
    return items;
  }

  private object(): Readonly<Record<string, Expr>> {
    this.wants('{');
    const entries: Record<string, Expr> = {};
    while (!this.eats('}')) {
      this.space();
      const key = this.text[this.at] === "'" ? this.rawText() : this.word();
      if (key in entries) throw this.wrong(`${key} twice`);
      this.wants(':');
      entries[key] = this.expression();
    }
    return entries;
  }

  /** `'a${b}c'` */
  private template(): Expr {
    this.wants("'");
    const parts: Expr[] = [];
    let plain = '';
    while (this.text[this.at] !== "'") {
      const two = this.text.slice(this.at, this.at + 2);
      if (two === '' || two[0] === '\n') throw this.wrong('the end of a text');
      if (two === '${') {
        this.at += 2;
        parts.push(plain, this.expression());
        plain = '';
        this.wants('}');
      } else if (two[0] === '\\') {
        const escaped = ESCAPES[two[1] ?? ''];
        if (escaped === undefined) throw this.wrong(`the escape ${two}`);
        plain += escaped;
        this.at += 2;
      } else {
        plain += two[0];
        this.at++;
      }
    }
    this.at++;
    return parts.length === 0 ? plain : { text: [...parts, plain] };
  }

  private rawText(): string {
    const raw = this.matches(/'[^'\n]*'/y);
    if (raw === undefined) throw this.wrong('a key');
    return raw.slice(1, -1);
  }

  private plainText(): string {
    const value = this.expression();
    if (typeof value !== 'string') throw this.wrong('a text without values');
    return value;
  }

  private word(): string {
    this.space();
    const word = this.matches(/[A-Za-z_]\w*/y);
    if (word === undefined) throw this.wrong('a word');
    return word;
  }

  private eats(token: string): boolean {
    this.space();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private wants(token: string): void {
    if (!this.eats(token)) throw this.wrong(token);
  }

  private matches(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Space and comments. */
  private space(): void {
    this.matches(/(?:\s|\/\/[^\n]*)*/y);
  }

  private wrong(what: string): Error {
    const line = this.text.slice(0, this.at).split('\n').length;
    return new Error(`${this.file}:${line}: ${what} (${JSON.stringify(this.text.slice(this.at, this.at + 30))})`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { "'": "'", '\\': '\\', n: '\n', $: '$' };
