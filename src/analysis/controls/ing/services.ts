import type { Service } from '#model/exposure.ts';
import type { ClusterObject } from '#model/object.ts';
import { type ControlContext, onceKey } from '../context.ts';

/** A Service as it is understood, and as it was written. */
export interface WrittenService {
  readonly service: Service;
  readonly object: ClusterObject;
}

const WRITTEN = onceKey<readonly WrittenService[]>('services as written');

export function writtenServices(context: ControlContext): readonly WrittenService[] {
  return context.once(WRITTEN, ({ snapshot, objects }) =>
    snapshot.services.flatMap((service) => {
      const { namespace, name } = service;
      const object = objects.get({ group: '', kind: 'Service', namespace, name });
      return object === undefined ? [] : [{ service, object }];
    }),
  );
}

/** The Service at which a place of a control is. */
export function serviceAt(context: ControlContext, namespace: string, name: string): WrittenService | undefined {
  return writtenServices(context).find(({ service }) => service.namespace === namespace && service.name === name);
}
