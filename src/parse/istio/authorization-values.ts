import { parseAddress, parseCidr } from '#base/address.ts';
import { quote } from '../kubernetes/draft.ts';
import type { Reader } from '../kubernetes/reader.ts';

/** What istiod's validation asks of the values of a rule (RF2016: it enforces none of a policy that fails). */

export function checkNotEmpty(reader: Reader, key: string): void {
  for (const placed of reader.texts(key)) {
    if (placed.text === '') reader.draft.refuse('RF2016', placed, 'is empty, which is not allowed');
  }
}

/** An address, or a CIDR: host bits are allowed and masked. */
export function checkAddresses(reader: Reader, key: string): void {
  for (const placed of reader.texts(key)) {
    const cidr = placed.text.includes('/') ? parseCidr(placed.text) : undefined;
    const known = placed.text.includes('/')
      ? cidr !== undefined && !cidr.oddities.includes('leading-zeros')
      : parseAddress(placed.text) !== undefined;
    if (!known) reader.draft.refuse('RF2016', placed, `is ${quote(placed.text)}, which is no address and no CIDR`);
  }
}

export function checkPorts(reader: Reader, key: string): void {
  for (const placed of reader.texts(key)) {
    const port = /^\d{1,5}$/.test(placed.text) ? Number(placed.text) : -1;
    if (port < 0 || port > 65535) reader.draft.refuse('RF2016', placed, `is ${quote(placed.text)}, which is no port`);
  }
}

export function checkServiceAccounts(reader: Reader, key: string): void {
  reader.bounded(key, 0, 16);
  for (const placed of reader.texts(key)) {
    const parts = placed.text.split('/');
    const wrong = parts.length > 2 || parts.includes('') || placed.text.includes('*') || placed.text.length > 320;
    if (!wrong) continue;
    reader.draft.refuse('RF2016', placed, `is ${quote(placed.text)}; must be \`name\` or \`namespace/name\``);
  }
}

/** `{*}` is one segment, `{**}` any number and the last operator; braces mean nothing else. */
export function checkPaths(reader: Reader, key: string): void {
  checkNotEmpty(reader, key);
  for (const placed of reader.texts(key)) {
    const wrong = wrongTemplate(placed.text);
    if (wrong !== undefined) reader.draft.refuse('RF2016', placed, `is ${quote(placed.text)}: ${wrong}`);
  }
}

function wrongTemplate(path: string): string | undefined {
  const isTemplate = path.includes('{*}') || path.includes('{**}');
  let last = false;
  for (const segment of path.replace(/^\/+|\/+$/g, '').split('/')) {
    const operator = segment === '{*}' || segment === '{**}';
    if (operator && last) return '`{**}` must be the last operator';
    if (segment === '{**}') last = true;
    if (operator) continue;
    if (/[{}]/.test(segment)) return 'braces stand for `{*}` and `{**}` as whole segments only';
    if (isTemplate && !LITERAL.test(segment)) return 'a segment of a template has characters that a path cannot have';
  }
  return undefined;
}

/** RFC 3986 `pchar`, without the braces and stars that templates use. */
const LITERAL = /^[a-zA-Z0-9\-._~%!$&'()+,;:@=]*$/;
