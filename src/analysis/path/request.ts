import type { AskedRequest } from '#model/request.ts';

const METHOD = /^[A-Za-z][A-Za-z-]*$/;

/**
 * A request as people write it: `GET /orders`, `GET https://shop.example.com/orders`, `/orders`, `GET`; headers follow as
 * `name: value`, separated by `;`. Undefined where it is none.
 */
export function readRequest(text: string): AskedRequest | undefined {
  const [line = '', ...rest] = text.split(';');
  const words = line.trim().split(/\s+/);
  const method = METHOD.test(words[0] ?? '') ? words.shift()!.toUpperCase() : undefined;
  const target = words.shift();
  const headers = readHeaders(rest);
  if (words.length > 0 || headers === undefined || (method === undefined && target === undefined)) return undefined;
  const place = target === undefined ? {} : readTarget(target);
  if (place === undefined) return undefined;
  const host = place.host ?? headers.get('host');
  return {
    kind: 'http',
    ...(method !== undefined && { method }),
    ...(place.path !== undefined && { path: place.path }),
    ...(host !== undefined && { host: host.toLowerCase() }),
    headers,
  };
}

/** `GET shop.example.com/orders` */
export function requestText({ method, host, path }: AskedRequest): string {
  return [method, `${host ?? ''}${path ?? ''}`].filter((part) => part !== undefined && part !== '').join(' ');
}

function readTarget(target: string): { readonly host?: string; readonly path?: string } | undefined {
  if (target.startsWith('/')) return { path: withoutQuery(target) };
  const url = /^https?:\/\/([^/?#\s]+)(\/[^\s]*)?$/.exec(target);
  return url === null ? undefined : { host: url[1]!, path: withoutQuery(url[2] ?? '/') };
}

/** No policy API matches the query as part of the path. */
function withoutQuery(path: string): string {
  return path.replace(/[?#].*$/, '');
}

function readHeaders(parts: readonly string[]): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const part of parts) {
    const colon = part.indexOf(':');
    if (colon < 1) return undefined;
    headers.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim());
  }
  return headers;
}
