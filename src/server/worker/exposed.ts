import { exposeOf } from '#analysis/exposure/expose.ts';
import { type Material, once } from './material.ts';

/** From the outside in, made once. */
export function exposedOf(material: Material): ReturnType<typeof exposeOf> {
  return once(material, 'expose', () => exposeOf(material.analysis.engine));
}
