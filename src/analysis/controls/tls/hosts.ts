/** Whether a name of a certificate or of a `tls` entry is for a host: equal, or `*.` for one label. */
export function coversHost(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  if (!pattern.startsWith('*.')) return false;
  const at = host.indexOf('.');
  return at > 0 && host.slice(at + 1) === pattern.slice(2);
}
