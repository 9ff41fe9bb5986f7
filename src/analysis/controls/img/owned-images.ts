import type { FieldPath } from '#model/object.ts';
import { textAt } from '#model/plain.ts';
import { type ControlContext, onceKey } from '../context.ts';
import { objectId } from '../objects.ts';
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

export interface OwnedImages {
  readonly owner: PodOwner;
  readonly images: readonly OwnedImage[];
}

const OWNED = onceKey<ReadonlyMap<string, OwnedImages>>('owned-images');

/** The images of each workload outside of the platform's namespaces, each image once. */
export function ownedImages(context: ControlContext): readonly OwnedImages[] {
  return [...ownedById(context).values()];
}

/** Those of the workload at a place. */
export function ownedImagesAt(context: ControlContext, id: string): OwnedImages | undefined {
  return ownedById(context).get(id);
}

function ownedById(context: ControlContext): ReadonlyMap<string, OwnedImages> {
  return context.once(OWNED, () => {
    const owners = context.podOwners.filter(({ object }) => !isSystemNamespace(context, object.namespace));
    return new Map(owners.map((owner) => [objectId(owner.object), { owner, images: imagesOf(owner) }]));
  });
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
