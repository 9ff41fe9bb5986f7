import { describe, expect, test } from 'vitest';
import { evaluated } from '../read.test-support.ts';

// Where a value is an example of Microsoft's documentation ("Template functions"), the test keeps that example's words.

const DOGS = [
  { name: 'Evie', age: 5, interests: ['Ball', 'Frisbee'] },
  { name: 'Casper', age: 3, interests: ['Other dogs'] },
  { name: 'Indy', age: 2, interests: ['Butter'] },
  { name: 'Kira', age: 8, interests: ['Rubs'] },
];

const PARTS = {
  parameters: {
    three: { type: 'array', defaultValue: ['one', 'two', 'three'] },
    object: { type: 'object', defaultValue: { one: 'a', two: 'b', three: 'c' } },
    open: { type: 'string' },
    openList: { type: 'array' },
    openFlag: { type: 'bool' },
    password: { type: 'securestring', defaultValue: 'hunter2' },
  },
  variables: {
    dogs: DOGS,
    first: { property: { one: 'a', two: 'b', three: 'c1' }, nestedArray: [1, 2] },
    second: { property: { three: 'c2', four: 'd', five: 'e' }, nestedArray: [3, 4] },
  },
};

const not = (why: string, from: string) => ({ unsettled: why, from });

describe('texts', () => {
  test.each<[expression: string, value: unknown]>([
    ["base64('one, two, three')", 'b25lLCB0d28sIHRocmVl'],
    ["base64ToString(base64('one, two, three'))", 'one, two, three'],
    [`base64ToJson(base64('{"one": "a", "two": "b"}'))`, { one: 'a', two: 'b' }],
    ["concat('prefix', '-', 'x')", 'prefix-x'],
    ["concat('a', 1, true())", 'a1True'],
    ["contains('OneTwoThree', 'e')", true],
    ["contains('OneTwoThree', 'z')", false],
    ["dataUri('Hello')", 'data:text/plain;charset=utf8;base64,SGVsbG8='],
    ["dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", 'Hello, World!'],
    ["dataUriToString('data:,a%20b')", 'a b'],
    ["empty('')", true],
    ["startsWith('abcdef', 'ab')", true],
    ["startsWith('abcdef', 'A')", true],
    ["startsWith('abcdef', 'e')", false],
    ["endsWith('abcdef', 'ef')", true],
    ["endsWith('abcdef', 'F')", true],
    ["endsWith('abcdef', 'e')", false],
    ["first('One Two Three')", 'O'],
    ["last('One Two Three')", 'e'],
    [
      "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
      'Hello, User. Formatted number: 8,175,133',
    ],
    [
      "format('{{{0}}} {1,4}|{1,-4}|{2:D3} {3:X4} {4:00} {5}', 'a', 7, 5, 255, 3, true())",
      '{a}    7|7   |005 00FF 03 True',
    ],
    ["format('{0}{1}', null(), createArray(1))", '[1]'],
    ["indexOf('test', 't')", 0],
    ["lastIndexOf('test', 't')", 3],
    ["indexOf('abcdef', 'CD')", 2],
    ["lastIndexOf('abcdef', 'AB')", 0],
    ["indexOf('abcdef', 'z')", -1],
    ["join(createArray('one', 'two'), ',')", 'one,two'],
    ["length('One Two Three')", 13],
    ["padLeft('123', 10, '0')", '0000000123'],
    ["padLeft('12345', 3)", '12345'],
    ["replace('123-123-1234', '-', '')", '1231231234'],
    ["replace('123-123-1234', '1234', 'xxxx')", '123-123-xxxx'],
    ["skip('one two three', 4)", 'two three'],
    ["split('one,two,three', ',')", ['one', 'two', 'three']],
    ["split('one;two,three', createArray(',', ';'))", ['one', 'two', 'three']],
    [`string(createObject('valueA', 10, 'valueB', 'Example Text'))`, '{"valueA":10,"valueB":"Example Text"}'],
    ["string(createArray('a', 'b', 'c'))", '["a","b","c"]'],
    ['string(5)', '5'],
    ['string(true())', 'True'],
    ["substring('one two three', 4, 3)", 'two'],
    ["take('one two three', 2)", 'on'],
    ["toLower('One Two Three')", 'one two three'],
    ["toUpper('One Two Three')", 'ONE TWO THREE'],
    ["trim('    one two three   ')", 'one two three'],
    ["uri('http://contoso.org/firstpath', 'myscript.sh')", 'http://contoso.org/myscript.sh'],
    ["uri('http://contoso.org/firstpath/', 'myscript.sh')", 'http://contoso.org/firstpath/myscript.sh'],
    ["uri('http://contoso.org', 'myscript.sh')", 'http://contoso.org/myscript.sh'],
    ["uri('http://contoso.org/firstpath/azuredeploy.json', 'myscript.sh')", 'http://contoso.org/firstpath/myscript.sh'],
    [
      "uriComponent('http://contoso.com/resources/nested/azuredeploy.json')",
      'http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json',
    ],
    ["uriComponentToString('http%3A%2F%2Fcontoso.com')", 'http://contoso.com'],
    ["'it''s'", "it's"],
    // Values that Azure itself gave: published in tests and articles on the function.
    ["uniqueString('hello', 'world')", 'a7wkljktk6wne'],
    [
      "uniqueString('/subscriptions/31e9f9a0-9fd2-4294-a0a3-0101246d9700/resourceGroups/rg-modm201-20230913120256/providers/Microsoft.Compute/virtualMachines/bobjacmodm201')",
      'yvjxno3je5on2',
    ],
    ["length(uniqueString('a'))", 13],
    // uuid5 of Python, in the namespace that the documentation names
    ["guid('a', 'b', 'c')", 'a98fa280-e03f-5afa-8d8e-92d0a9c201e8'],
  ])('%s', (expression, value) => {
    expect(evaluated(expression, PARTS)).toEqual({ value, messages: [] });
  });
});

describe('lists and objects', () => {
  test.each<[expression: string, value: unknown]>([
    ['array(1)', [1]],
    ["array('efgh')", ['efgh']],
    ["array(createObject('a', 'b', 'c', 'd'))", [{ a: 'b', c: 'd' }]],
    ["concat(createArray('1-1', '1-2'), createArray('2-1'))", ['1-1', '1-2', '2-1']],
    ["contains(parameters('object'), 'ONE')", true],
    ["contains(parameters('object'), 'a')", false],
    ["contains(parameters('three'), 'three')", true],
    ["contains(parameters('three'), 'Three')", false],
    ['createArray()', []],
    ['empty(createObject())', true],
    ['empty(null())', true],
    ["first(parameters('three'))", 'one'],
    ["last(parameters('three'))", 'three'],
    [
      "intersection(parameters('object'), createObject('one', 'a', 'two', 'z', 'three', 'c'))",
      { one: 'a', three: 'c' },
    ],
    ["intersection(parameters('three'), createArray('two', 'three'))", ['two', 'three']],
    ["length(parameters('three'))", 3],
    ['max(0, 3, 2, 5, 4)', 5],
    ['min(createArray(0, 3, 2, 5, 4))', 0],
    ['range(5, 3)', [5, 6, 7]],
    ["skip(parameters('three'), 2)", ['three']],
    ["take(parameters('three'), 2)", ['one', 'two']],
    [
      "union(createObject('one', 'a', 'two', 'b', 'three', 'c1'), createObject('three', 'c2', 'four', 'd', 'five', 'e'))",
      { one: 'a', two: 'b', three: 'c2', four: 'd', five: 'e' },
    ],
    ["union(createArray('one', 'two', 'three'), createArray('three', 'four'))", ['one', 'two', 'three', 'four']],
    [
      "union(variables('first'), variables('second'))",
      { property: { one: 'a', two: 'b', three: 'c2', four: 'd', five: 'e' }, nestedArray: [3, 4] },
    ],
    [
      "shallowMerge(createArray(variables('first'), variables('second')))",
      { property: { three: 'c2', four: 'd', five: 'e' }, nestedArray: [3, 4] },
    ],
    [
      "items(createObject('item002', 2, 'item001', 1))",
      [
        { key: 'item001', value: 1 },
        { key: 'item002', value: 2 },
      ],
    ],
    ["objectKeys(createObject('b', 2, 'a', 1))", ['a', 'b']],
    ["indexOf(parameters('three'), 'two')", 1],
    ['flatten(createArray(createArray(1), createArray(2, 3)))', [1, 2, 3]],
    ["tryGet(parameters('object'), 'none')", null],
    ["tryGet(parameters('object'), 'one')", 'a'],
    ["tryGet(null(), 'one')", null],
    ["tryIndexFromEnd(parameters('three'), 1)", 'three'],
    ["tryIndexFromEnd(parameters('three'), 4)", null],
    ["indexFromEnd(parameters('three'), 3)", 'one'],
    [`json('{"a": [1, true, null]}')`, { a: [1, true, null] }],
    ["json('null')", null],
    ["parameters('object').ONE", 'a'],
    ["parameters('OBJECT')['two']", 'b'],
    ["parameters('object').?none", null],
    ["parameters('object').?none.deep", not('not-readable', "parameters('object').?none.deep")],
    ["parameters('object').?none.?deep", null],
    ["variables('dogs')[1].interests[0]", 'Other dogs'],
    ["coalesce(null(), 'a')", 'a'],
    ['coalesce(null(), null())', null],
  ])('%s', (expression, value) => {
    expect(evaluated(expression, PARTS).value).toEqual(value);
  });
});

describe('numbers, comparisons, logic, dates', () => {
  test.each<[expression: string, value: unknown]>([
    ['add(5, 3)', 8],
    ['div(8, 3)', 2],
    ['mod(7, 3)', 1],
    ['mul(5, 3)', 15],
    ['sub(7, 3)', 4],
    ["int('4')", 4],
    ["float('3.5')", 3.5],
    ['-4', -4],
    ['equals(1, 1)', true],
    ["equals('a', 'A')", false],
    ["equals(createArray('a', 'b'), createArray('a', 'b'))", true],
    ["equals(createObject('a', 1), createObject('A', 1))", true],
    ["equals(1, '1')", false],
    ['greater(1, 2)', false],
    ["greater('A', 'a')", false],
    ['greaterOrEquals(2, 2)', true],
    ['less(1, 2)', true],
    ["lessOrEquals('a', 'b')", true],
    ['and(true(), false())', false],
    ['or(false(), true())', true],
    ['not(false())', true],
    ["bool('true')", true],
    ["bool('False')", false],
    ['bool(1)', true],
    ["if(equals('a', 'a'), 'yes', 'no')", 'yes'],
    ["if(true(), 'yes', div(1, 0))", 'yes'],
    ["dateTimeToEpoch('2022-01-01T00:00:00Z')", 1640995200],
    ['dateTimeFromEpoch(1640995200)', '2022-01-01T00:00:00Z'],
    ['dateTimeFromEpoch(951782400)', '2000-02-29T00:00:00Z'],
    ["dateTimeToEpoch('1969-12-31T23:00:00-01:00')", 0],
  ])('%s', (expression, value) => {
    expect(evaluated(expression, PARTS)).toEqual({ value, messages: [] });
  });
});

describe('networks', () => {
  test.each<[expression: string, value: unknown]>([
    [
      "parseCidr('10.144.0.0/20')",
      {
        network: '10.144.0.0',
        netmask: '255.255.240.0',
        broadcast: '10.144.15.255',
        firstUsable: '10.144.0.1',
        lastUsable: '10.144.15.254',
        cidr: 20,
      },
    ],
    [
      "parseCidr('fdad:3236:5555::/48')",
      {
        network: 'fdad:3236:5555::',
        netmask: 'ffff:ffff:ffff::',
        firstUsable: 'fdad:3236:5555::',
        lastUsable: 'fdad:3236:5555:ffff:ffff:ffff:ffff:ffff',
        cidr: 48,
      },
    ],
    [
      "map(range(0, 5), lambda('i', cidrSubnet('10.144.0.0/20', 24, lambdaVariables('i'))))",
      ['10.144.0.0/24', '10.144.1.0/24', '10.144.2.0/24', '10.144.3.0/24', '10.144.4.0/24'],
    ],
    [
      "map(range(0, 2), lambda('i', cidrSubnet('fdad:3236:5555::/48', 52, lambdaVariables('i'))))",
      ['fdad:3236:5555::/52', 'fdad:3236:5555:1000::/52'],
    ],
    [
      "map(range(0, 3), lambda('i', cidrHost('10.144.3.0/24', lambdaVariables('i'))))",
      ['10.144.3.1', '10.144.3.2', '10.144.3.3'],
    ],
    ["cidrHost('fdad:3236:5555:3000::/52', 0)", 'fdad:3236:5555:3000::1'],
  ])('%s', (expression, value) => {
    expect(evaluated(expression, PARTS)).toEqual({ value, messages: [] });
  });
});

describe('lambdas', () => {
  const [evie, casper, indy, kira] = DOGS;

  test.each<[expression: string, value: unknown]>([
    ["filter(variables('dogs'), lambda('dog', greaterOrEquals(lambdaVariables('dog').age, 5)))", [evie, kira]],
    ["filter(range(0, 10), lambda('i', equals(0, mod(lambdaVariables('i'), 2))))", [0, 2, 4, 6, 8]],
    [
      "map(variables('dogs'), lambda('dog', format('Hello {0}!', lambdaVariables('dog').name)))",
      ['Hello Evie!', 'Hello Casper!', 'Hello Indy!', 'Hello Kira!'],
    ],
    [
      "map(createArray('a', 'b'), lambda('x', 'i', format('{0}{1}', lambdaVariables('x'), lambdaVariables('i'))))",
      ['a0', 'b1'],
    ],
    [
      "reduce(map(variables('dogs'), lambda('dog', lambdaVariables('dog').age)), 1, lambda('cur', 'next', add(lambdaVariables('cur'), lambdaVariables('next'))))",
      19,
    ],
    [
      "reduce(createArray(createObject('foo', 123), createObject('bar', 456)), createObject(), lambda('cur', 'next', union(lambdaVariables('cur'), lambdaVariables('next'))))",
      { foo: 123, bar: 456 },
    ],
    [
      "sort(variables('dogs'), lambda('a', 'b', less(lambdaVariables('a').age, lambdaVariables('b').age)))",
      [indy, casper, evie, kira],
    ],
    [
      "toObject(variables('dogs'), lambda('entry', lambdaVariables('entry').name), lambda('entry', lambdaVariables('entry').age))",
      { Evie: 5, Casper: 3, Indy: 2, Kira: 8 },
    ],
    [
      "mapValues(createObject('foo', 'foo', 'bar', 'bar'), lambda('val', toUpper(lambdaVariables('val'))))",
      { foo: 'FOO', bar: 'BAR' },
    ],
    [
      "groupBy(createArray('foo', 'bar', 'baz'), lambda('x', substring(lambdaVariables('x'), 0, 1)))",
      { f: ['foo'], b: ['bar', 'baz'] },
    ],
  ])('%s', (expression, value) => {
    expect(evaluated(expression, PARTS)).toEqual({ value, messages: [] });
  });
});

const PLACE = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/this-resource-group';

describe('places and ids', () => {
  test.each<[expression: string, value: unknown]>([
    ['resourceGroup().id', PLACE],
    ['resourceGroup().name', 'this-resource-group'],
    ['subscription().subscriptionId', '00000000-0000-0000-0000-000000000000'],
    ['resourceGroup().location', not('not-given', 'resourceGroup().location')],
    [
      "resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub', 'aks')",
      `${PLACE}/providers/Microsoft.Network/virtualNetworks/hub/subnets/aks`,
    ],
    [
      "resourceId('other', 'Microsoft.Network/virtualNetworks', 'hub')",
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/other/providers/Microsoft.Network/virtualNetworks/hub',
    ],
    [
      "resourceId('5', 'other', 'Microsoft.Network/virtualNetworks', 'hub')",
      '/subscriptions/5/resourceGroups/other/providers/Microsoft.Network/virtualNetworks/hub',
    ],
    [
      "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'x')",
      '/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Authorization/roleDefinitions/x',
    ],
    [
      "tenantResourceId('Microsoft.Authorization/roleDefinitions', 'x')",
      '/providers/Microsoft.Authorization/roleDefinitions/x',
    ],
    [
      "managementGroupResourceId('m', 'Microsoft.Authorization/policyDefinitions', 'x')",
      '/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Authorization/policyDefinitions/x',
    ],
    [
      "extensionResourceId(resourceGroup().id, 'Microsoft.Authorization/locks', 'x')",
      `${PLACE}/providers/Microsoft.Authorization/locks/x`,
    ],
    [
      "resourceId('Microsoft.Network/virtualNetworks/subnets', parameters('open'), 'aks')",
      `${PLACE}/providers/Microsoft.Network/virtualNetworks/{parameters('open')}/subnets/aks`,
    ],
    ["last(split(resourceId('Microsoft.Network/virtualNetworks', 'hub'), '/'))", 'hub'],
    ["split(resourceId('Microsoft.Network/virtualNetworks/subnets', parameters('open'), 'aks'), '/')[10]", 'aks'],
    ['environment().suffixes.storage', 'core.windows.net'],
    ["format('privatelink.blob.{0}', environment().suffixes.storage)", 'privatelink.blob.core.windows.net'],
    ['tenant().tenantId', '00000000-0000-0000-0000-000000000000'],
    [
      "pickZones('Microsoft.Network', 'natGateways', 'westeurope')",
      not('made-by-azure', "pickZones('Microsoft.Network', 'natGateways', 'westeurope')"),
    ],
  ])('%s', (expression, value) => {
    expect(evaluated(expression, PARTS)).toEqual({ value, messages: [] });
  });
});

describe('what cannot be known', () => {
  const o = not('not-given', "parameters('open')");

  test.each<[expression: string, value: unknown]>([
    ["parameters('open')", o],
    ["concat('a', parameters('open'))", not('not-given', "concat('a', parameters('open'))")],
    ["format('{0}/32', parameters('open'))", not('not-given', "format('{0}/32', parameters('open'))")],
    ["and(equals(parameters('open'), 'a'), false())", false],
    ["or(equals(parameters('open'), 'a'), true())", true],
    ["and(equals(parameters('open'), 'a'), true())", not('not-given', "and(equals(parameters('open'), 'a'), true())")],
    ["if(parameters('openFlag'), 'a', 'a')", 'a'],
    ["if(parameters('openFlag'), 'a', 'b')", not('not-given', "if(parameters('openFlag'), 'a', 'b')")],
    [
      "if(parameters('openFlag'), createObject('same', 1, 'other', 2), createObject('same', 1))",
      {
        same: 1,
        other: not(
          'not-given',
          "if(parameters('openFlag'), createObject('same', 1, 'other', 2), createObject('same', 1))",
        ),
      },
    ],
    [
      "union(createObject('a', 1), if(parameters('openFlag'), createObject('b', 2), createObject()))",
      { a: 1, b: not('not-given', "if(parameters('openFlag'), createObject('b', 2), createObject())") },
    ],
    [
      "contains(if(parameters('openFlag'), createObject('b', 2), createObject()), 'b')",
      not('not-given', "contains(if(parameters('openFlag'), createObject('b', 2), createObject()), 'b')"),
    ],
    [
      "length(if(parameters('openFlag'), createObject('b', 2), createObject()))",
      not('not-given', "length(if(parameters('openFlag'), createObject('b', 2), createObject()))"),
    ],
    ["empty(format('x{0}', parameters('open')))", false],
    ["empty(parameters('open'))", not('not-given', "empty(parameters('open'))")],
    ["equals(format('a-{0}', parameters('open')), 'b-1')", false],
    ["equals(parameters('open'), parameters('open'))", true],
    ["equals(format('{0}-a', parameters('open')), 'x-b')", false],
    ["equals(format('{0}-a', parameters('open')), 'a')", false],
    ["startsWith(format('vnet-{0}', parameters('open')), 'VNET')", true],
    ["startsWith(format('vnet-{0}', parameters('open')), 'snet')", false],
    ["contains(createArray('a', parameters('open')), 'a')", true],
    [
      "contains(createArray('a', parameters('open')), 'b')",
      not('not-given', "contains(createArray('a', parameters('open')), 'b')"),
    ],
    ["length(createArray('a', parameters('open')))", 2],
    ["createArray('a', parameters('open'))", ['a', o]],
    [
      "concat(createArray('a'), parameters('openList'))",
      not('not-given', "concat(createArray('a'), parameters('openList'))"),
    ],
    ["map(parameters('openList'), lambda('x', 1))", not('not-given', "map(parameters('openList'), lambda('x', 1))")],
    ["parameters('openList')[0].name", not('not-given', "parameters('openList')[0].name")],
    ["split(parameters('open'), '/')[8]", not('not-given', "split(parameters('open'), '/')[8]")],
    ["split(resourceGroup().name, '-')[1]", not('not-given', "split(resourceGroup().name, '-')[1]")],
    ['uniqueString(resourceGroup().id)', not('not-given', 'uniqueString(resourceGroup().id)')],
    ['guid(subscription().id)', not('not-given', 'guid(subscription().id)')],
    [
      "equals(resourceGroup().name, 'this-resource-group')",
      not('not-given', "equals(resourceGroup().name, 'this-resource-group')"),
    ],
    ['take(resourceGroup().name, 4)', not('not-given', 'take(resourceGroup().name, 4)')],
    ["utcNow('d')", not('made-by-azure', "utcNow('d')")],
    ['equals(newGuid(), newGuid())', not('made-by-azure', 'equals(newGuid(), newGuid())')],
    ["coalesce(parameters('open'), 'a')", not('not-given', "coalesce(parameters('open'), 'a')")],
    ["parameters('password')", not('secret', "parameters('password')")],
    ["concat('x', parameters('password'))", not('secret', "concat('x', parameters('password'))")],
    ["length(parameters('password'))", not('secret', "length(parameters('password'))")],
    [
      "listKeys(resourceId('Microsoft.Storage/storageAccounts', 'a'), '2021-01-01').keys[0].value",
      not('secret', "listKeys(resourceId('Microsoft.Storage/storageAccounts', 'a'), '2021-01-01').keys[0].value"),
    ],
  ])('%s', (expression, value) => {
    expect(evaluated(expression, PARTS)).toEqual({ value, messages: [] });
  });
});

describe('what Azure would refuse', () => {
  test.each<[expression: string, message: RegExp]>([
    ['', /character 2/],
    ["concat('a'", /character 12: a comma or `\)`/],
    ["concat('a", /the text does not end/],
    ["concat('a') x", /should end here/],
    ['true', /`\(` is expected/],
    ['nothing()', /not a function that Ringfence knows/],
    ["parameters('none')", /no parameter `none`/],
    ["variables('none')", /no variable `none`/],
    ["parameters('object').none", /no property `none`/],
    ["parameters('three')[7]", /has 3 items, and none at `7`/],
    ["substring('abc', 2, 5)", /has 3 characters/],
    ['div(1, 0)', /cannot be worked out/],
    ["if('a', 1, 2)", /needs true or false/],
    ['not(1)', /true or false/],
    ['equals(1)', /takes 2 arguments and has 1/],
    ['range(0, 10001)', /0 to 10000/],
    ["createObject('a')", /each with a value/],
    ["resourceId('Microsoft.Network/virtualNetworks/subnets', 'hub')", /a name for each part of the type/],
    ["json('{')", /cannot read/],
    ["cidrSubnet('10.0.0.0/24', 26, 4)", /outside of the network/],
    ["copyIndex('none')", /no loop of this name/],
    ["lambdaVariables('x')", /no lambda variable/],
    ["fail('no')", /says `fail`/],
    ["format('{1}', 'a')", /argument that is not there/],
  ])('%s', (expression, message) => {
    const { value, messages } = evaluated(expression, PARTS);
    expect(messages.join('\n')).toMatch(message);
    expect(value).toMatchObject({ unsettled: expect.stringMatching(/not-readable|not-supported/) });
  });
});
