/** Under which names the server may be called: what a page elsewhere cannot forge, and what DNS rebinding does not have. */
export interface Allowed {
  /** Values of Host, lower case: `127.0.0.1:8700`. */
  readonly hosts: ReadonlySet<string>;
  /** Values of Origin: `http://127.0.0.1:8700`. */
  readonly origins: ReadonlySet<string>;
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Of a server on loopback. */
export function allowedOnLoopback(port: number, secure: boolean): Allowed {
  const hosts = LOOPBACK_NAMES.flatMap((name) => hostForms(name, port, secure));
  return { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `${secure ? 'https' : 'http'}://${host}`)) };
}

/** Of the addresses that people call it by, as `https://ringfence.example.com`. */
export function allowedByUrls(urls: readonly URL[]): Allowed {
  return { hosts: new Set(urls.map(({ host }) => host)), origins: new Set(urls.map(({ origin }) => origin)) };
}

/** The port that the scheme has by itself is left out by clients. */
function hostForms(name: string, port: number, secure: boolean): string[] {
  return port === (secure ? 443 : 80) ? [name, `${name}:${port}`] : [`${name}:${port}`];
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
