// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of HCL look like those of JavaScript
import { describe, expect, test } from 'vitest';
import { originAt } from '../../text/positions.ts';
import { diagnosticOf } from '../../text/problem.ts';
import { readHcl } from './read-hcl.ts';
import { type Expression, textOf } from './syntax.ts';

function expressionOf(text: string): Expression {
  const { body, problems } = readHcl({ file: 'a.tf', text: `a = ${text}\n` });
  expect(problems).toEqual([]);
  return body.attributes.get('a')!.value;
}

/** An expression with its structure in brackets. */
function shape(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return JSON.stringify(expression.value);
    case 'template':
      return `<${expression.parts.map(shape).join(' ')}>`;
    case 'name':
      return expression.name;
    case 'traversal':
      return `${shape(expression.root)}${expression.steps.map(stepShape).join('')}`;
    case 'call':
      return `${expression.name}(${expression.args.map(shape).join(', ')}${expression.spread ? '...' : ''})`;
    case 'unary':
      return `(${expression.operator}${shape(expression.operand)})`;
    case 'binary':
      return `(${shape(expression.left)} ${expression.operator} ${shape(expression.right)})`;
    case 'conditional':
      return `(${shape(expression.condition)} ? ${shape(expression.whenTrue)} : ${shape(expression.whenFalse)})`;
    case 'tuple':
      return `[${expression.items.map(shape).join(', ')}]`;
    case 'object':
      return `{${expression.items.map(({ key, value }) => `${shape(key)} = ${shape(value)}`).join(', ')}}`;
    case 'for': {
      const head = `for ${expression.keyName ?? '_'}, ${expression.valueName} in ${shape(expression.collection)}`;
      const key = expression.key === undefined ? '' : `${shape(expression.key)} => `;
      const condition = expression.condition === undefined ? '' : ` if ${shape(expression.condition)}`;
      return `(${head} : ${key}${shape(expression.value)}${expression.grouped ? '...' : ''}${condition})`;
    }
    case 'for-template':
      return `(for ${expression.keyName ?? '_'}, ${expression.valueName} in ${shape(expression.collection)} ${shape(expression.body)})`;
  }
}

function stepShape(step: { kind: string; name?: string; key?: Expression; steps?: readonly object[] }): string {
  if (step.kind === 'attribute') return `.${step.name}`;
  if (step.kind === 'index') return `[${shape(step.key!)}]`;
  return `{*${(step.steps as Parameters<typeof stepShape>[0][]).map(stepShape).join('')}}`;
}

describe('expressions', () => {
  test.each([
    ['1', '1'],
    ['1.5e3', '1500'],
    ['true', 'true'],
    ['null', 'null'],
    ['"text"', '"text"'],
    ['"a\\n\\"b\\\\ \\u00e9 \\U0001F600"', '"a\\n\\"b\\\\ é 😀"'],
    ['"$${not} %%{this}"', '"${not} %{this}"'],
    ['"costs $5 and 5%"', '"costs $5 and 5%"'],
    ['"${var.a}"', 'var.a'],
    ['"a-${var.a}-b"', '<"a-" var.a "-b">'],
    ['"${"in ${var.a}"}"', '<"in " var.a>'],
    ['"a  ${~ var.a ~}  b"', '<"a" var.a "b">'],
    ['"%{ if a }x%{ else }y%{ endif }"', '<(a ? <"x"> : <"y">)>'],
    ['"%{ for k, v in m }${k}%{ endfor }!"', '<(for k, v in m <k>) "!">'],
    ['a.b.c', 'a.b.c'],
    ['a[0]["x"].b', 'a[0]["x"].b'],
    ['a.0.b', 'a[0].b'],
    ['a[*].b[0]', 'a{*.b[0]}'],
    ['a.*.b[0]', 'a{*.b}[0]'],
    ['f(1, [2]...)', 'f(1, [2]...)'],
    ['f()', 'f()'],
    ['provider::azurerm::parse(x)', 'provider::azurerm::parse(x)'],
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['(1 + 2) * 3', '((1 + 2) * 3)'],
    ['!a && b || c == d', '(((!a) && b) || (c == d))'],
    ['a <= b', '(a <= b)'],
    ['a % b', '(a % b)'],
    ['-a.b', '(-a.b)'],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['[1, 2, ]', '[1, 2]'],
    ['{ a = 1, "b" : 2, (c) = 3, "${d}-x" = 4 }', '{"a" = 1, "b" = 2, c = 3, <d "-x"> = 4}'],
    ['{\n  a = 1 # one\n  b = 2 // two\n\n  /* three */ c = 3\n}', '{"a" = 1, "b" = 2, "c" = 3}'],
    ['{ a =\n 1 }', '{"a" = 1}'],
    ['[for x in y : x.z]', '(for _, x in y : x.z)'],
    ['[for i, x in y : x if i > 0]', '(for i, x in y : x if (i > 0))'],
    ['{ for k, v in m : k => v... if v != null }', '(for k, v in m : k => v... if (v != null))'],
    ['[\n  for x in y :\n  x\n]', '(for _, x in y : x)'],
    ['f(\n  a,\n  b,\n)', 'f(a, b)'],
    ['(\n  a\n  && b\n)', '(a && b)'],
    ['<<EOT\nline ${a}\nEOT', '<"line " a "\\n">'],
    ['<<-EOT\n    a\n      b\n\n    c\n    EOT', '"a\\n  b\\n\\nc\\n"'],
    ['<<EOT\nraw \\n "quotes"\nEOT', '"raw \\\\n \\"quotes\\"\\n"'],
    ['<<EOT\nEOT', '""'],
  ])('%s', (text, expected) => {
    expect(shape(expressionOf(text))).toBe(expected);
  });

  test('know where they stand', () => {
    const text = 'a = [\n  var.one,\n  "x-${ var.two }",\n]\n';
    const { body } = readHcl({ file: 'a.tf', text });
    const list = body.attributes.get('a')!.value;
    if (list.kind !== 'tuple') throw new Error('not a list');
    const [one, two] = list.items;
    expect(textOf(one!)).toBe('var.one');
    expect(originAt(one!.source, one!.start)).toEqual({ file: 'a.tf', line: 2, column: 3 });
    if (two?.kind !== 'template') throw new Error('not a template');
    expect(originAt(two.source, two.parts[1]!.start)).toEqual({ file: 'a.tf', line: 3, column: 9 });
  });
});

describe('blocks', () => {
  test('have labels, attributes and blocks', () => {
    const text = 'resource "azurerm_lb" web {\n  name = "a"\n  one { x = 1 }\n  two {}\n  one {\n  }\n}\nlocals {}';
    const { body, problems } = readHcl({ file: 'a.tf', text });
    expect(problems).toEqual([]);
    const [lb, locals] = body.blocks;
    expect(lb?.labels).toEqual(['azurerm_lb', 'web']);
    expect(lb?.body.blocks.map(({ type }) => type)).toEqual(['one', 'two', 'one']);
    expect(locals?.type).toBe('locals');
  });

  test('read Windows line ends and a byte order mark', () => {
    const { body, problems } = readHcl({ file: 'a.tf', text: '\ufeffa = 1\r\nb {\r\n  c = <<E\r\nx\r\nE\r\n}\r\n' });
    expect(problems).toEqual([]);
    expect(body.attributes.size).toBe(1);
    expect(body.blocks).toHaveLength(1);
  });
});

describe('what is broken', () => {
  const good = 'resource "a" "good" {\n}\n';
  test.each([
    ['an unclosed list', 'resource "a" "b" {\n  x = [1,\n  y = 2\n}\n', 3],
    ['an unclosed block', 'resource "a" "b" {\n  x = 1\n  y {\n\n', 5],
    ['an unclosed text', 'resource "a" "b" {\n  x = "abc\n}\n', 2],
    ['an unclosed interpolation', 'resource "a" "b" {\n  x = "${abc"\n}\n', 2],
    ['a heredoc without end', 'resource "a" "b" {\n  x = <<EOT\n}\n', 2],
    ['a directive without end', 'resource "a" "b" {\n  x = "%{ if y }"\n}\n', 2],
    ['a directive out of place', 'resource "a" "b" {\n  x = "%{ endif }"\n}\n', 2],
    ['two attributes on one line', 'resource "a" "b" {\n  x = 1 y = 2\n}\n', 2],
    ['an attribute twice', 'resource "a" "b" {\n  x = 1\n  x = 2\n}\n', 3],
    ['a colon that is missing', 'resource "a" "b" {\n  x = a ? b\n}\n', 2],
    ['an unknown escape', 'resource "a" "b" {\n  x = "\\q"\n}\n', 2],
    ['no value', 'resource "a" "b" {\n  x =\n}\n', 2],
  ])('%s hides no other block', (_name, text, line) => {
    const source = { file: 'a.tf', text: text + good };
    const { body, problems } = readHcl(source);
    expect(body.blocks.map(({ labels }) => labels[1])).toEqual(['good']);
    expect(problems).toHaveLength(1);
    const diagnostic = diagnosticOf(source, problems[0]!);
    expect(diagnostic.code).toBe('RF1001');
    expect(diagnostic.origin?.line).toBe(line);
    expect(diagnostic.frame).toContain('^');
  });

  test.each([
    ['parentheses', `a = ${'('.repeat(100_000)}`],
    ['lists', `a = ${'['.repeat(100_000)}`],
    ['objects', `a = ${'{b='.repeat(100_000)}`],
    ['blocks', 'a {\n'.repeat(100_000)],
    ['interpolations', `a = ${'"${'.repeat(100_000)}`],
    ['signs', `a = ${'!'.repeat(100_000)}1`],
    ['conditions', `a = ${'b?1:'.repeat(100_000)}1`],
    ['splats', `a = b${'[*]'.repeat(100_000)}`],
    ['operators', `a = 1${'+1'.repeat(100_000)}`],
    ['directives', `a = "${'%{if b}'.repeat(100_000)}"`],
  ])('%s in one another are bounded', (_name, text) => {
    const { problems } = readHcl({ file: 'a.tf', text: `${text}\nresource "a" "good" {}\n` });
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]!.code).toMatch(/RF1001|RF1003/);
  });

  test('many broken blocks are reported up to a limit', () => {
    const { problems } = readHcl({ file: 'a.tf', text: 'resource "a" "b" {\n x = <<EOT\n'.repeat(10_000) });
    expect(problems).toHaveLength(50);
  });

  test('a chain of attributes of any length is read', () => {
    expect(readHcl({ file: 'a.tf', text: `a = b${'.c'.repeat(100_000)}\n` }).problems).toEqual([]);
  });
});
