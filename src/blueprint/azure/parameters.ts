import type { Design } from '../plan/design.ts';
import { apiParameters } from './api-gateway.ts';
import { arcParameters } from './arc.ts';
import { linkParameters } from './on-premises.ts';
import type { Parameter } from './value.ts';

/** What the templates ask for: nothing that the choices say, and every secret. */
export function parametersOf(design: Design): readonly Parameter[] {
  return [...linkParameters(design), ...apiParameters(design), ...arcParameters(design)];
}
