import type { Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { entriesAt, plainAt, textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';

/** The setting of the controller. */
export const SNIPPETS = 'allow-snippet-annotations';

/** ConfigMaps of controllers that let any Ingress write into the configuration (CVE-2021-25742). */
export function snippetPlaces({ objects }: ControlContext): Judged[] {
  return objects.of('', 'ConfigMap').flatMap((object): Judged[] => {
    const value = textAt(object.value, 'data', SNIPPETS);
    if (value === undefined) return [];
    const isOn = value.toLowerCase() === 'true';
    const message = isOn
      ? 'whoever writes an Ingress writes configuration of the controller, and reads its secrets with it'
      : 'Ingresses may not write configuration of the controller';
    return [
      {
        where: placeOf(object),
        state: isOn ? 'FAIL' : 'PASS',
        message,
        evidence: [seenAt(object, ['data', SNIPPETS])],
        detail: 'snippets',
      },
    ];
  });
}

/** Ingresses that write configuration. */
export function snippetUses({ objects }: ControlContext): readonly ClusterObject[] {
  return objects
    .of('networking.k8s.io', 'Ingress')
    .filter(({ value }) =>
      entriesAt(plainAt(value, 'metadata', 'annotations')).some(([key]) =>
        /^nginx\.ingress\.kubernetes\.io\/.+-snippet$/.test(key),
      ),
    );
}
