import type { PlainValue } from '#model/plain.ts';
import { entriesAt, listAt, plainAt, textAt } from '#model/plain.ts';
import type { ControlContext } from '../../context.ts';
import type { OwnedContainer, PodOwner } from '../../pod-owners.ts';

/** Containers that take what they can get: no limit of their own, of their pod, or of their namespace's LimitRange. */
export function unlimited(
  context: ControlContext,
  { object, spec, containers }: PodOwner,
  resource: 'memory' | 'cpu',
): readonly OwnedContainer[] {
  if (isSet(plainAt(spec, 'resources', 'limits', resource))) return [];
  if (hasDefault(context, object.namespace, resource)) return [];
  return containers.filter(
    (container) => isLasting(container) && !isSet(plainAt(container.value, 'resources', 'limits', resource)),
  );
}

/** Ephemeral containers cannot have limits; init containers end. */
export function isLasting({ role, value }: OwnedContainer): boolean {
  return role === 'container' || (role === 'init' && textAt(value, 'restartPolicy') === 'Always');
}

function isSet(value: PlainValue | undefined): boolean {
  return value !== undefined && value !== null && value !== 0 && value !== '0';
}

/** Whether a LimitRange gives containers a limit where they name none: by its default, or by its maximum. */
function hasDefault({ objects }: ControlContext, namespace: string, resource: string): boolean {
  return objects
    .of('', 'LimitRange')
    .filter((range) => range.namespace === namespace)
    .some(({ value }) =>
      listAt(value, 'spec', 'limits').some(
        (limit) =>
          textAt(limit, 'type') === 'Container' &&
          (isSet(plainAt(limit, 'default', resource)) || isSet(plainAt(limit, 'max', resource))),
      ),
    );
}

/** What the quotas of a namespace limit: `limits.memory`, `pods`, `services.loadbalancers`; the strictest of each. */
export function quotaOf({ objects }: ControlContext, namespace: string): ReadonlyMap<string, PlainValue> {
  const quotas = objects.of('', 'ResourceQuota').filter((quota) => quota.namespace === namespace);
  return new Map(
    quotas
      // One that is only for some pods does not bound the namespace.
      .filter(
        ({ value }) =>
          plainAt(value, 'spec', 'scopes') === undefined && plainAt(value, 'spec', 'scopeSelector') === undefined,
      )
      .flatMap(({ value }) => entriesAt(value, 'spec', 'hard')),
  );
}

const COMPUTE = /^(?:limits\.|requests\.)?(?:memory|cpu)$|^(?:count\/)?pods$/;

export function boundsCompute(quota: ReadonlyMap<string, PlainValue>): boolean {
  return [...quota.keys()].some((key) => COMPUTE.test(key));
}

/** Whether the namespace cannot open as many load balancers and ports of nodes as it likes. */
export function boundsServices(quota: ReadonlyMap<string, PlainValue>): boolean {
  const has = (...keys: readonly string[]) => keys.some((key) => quota.has(key));
  // A load balancer takes ports of nodes too, unless it says otherwise.
  return has('services', 'count/services') || (has('services.loadbalancers') && has('services.nodeports'));
}
