import { describe, expect, test } from 'vitest';
import { evaluated, propertiesById, readFiles, template } from '../read.test-support.ts';

const NOT = { unsettled: expect.stringMatching(/not-readable|not-supported/) };

describe('expressions', () => {
  test.each([
    ['brackets', '('.repeat(100_000)],
    ['calls', 'not('.repeat(100_000)],
    ['indexes', `createArray()${'['.repeat(100_000)}`],
    ['quotes', "'".repeat(100_001)],
  ])('%s without end', (_, expression) => {
    expect(evaluated(expression).value).toMatchObject(NOT);
  });

  test('long chains are long and not deep', () => {
    expect(evaluated(`variables('a')${'.b'.repeat(50_000)}`, { variables: { a: {} } }).value).toMatchObject(NOT);
    expect(evaluated(`concat(${Array(20_000).fill("'a'").join(',')})`).value).toBe('a'.repeat(20_000));
  });
});

describe('variables', () => {
  test('that depend on themselves', () => {
    const variables = { a: "[variables('b')]", b: "[concat('x', variables('a'))]", c: "[variables('c')]" };
    expect(evaluated("variables('a')", { variables })).toMatchObject({
      value: { unsettled: 'not-readable' },
      messages: ["`variables('a')` depends on itself"],
    });
    expect(evaluated("variables('c')", { variables }).value).toMatchObject({ unsettled: 'not-readable' });
  });

  test('that double', () => {
    const doubling = (form: string) => {
      const variables: Record<string, string> = { v0: "[createArray('aaaaaaaa')]", t0: 'aaaaaaaa' };
      for (let i = 1; i <= 60; i++) variables[`v${i}`] = form.replaceAll('V', `variables('v${i - 1}')`);
      for (let i = 1; i <= 60; i++) variables[`t${i}`] = `[concat(variables('t${i - 1}'), variables('t${i - 1}'))]`;
      return variables;
    };
    for (const form of ['[concat(V, V)]', '[createArray(V, V)]', "[createObject('a', V, 'b', V)]"]) {
      const { value, messages } = evaluated("variables('v60')", { variables: doubling(form) });
      expect([...new Set(messages)]).toEqual(['the value grows past every size that Azure takes']);
      expect(JSON.stringify(value).length).toBeLessThan(1e8);
    }
    expect(evaluated("length(variables('t60'))", { variables: doubling('') }).value).toMatchObject(NOT);
  });

  test('in a long chain', () => {
    const variables: Record<string, string> = { v0: 'x' };
    for (let i = 1; i <= 20_000; i++) variables[`v${i}`] = `[concat(variables('v${i - 1}'), '')]`;
    expect(evaluated("variables('v20000')", { variables }).value).toMatchObject(NOT);
    expect(evaluated("variables('v100')", { variables }).value).toBe('x');
  });

  test('that nest without end', () => {
    const nest = "reduce(range(0, 10000), createArray(), lambda('cur', 'next', createArray(lambdaVariables('cur'))))";
    const { value, messages } = evaluated(nest);
    expect(messages).toEqual(['the value grows past every size that Azure takes']);
    expect(JSON.stringify(value).length).toBeLessThan(1000);
  });
});

describe('loops', () => {
  const vnet = { type: 'Microsoft.Network/virtualNetworks', apiVersion: '1', name: "[concat('v', copyIndex())]" };

  test.each([1e9, 801, -1, 1.5, 'many'])('of %s rounds', (count) => {
    const reading = readFiles({
      'main.json': template({
        variables: { copy: [{ name: 'x', count, input: 'x' }] },
        resources: [
          { copy: { name: 'c', count }, ...vnet },
          { ...vnet, name: 'kept', properties: { copy: [{ name: 'x', count, input: 1 }], y: "[variables('x')]" } },
        ],
      }),
    });
    expect(reading.resources.map(({ name }) => name)).toEqual(['kept']);
    expect(Object.values(propertiesById(reading))).toMatchObject([{ x: NOT, y: NOT }]);
  });

  test('inside of loops inside of loops', () => {
    const inner = (count: number): object => ({
      copy: [{ name: 'x', count: 800, input: count === 0 ? 1 : inner(count - 1) }],
    });
    const reading = readFiles({ 'main.json': template({ resources: [{ ...vnet, name: 'a', properties: inner(3) }] }) });
    expect(reading.diagnostics.map(({ code }) => code)).toContain('RF5104');
  });

  test('of deployments inside of deployments', () => {
    const nested = (levels: number): object => ({
      type: 'Microsoft.Resources/deployments',
      apiVersion: '1',
      name: `[concat('d${levels}-', copyIndex())]`,
      copy: { name: `c${levels}`, count: 800 },
      properties: { template: template({ resources: [levels === 0 ? vnet : nested(levels - 1)] }) },
    });
    const reading = readFiles({ 'main.json': template({ resources: [nested(4)] }) });
    expect(reading.diagnostics.map(({ code }) => code)).toContain('RF5104');
    expect(reading.resources.length).toBeLessThanOrEqual(20_000);
  });
});

describe('references', () => {
  const vnet = (name: string, properties: object = {}) => ({
    type: 'Microsoft.Network/virtualNetworks',
    apiVersion: '1',
    name,
    properties,
  });

  test('to itself, and in a circle', () => {
    const reading = readFiles({
      'main.json': template({
        resources: [
          vnet('a', { x: "[reference('a').x]" }),
          vnet('b', { x: "[reference('c').x]" }),
          vnet('c', { x: "[reference('b').x]" }),
          vnet("[reference('a').name]"),
        ],
      }),
    });
    expect(reading.resources).toHaveLength(4);
    for (const properties of Object.values(propertiesById(reading)).slice(0, 3))
      expect(properties).toMatchObject({ x: { unsettled: expect.any(String) } });
  });

  test('a template that links to itself', () => {
    const link = {
      type: 'Microsoft.Resources/deployments',
      apiVersion: '1',
      name: 'self',
      properties: { templateLink: { relativePath: 'main.json' } },
    };
    const reading = readFiles({ 'main.json': template({ resources: [link, vnet('a')] }) });
    expect(reading.resources.map(({ name }) => name)).toEqual(['a']);
    expect(reading.diagnostics.map(({ code }) => code)).toContain('RF5104');
  });
});

test.each<[what: string, root: unknown]>([
  ['resources that are none', { resources: [1, 'x', null, [], {}, { type: 3 }, { type: 'a' }, { type: '' }] }],
  ['resources that are text', { resources: 'x' }],
  [
    'everything of another type',
    {
      parameters: [],
      variables: 'x',
      functions: {},
      outputs: 3,
      resources: [{ type: 'A/b', name: {}, properties: 'x', copy: [], condition: [] }],
    },
  ],
  ['keys that are expressions', { resources: [{ type: 'A/b', name: 'c', '[nothing()]': 1, "[concat('a', 'b')]": 2 }] }],
  ['a mapping of nothing', { resources: { a: null, b: 3 } }],
])('%s', (_, parts) => {
  expect(() => readFiles({ 'main.json': template(parts as Record<string, unknown>) })).not.toThrow();
});
