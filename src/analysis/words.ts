import type { Cidr } from '#base/address.ts';
import { formatRange } from '#base/address.ts';
import { NAMESPACE_NAME_LABEL } from '#engine/world.ts';
import type { ClusterPolicyPort, LabelRequirement, LabelSelector, NetworkPolicyPort } from '#model/resource.ts';

/** A selector in words: `app=web, tier in (a, b)`; `any` where it selects everything. */
export function selectorWords(selector: LabelSelector): string {
  return selector.requirements.length === 0 ? 'any' : selector.requirements.map(requirementWords).join(', ');
}

/** Namespaces in words: `namespace shop` where a selector asks for nothing but a name, else `namespaces team=a`. */
export function namespaceWords(selector: LabelSelector): string {
  const [only, ...others] = selector.requirements;
  if (only?.key === NAMESPACE_NAME_LABEL && only.operator === 'In' && others.length === 0) {
    return only.values.length === 1 ? `namespace ${only.values[0]}` : `namespaces ${only.values.join(', ')}`;
  }
  return selector.requirements.length === 0 ? 'any namespace' : `namespaces ${selectorWords(selector)}`;
}

export function requirementWords({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(', ')})`;
    case 'NotIn':
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} not in (${values.join(', ')})`;
    case 'Exists':
      return `${key} present`;
    case 'DoesNotExist':
      return `${key} absent`;
  }
}

/** Ports of a NetworkPolicy rule in words: `TCP 80, UDP 53, TCP http`; `any port` for none. */
export function portWords(ports: readonly NetworkPolicyPort[]): string {
  if (ports.length === 0) return 'any port';
  return ports
    .map(({ protocol, port, endPort }) => `${protocol} ${port === undefined ? 'any port' : rangeWords(port, endPort)}`)
    .join(', ');
}

export function clusterPortWords(ports: readonly ClusterPolicyPort[]): string {
  if (ports.length === 0) return 'any traffic';
  return ports
    .map((port) => (port.kind === 'named' ? port.name : `${port.protocol} ${rangeWords(port.from, port.to)}`))
    .join(', ');
}

export function cidrWords(cidr: Cidr): string {
  return formatRange(cidr).join(', ');
}

function rangeWords(port: number | string, endPort: number | undefined): string {
  return endPort === undefined || endPort === port ? `${port}` : `${port}-${endPort}`;
}
