import type { ContextParts, ControlContext, OnceKey } from './context.ts';
import { objectIndexOf } from './objects.ts';
import { podOwnersOf, withoutSiblings } from './pod-owners.ts';

export function contextFor({ analysis, settings, today, kind }: ContextParts): ControlContext {
  const made = new Map<OnceKey<unknown>, unknown>();
  const { snapshot } = analysis;
  const context: ControlContext = {
    snapshot,
    analysis,
    objects: objectIndexOf(snapshot.objects),
    podOwners: withoutSiblings(podOwnersOf(snapshot.objects)),
    settings,
    today,
    kind,
    once<T>(key: OnceKey<T>, make: (context: ControlContext) => T): T {
      if (!made.has(key)) made.set(key, make(context));
      // What is kept under a key was made by a function of its type.
      return made.get(key) as T;
    },
  };
  return context;
}
