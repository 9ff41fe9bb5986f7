import type { BuiltinTable } from '../builtin.ts';
import { valueOfJson } from '../json.ts';
import { factsOf, faulty, result } from '../results.ts';
import type { Call } from '../scope.ts';
import { joined, textOf, textValue } from '../text.ts';
import { isOpen, type Value } from '../values.ts';

/** "String functions for ARM templates", those that write text in another way or read it from there. */
export const ENCODING_FUNCTIONS: BuiltinTable = {
  base64: one((text) => toBase64(text)),
  base64tostring: one((text) => fromBase64(text)),
  base64tojson: { least: 1, most: 1, run: (args, call) => readJsonText(args, call, fromBase64) },
  json: { least: 1, most: 1, run: (args, call) => readJsonText(args, call, (text) => text) },
  datauri: one((text) => `data:text/plain;charset=utf8;base64,${toBase64(text)}`),
  datauritostring: one(fromDataUri),
  uricomponent: one(toComponent),
  uricomponenttostring: one(fromComponent),
  uri: { least: 2, most: 2, opens: true, run: uri },
};

function one(change: (text: string) => string | undefined) {
  return {
    least: 1,
    most: 1,
    run: ([value]: readonly Value[], call: Call): Value => {
      const text = value && textOf(value)?.join('');
      const changed = text === undefined ? undefined : change(text);
      return changed === undefined ? unreadable(call) : result(changed, call);
    },
  };
}

function readJsonText([value]: readonly Value[], call: Call, decode: (text: string) => string | undefined): Value {
  const text = value && textOf(value)?.join('');
  const json = text === undefined ? undefined : decode(text);
  return (json === undefined ? undefined : valueOfJson(json, call.frame.origin)) ?? unreadable(call);
}

function unreadable(call: Call): Value {
  return faulty(call.expression, call.frame, `\`${call.expression.name}\` cannot read its argument`);
}

/** "If baseUri does not end with a slash, what follows its last slash is left out." */
function uri(args: readonly Value[], call: Call): Value {
  const [base, relative] = args.map(textOf);
  if (base === undefined || relative === undefined) return unreadable(call);
  // Of a base that is not known only what is added to it is of use: it names a file of the input.
  if (args.some(isOpen)) return textValue(joined([base, ['/'], relative]), factsOf(call, args));
  const whole = base.join('');
  const authority = whole.indexOf('//') + 2;
  const slash = whole.lastIndexOf('/');
  const folder = slash < authority ? `${whole}/` : whole.slice(0, slash + 1);
  return result(folder + relative.join('').replace(/^\//, ''), call);
}

function toBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}

function fromDataUri(text: string): string | undefined {
  const found = /^data:[^,]*?(;base64)?,(.*)$/s.exec(text);
  if (found === null) return undefined;
  const [, encoded, data = ''] = found;
  return encoded === undefined ? fromComponent(data) : fromBase64(data);
}

/** .NET's `Uri.EscapeDataString`: only letters, digits and `-_.~` stay. */
function toComponent(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function fromComponent(text: string): string | undefined {
  return /%(?![0-9A-Fa-f]{2})/.test(text) ? undefined : decodeBytes(text);
}

function decodeBytes(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = run
      .slice(1)
      .split('%')
      .map((hex) => Number.parseInt(hex, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}
