import type { AzureValue } from '#model/azure/value.ts';
import {
  encoded,
  failure,
  isEncoded,
  isNull,
  list,
  scalar,
  setOf,
  textValue,
  unsettled,
  unsettledPart,
} from '../../values.ts';
import { numberOf } from '../operators.ts';
import { because } from '../run.ts';
import { any, known, type Place, plain, type Table, text, valueOfPlain } from './builtin.ts';
import { csvRows } from './csv.ts';
import { decodedJson, decodedYaml } from './decoded.ts';
import { jsonText } from './json-text.ts';

/** Functions that change types and encodings (Terraform, "Type Conversion" and "Encoding Functions"). */
export const CONVERSION_FUNCTIONS: Table = {
  tostring: known(([value], { origin }) => {
    if (value === undefined || value.kind !== 'scalar') return failure('no text', origin);
    return isNull(value) ? value : scalar(String(value.value), value.origin);
  }),
  tonumber: known(([value], { origin }) => {
    if (value !== undefined && isNull(value)) return value;
    const number = value === undefined ? undefined : numberOf(value);
    return number === undefined ? failure('no number', origin) : scalar(number, value!.origin);
  }),
  tobool: known(([value], { origin }) => {
    if (value !== undefined && isNull(value)) return value;
    const word = textValue(value);
    return word === 'true' || word === 'false' ? scalar(word === 'true', value!.origin) : failure('no boolean', origin);
  }),
  tolist: known(([value], { origin }) =>
    value?.kind === 'list' ? list(value.items, value.origin) : failure('no list', origin),
  ),
  toset: known(([value], place) => {
    if (value?.kind !== 'list') return failure('no list', place.origin);
    const open = unsettledPart(value);
    return open === undefined ? setOf(value.items, value.origin) : because(open, place.call.expression);
  }),
  tomap: known(([value], { origin }) => (value?.kind === 'object' ? value : failure('no map', origin))),
  jsonencode: known(([value], { origin }) => {
    if (value === undefined) return failure('jsonencode of nothing', origin);
    const open = unsettledPart(value);
    return open === undefined ? scalar(jsonText(value), origin) : encoded(value, open, origin);
  }),
  jsondecode: any(([value], { origin, call }) => {
    if (value !== undefined && isEncoded(value)) return value.encoded;
    if (value?.kind === 'unsettled') return because(value, call.expression);
    const source = textValue(value);
    return source === undefined ? failure('jsondecode of no text', origin) : decodedJson(source, origin);
  }),
  yamldecode: ofSource((source, place) => decodedYaml(source, place.origin)),
  csvdecode: ofSource((source, place) => valueOfPlain(csvRows(source), place.origin)),
  base64encode: plain((args) => {
    const value = text(args, 0);
    return value === undefined ? undefined : btoa(String.fromCharCode(...bytesOf(value)));
  }),
  base64decode: plain((args) => {
    const value = text(args, 0);
    return value === undefined || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value) ? undefined : decodedBase64(value);
  }),
  urlencode: plain((args) => {
    const value = text(args, 0);
    return value === undefined ? undefined : encodeURIComponent(value.toWellFormed()).replaceAll('%20', '+');
  }),
  sensitive: any((_args, place) => unsettled('sensitive(…)', 'secret', place.origin)),
  ephemeralasnull: any((_args, place) => unsettled('ephemeralasnull(…)', 'secret', place.origin)),
  nonsensitive: any(([value], place) => value ?? failure('no value', place.origin)),
  issensitive: any(([value], { origin }) => scalar(value?.kind === 'unsettled' && value.why === 'secret', origin)),
};

function ofSource(apply: (source: string, place: Place) => AzureValue) {
  return known((args, place) => {
    const source = text(args, 0);
    return source === undefined ? failure('no text', place.origin) : apply(source, place);
  });
}

const MOST_BYTES = 1 << 16;

function bytesOf(value: string): Uint8Array {
  return new TextEncoder().encode(value).slice(0, MOST_BYTES);
}

function decodedBase64(value: string): string | undefined {
  const bare = value.replace(/[\s=]/g, '');
  if (bare.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(bare), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
