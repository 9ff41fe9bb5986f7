/** Whether a rule means a name, or a path, that a client asks for. */
export type NameAnswer = 'yes' | 'no' | 'perhaps';

/**
 * "Wildcards only on the left": `*.contoso.com` is any name below, `*contoso.com` also `contoso.com` itself and
 * `anycontoso.com`, a lone `*` everything (Azure Firewall, FQDN filtering in application rules). Azure refuses a star
 * anywhere else, so what it would mean is written nowhere.
 */
export function matchesFqdn(pattern: string, name: string): NameAnswer {
  const rest = pattern.startsWith('*') ? pattern.slice(1) : pattern;
  if (rest.includes('*')) return 'perhaps';
  const asked = name.toLowerCase().replace(/\.$/, '');
  const wanted = rest.toLowerCase();
  return (pattern.startsWith('*') ? asked.endsWith(wanted) : asked === wanted) ? 'yes' : 'no';
}

// ---------------------------------------------------------------- URLs

/** `www.contoso.com/api/*` in its two parts. */
export interface UrlPattern {
  readonly host: string;
  /** Begins with `/`; absent where only a host was written. */
  readonly path?: string;
}

export function urlPatternOf(text: string): UrlPattern {
  const bare = text.replace(/^https?:\/\//, '');
  const slash = bare.indexOf('/');
  return slash < 0 ? { host: bare } : { host: bare.slice(0, slash), path: bare.slice(slash) };
}

/**
 * "`www.contoso.com/test` is also `/test/` and `/test?with_query=1`; `/test/*` is anything below, not `/test`" (URL
 * filtering of application rules). Whether a URL without path is more than the first page is not written.
 */
export function matchesPath(pattern: string | undefined, path: string): NameAnswer {
  const asked = path.toLowerCase();
  if (pattern === undefined) return asked === '/' ? 'yes' : 'perhaps';
  if (pattern.endsWith('*') && !pattern.slice(0, -1).includes('*'))
    return asked.startsWith(pattern.slice(0, -1)) ? 'yes' : 'no';
  if (pattern.includes('*')) return 'perhaps';
  return asked === pattern || asked === `${pattern}/` ? 'yes' : 'no';
}
