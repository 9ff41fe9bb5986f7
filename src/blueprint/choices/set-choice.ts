import type { PlainObject, PlainValue } from '#model/plain.ts';

/** `paid.defender=false` put into choices: a path, and a value as YAML would read it. undefined: it has no such form. */
export function withChoice(choices: PlainObject, setting: string): PlainObject | undefined {
  const at = setting.indexOf('=');
  if (at < 1) return undefined;
  return put(choices, setting.slice(0, at).split('.'), valueOf(setting.slice(at + 1)));
}

function put(object: PlainObject, [head = '', ...rest]: readonly string[], value: PlainValue): PlainObject {
  if (rest.length === 0) return { ...object, [head]: value };
  const inner = Object.hasOwn(object, head) ? object[head] : undefined;
  const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
  return { ...object, [head]: put(isObject ? (inner as PlainObject) : {}, rest, value) };
}

function valueOf(text: string): PlainValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^\d+$/.test(text)) return Number(text);
  if (text.startsWith('[') && text.endsWith(']')) {
    const inside = text.slice(1, -1).trim();
    return inside === '' ? [] : inside.split(',').map((each) => valueOf(each.trim()));
  }
  return text;
}
