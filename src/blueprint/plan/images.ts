import type { Choices } from '../choices/choices.ts';
import type { Design } from './design.ts';

const DOMAINS: Readonly<Record<Choices['cloud'], string>> = {
  public: 'azurecr.io',
  government: 'azurecr.us',
  china: 'azurecr.cn',
};

/** Where images come from, and from nowhere else. */
export function registryHost({ names, choices }: Design): string {
  return `${names.globally('cr', 50)}.${DOMAINS[choices.cloud]}`;
}

/** A program that does nothing, by its digest (registry.k8s.io/pause:3.10, which an import into a registry keeps). */
export const PAUSE = {
  from: 'registry.k8s.io/pause:3.10',
  repository: 'pause:3.10@sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a',
} as const;

export function pauseImage(design: Design): string {
  return `${registryHost(design)}/${PAUSE.repository}`;
}
