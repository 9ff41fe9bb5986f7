import type { PlainObject } from '#model/plain.ts';
import { DNS } from '../cluster/network/platform.ts';
import { gatewayWorkload } from '../cluster/way-in/gateway.ts';
import type { Design } from '../plan/design.ts';
import { lossesOf } from '../plan/lost.ts';
import { doorOf, WAY_IN } from '../plan/way-in.ts';
import { controlPlanes } from './stand-ins.ts';

/** What the maker of the platform answers for; policies of ours there would stop what it changes at night. */
const PLATFORM = {
  controls: ['NET-POL-001', 'NET-POL-002', 'NET-POL-003'],
  reason:
    'The maker of the platform answers for this namespace and changes what runs there; workloads are kept from it by policies of their own.',
} as const;

/** Linkerd has no gateway of its own: that of application routing takes TLS of clients that are in no mesh. */
const DOOR_OF_LINKERD =
  'Who comes to the gateway has no identity of the mesh: network policy names the addresses that may come, and the mesh guards what the gateway calls.';

/** Findings that follow from the choices, each with its reason, until the day on which the team looks at them again. */
export function acceptedFindings(design: Design): readonly PlainObject[] {
  const { choices } = design;
  const told = { owner: choices.alertsTo[0]!, until: choices.reviewBy };
  const lost = lossesOf(choices).flatMap(({ controls, reason }) =>
    controls.map((control) => ({ control, reason, ...told })),
  );
  const platform = controlPlanes(design).map(({ pods }) => pods.namespace);
  const places = [...new Set([DNS.namespace, ...platform])];
  const door =
    choices.mesh === 'linkerd' && doorOf(choices) === 'gateway'
      ? [{ control: 'MESH-AUTHZ-001', where: `${WAY_IN}/${gatewayWorkload(design)}`, reason: DOOR_OF_LINKERD, ...told }]
      : [];
  return [
    ...lost,
    ...door,
    ...places.flatMap((where) =>
      PLATFORM.controls.map((control) => ({ control, where, reason: PLATFORM.reason, ...told })),
    ),
  ];
}
