import type { FieldPath } from '#model/object.ts';
import { textAt } from '#model/plain.ts';
import type { ControlContext } from '../context.ts';
import type { PodOwner } from '../pod-owners.ts';
import { isSystemNamespace } from '../system-namespaces.ts';
import { type Image, parseImage } from './image.ts';

/** An image that a workload runs. */
export interface OwnedImage {
  readonly owner: PodOwner;
  readonly image: Image;
  readonly text: string;
  /** From the top of the object. */
  readonly path: FieldPath;
}

/** The images of each workload outside of the platform's namespaces, each image once. */
export function ownedImages(
  context: ControlContext,
): readonly { readonly owner: PodOwner; readonly images: readonly OwnedImage[] }[] {
  return context.podOwners
    .filter(({ object }) => !isSystemNamespace(context, object.namespace))
    .map((owner) => ({ owner, images: imagesOf(owner) }));
}

function imagesOf(owner: PodOwner): readonly OwnedImage[] {
  const seen = new Map<string, OwnedImage>();
  for (const { value, path } of owner.containers) {
    const text = textAt(value, 'image') ?? '';
    const image = parseImage(text);
    if (image !== undefined && !seen.has(text)) seen.set(text, { owner, image, text, path: [...path, 'image'] });
  }
  return [...seen.values()];
}
