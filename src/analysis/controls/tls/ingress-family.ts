import type { Ingress } from '#model/exposure.ts';
import { familyOfClass, familyOfController } from '../../exposure/controller-families.ts';
import type { ControlContext } from '../context.ts';

/** The product that serves an Ingress, by its class; undefined where the input does not tell. */
export function familyOfIngress({ snapshot }: ControlContext, { className, annotations }: Ingress): string | undefined {
  const defaults = snapshot.ingressClasses.filter(({ isDefault }) => isDefault);
  const only = defaults.length === 1 ? defaults[0]?.name : undefined;
  const named = className ?? annotations.get('kubernetes.io/ingress.class') ?? only;
  if (named === undefined) return undefined;
  const known = snapshot.ingressClasses.find(({ name }) => name === named);
  return (known === undefined ? familyOfClass(named) : familyOfController(known.controller))?.name;
}
