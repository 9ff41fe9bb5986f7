import type { Service } from '#model/exposure.ts';

/** The name under which the mesh knows a Service. */
export function hostOf({ name, namespace }: Service): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

/** A name without dots is short for a Service of the namespace of the object that says it. */
export function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host === '*' ? host : `${host}.${namespace}.svc.cluster.local`;
}

/** Exact, `*.rest`, or `*`. */
export function hostMatches(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase();
  if (wanted === '*') return true;
  return wanted.startsWith('*') ? host.toLowerCase().endsWith(wanted.slice(1)) : host.toLowerCase() === wanted;
}
