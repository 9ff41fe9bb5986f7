import { type Estate, type Unit, unitName, unitsOf } from '../azure/drafts.ts';
import {
  type Draft,
  type Expression,
  expressionsIn,
  isExpression,
  isList,
  neededBy,
  type Parameter,
  USER_ASSIGNED,
  type Value,
} from '../azure/value.ts';

/** Files by their path below `azure/`: `main.bicep`, and one below `modules/` for each unit. */
export function bicepFiles(estate: Estate): ReadonlyMap<string, string> {
  const units = unitsOf(estate);
  const files = new Map([['main.bicep', mainText(estate, units)]]);
  for (const unit of units) files.set(`modules/${unitName(unit)}.bicep`, unitText(estate, unit));
  return files;
}

// ---------------------------------------------------------------- what units hand to one another

/** What a unit needs of another one: an id or a property, under one name on both sides. */
interface Handed {
  readonly name: string;
  readonly told: Extract<Expression['$'], { readonly kind: 'id' | 'property' }>;
  readonly from: string;
}

/** Of what stands in other units. The scope of an extension and parents are in the unit itself, or are looked up there. */
function handedTo(estate: Estate, unit: Unit): readonly Handed[] {
  const found = new Map<string, Handed>();
  for (const draft of unit.drafts)
    for (const value of [draft.name, draft.body])
      for (const { $ } of expressionsIn(value)) {
        if ($.kind !== 'id' && $.kind !== 'property') continue;
        const from = unitName(estate.byKey.get($.of)!);
        if (from === unitName(unit)) continue;
        const told = $.kind === 'id' ? ({ kind: 'id', of: $.of } as const) : $;
        const name = handedName(told);
        found.set(name, { name, told, from });
      }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function handedName(told: Handed['told']): string {
  if (told.kind === 'id') return `${told.of}Id`;
  const last = told.path.split('.').at(-1)!.replaceAll(/\W/g, '');
  return `${told.of}${last.charAt(0).toUpperCase()}${last.slice(1)}`;
}

// ---------------------------------------------------------------- main.bicep

function mainText(estate: Estate, units: readonly Unit[]): string {
  const { location, groups, parameters } = estate;
  return [
    "targetScope = 'subscription'",
    '',
    ...parameters.flatMap((each) => [...parameterLines(each), '']),
    ...[...groups].flatMap(([group, name]) => [
      `resource ${groupSymbol(group)} 'Microsoft.Resources/resourceGroups@2022-09-01' = {`,
      `  name: ${quoted(name)}`,
      `  location: ${quoted(location)}`,
      '}',
      '',
    ]),
    ...units.flatMap((unit) => [...moduleLines(estate, unit), '']),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function groupSymbol(group: string): string {
  return `${group}Group`;
}

function symbolOf(unit: Pick<Draft, 'module' | 'group'>): string {
  return unitName(unit).replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

function moduleLines(estate: Estate, unit: Unit): readonly string[] {
  const handed = handedTo(estate, unit);
  const asked = parametersOf(estate, unit);
  const explicit = unit.after.filter((name) => !handed.some(({ from }) => from === name));
  const symbols = explicit.map((name) => symbolOf(estate.drafts.find((draft) => unitName(draft) === name)!));
  return [
    `module ${symbolOf(unit)} 'modules/${unitName(unit)}.bicep' = {`,
    `  name: ${quoted(unitName(unit))}`,
    ...(unit.group === 'subscription' ? [] : [`  scope: ${groupSymbol(unit.group)}`]),
    ...(handed.length + asked.length === 0
      ? []
      : [
          '  params: {',
          ...asked.map(({ name }) => `    ${name}: ${name}`),
          ...handed.map(({ name, told }) => `    ${name}: ${symbolOf(estate.byKey.get(told.of)!)}.outputs.${name}`),
          '  }',
        ]),
    ...(symbols.length === 0 ? [] : ['  dependsOn: [', ...symbols.map((symbol) => `    ${symbol}`), '  ]']),
    '}',
  ];
}

function parametersOf({ parameters }: Estate, { drafts }: Unit): readonly Parameter[] {
  const asked = new Set<string>();
  for (const { name, body } of drafts)
    for (const value of [name, body])
      for (const { $ } of expressionsIn(value)) if ($.kind === 'parameter') asked.add($.name);
  return parameters.filter(({ name }) => asked.has(name));
}

function parameterLines({ name, type, description, secure, default: given }: Parameter): readonly string[] {
  return [
    `@description(${quoted(description)})`,
    ...(secure === true ? ['@secure()'] : []),
    `param ${name} ${type}${given === undefined ? '' : ` = ${plainText(given, '')}`}`,
  ];
}

// ---------------------------------------------------------------- modules

interface Writing {
  readonly estate: Estate;
  readonly unit: string;
}

function unitText(estate: Estate, unit: Unit): string {
  const writing: Writing = { estate, unit: unitName(unit) };
  const handed = handedTo(estate, unit);
  const wanted = unitsOf(estate).flatMap((other) =>
    handedTo(estate, other).filter(({ from }) => from === writing.unit),
  );
  const outputs = new Map(wanted.map((each) => [each.name, each]));
  return [
    ...(unit.group === 'subscription' ? ["targetScope = 'subscription'", ''] : []),
    ...parametersOf(estate, unit).flatMap(({ default: _given, ...each }) => [...parameterLines(each), '']),
    ...handed.flatMap(({ name }) => [`param ${name} string`, '']),
    ...outsidersOf(writing, unit).flatMap((key) => [...existingLines(writing, key), '']),
    ...unit.drafts.flatMap((draft) => [...resourceLines(writing, draft), '']),
    ...[...outputs.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, told }) => `output ${name} string = ${expressionText(writing, { $: told })}`),
  ]
    .join('\n')
    .replace(/\n*$/, '\n');
}

/** Parents and scopes that another unit of the same group makes: looked up here. */
function outsidersOf({ estate, unit }: Writing, { drafts }: Unit): readonly string[] {
  const keys = drafts.flatMap(({ parent, scope }) => [parent, scope].filter((key) => key !== undefined));
  const chains = keys.flatMap((key) => chainOf(estate, key));
  return [...new Set(chains)].filter((key) => unitName(estate.byKey.get(key)!) !== unit);
}

/** The outermost parent first. */
function chainOf(estate: Estate, key: string): readonly string[] {
  const { parent } = estate.byKey.get(key)!;
  return parent === undefined ? [key] : [...chainOf(estate, parent), key];
}

function existingLines(writing: Writing, key: string): readonly string[] {
  const { type, apiVersion, name, parent } = writing.estate.byKey.get(key)!;
  return [
    `resource ${key} '${type}@${apiVersion}' existing = {`,
    ...(parent === undefined ? [] : [`  parent: ${parent}`]),
    `  name: ${valueText(writing, name, '  ')}`,
    '}',
  ];
}

function resourceLines(writing: Writing, draft: Draft): readonly string[] {
  const { key, type, apiVersion, name, parent, scope, body, why } = draft;
  return [
    ...(why === undefined ? [] : commentLines(why)),
    `resource ${key} '${type}@${apiVersion}' = {`,
    ...(parent === undefined ? [] : [`  parent: ${parent}`]),
    ...(scope === undefined ? [] : [`  scope: ${scope}`]),
    `  name: ${valueText(writing, name, '  ')}`,
    ...Object.entries(body).map(([field, value]) => `  ${fieldText(writing, { key: field, value, indent: '  ' })}`),
    ...afterLines(writing, draft),
    '}',
  ];
}

/** What the text itself does not name. */
function afterLines({ estate, unit }: Writing, draft: Draft): readonly string[] {
  const named = neededBy({ ...draft, after: [] });
  const own = (draft.after ?? []).filter((key) => !named.has(key) && unitName(estate.byKey.get(key)!) === unit);
  return own.length === 0 ? [] : ['  dependsOn: [', ...own.map((key) => `    ${key}`), '  ]'];
}

const WIDTH = 110;

function commentLines(why: string): readonly string[] {
  const lines = [''];
  for (const word of why.split(' ')) {
    if (lines.at(-1)!.length + word.length > WIDTH) lines.push('');
    lines.push(`${lines.pop()!} ${word}`);
  }
  return lines.map((line) => `//${line}`);
}

// ---------------------------------------------------------------- values

function valueText(writing: Writing, value: Value, indent: string): string {
  if (typeof value !== 'object') return plainText(value, indent);
  if (isExpression(value)) return expressionText(writing, value);
  const inner = `${indent}  `;
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return ['[', ...value.map((each) => `${inner}${valueText(writing, each, inner)}`), `${indent}]`].join('\n');
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  return [
    '{',
    ...entries.map(([key, each]) => `${inner}${fieldText(writing, { key, value: each, indent: inner })}`),
    `${indent}}`,
  ].join('\n');
}

interface Field {
  readonly key: string;
  readonly value: Value;
  readonly indent: string;
}

/** Keys that are ids are written as templates. */
function fieldText(writing: Writing, { key, value, indent }: Field): string {
  if (key !== USER_ASSIGNED || typeof value !== 'object' || !isList(value))
    return `${keyText(key)}: ${valueText(writing, value, indent)}`;
  const ids = value.map((each) => `${indent}  '\${${valueText(writing, each, indent)}}': {}`);
  return ['userAssignedIdentities: {', ...ids, `${indent}}`].join('\n');
}

function plainText(value: string | number | boolean | readonly string[], indent: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return `${value}`;
  if (value.length === 0) return '[]';
  return ['[', ...value.map((each) => `${indent}  ${quoted(each)}`), `${indent}]`].join('\n');
}

function expressionText(writing: Writing, { $ }: Expression): string {
  switch ($.kind) {
    case 'id': {
      const own = referenceText(writing, { kind: 'id', of: $.of });
      return $.part === undefined ? own : `'\${${own}}/${$.part}'`;
    }
    case 'own': {
      const { type, name } = writing.estate.byKey.get($.of)!;
      return `'\${resourceId('${type}', ${valueText(writing, name, '')})}/${$.part}'`;
    }
    case 'property':
      return referenceText(writing, $);
    case 'parameter':
      return $.name;
    case 'subscription':
      return 'subscription().subscriptionId';
    case 'tenant':
      return 'tenant().tenantId';
    case 'text':
      return `'${$.parts.map((part) => (typeof part === 'string' ? escaped(part) : `\${${expressionText(writing, part)}}`)).join('')}'`;
    case 'guid':
      return `guid(${$.parts.map((part) => (typeof part === 'string' ? quoted(part) : expressionText(writing, part))).join(', ')})`;
  }
}

/** Of this unit by its symbol, of another one by what was handed over. */
function referenceText({ estate, unit }: Writing, told: Handed['told']): string {
  if (unitName(estate.byKey.get(told.of)!) !== unit) return handedName(told);
  return told.kind === 'id' ? `${told.of}.id` : `${told.of}.${told.path}`;
}

/** "Escape with a backslash: `\`, `'`, and `$` before a brace" (Bicep, string literals). */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('${', '\\${').replaceAll('\n', '\\n');
}

function quoted(text: string): string {
  return `'${escaped(text)}'`;
}

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : quoted(key);
}
