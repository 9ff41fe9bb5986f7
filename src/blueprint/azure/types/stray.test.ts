import { expect, test } from 'vitest';
import { idOf, parameter, propertyOf, USER_ASSIGNED, type Value } from '../value.ts';
import { type Shape, strayIn } from './types.test-support.ts';

const RULE: Shape = { by: 'kind', kinds: { allow: { fields: { to: 'text' } } } };
const IDENTITY: Shape = { fields: { type: 'text', userAssignedIdentities: { map: '…' } } };

test.each<[string, Value, Shape, readonly string[]]>([
  ['what is published', { a: 'x' }, { fields: { a: 'text' } }, []],
  ['a field that the type lacks', { b: 'x' }, { fields: { a: 'text' } }, ['.b: not of the type']],
  ['a name that every object has', { constructor: 'x' }, { fields: {} }, ['.constructor: not of the type']],
  ['another spelling', { aBc: 1 }, { fields: { abc: 'number' } }, ['.aBc: not of the type']],
  ['a required field that is not set', {}, { fields: { a: 'text' }, required: ['a'] }, ['.a: lacks']],
  ['a field that is only known to be there', { a: 1 }, { fields: { a: '…' } }, ['.a: set, and not described']],
  ['a field that takes everything', { a: [1, { b: 'x' }] }, { fields: { a: 'any' } }, []],
  ['text for a number', { a: '1' }, { fields: { a: 'number' } }, ['.a: no number']],
  ['text for a boolean', { a: 'true' }, { fields: { a: 'boolean' } }, ['.a: no boolean']],
  ['a number for text', { a: 1 }, { fields: { a: 'text' } }, ['.a: no text']],
  ['one for a list', { a: 'x' }, { fields: { a: { list: 'text' } } }, ['.a: no list']],
  ['a list for one', { a: ['x'] }, { fields: { a: { fields: {} } } }, ['.a: no object']],
  ['each of a list', { a: ['x', 1] }, { fields: { a: { list: 'text' } } }, ['.a[1]: no text']],
  ['each of a map', { a: { x: 'y', z: 1 } }, { fields: { a: { map: 'text' } } }, ['.a.z: no text']],
  ['a word of a list', { a: 'on' }, { fields: { a: { oneOf: ['off', 'on'] } } }, []],
  ['a word in other letters', { a: 'On' }, { fields: { a: { oneOf: ['on'] } } }, ['.a: "On" is no word of it']],
  ['a field of its kind', { kind: 'allow', to: 'x' }, RULE, []],
  ['a field of another kind', { kind: 'allow', from: 'x' }, RULE, ['.from: not of the type']],
  ['a kind that is none', { kind: 'deny', to: 'x' }, RULE, ['.kind: "deny" is no kind of it']],
  ['an id where text is', { a: idOf('x') }, { fields: { a: 'text' } }, []],
  ['an id where a number is', { a: propertyOf('x', 'y') }, { fields: { a: 'number' } }, ['.a: an expression']],
  ['a parameter where a number is', { a: parameter('x') }, { fields: { a: 'number' } }, []],
  ['identities of a type that takes them', { [USER_ASSIGNED]: [idOf('x')] }, IDENTITY, []],
  [
    'identities of a type that takes none',
    { [USER_ASSIGNED]: [idOf('x')] },
    { fields: { type: 'text' } },
    ['.userAssignedIdentities: not of the type'],
  ],
  ['identities that are no list', { [USER_ASSIGNED]: 'x' }, IDENTITY, ['.userAssignedIdentities: no list']],
])('%s', (_, value, shape, stray) => {
  expect(strayIn(value, shape, '')).toEqual(stray);
});
