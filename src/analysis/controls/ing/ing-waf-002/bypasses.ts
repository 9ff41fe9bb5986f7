import type { Fix, Judged } from '#model/control.ts';
import { waysPast } from '../../../inbound/facts.ts';
import type { ControlContext } from '../../context.ts';
import { azureWays, placeOfWay } from '../azure-ways.ts';
import { serviceAt } from '../services.ts';

/** Ways of the internet past a firewall to pods that have one on another way. */
export function bypassPlaces(context: ControlContext): Judged[] {
  const around = azureWays(context);
  if (around === undefined) return [];
  const past = waysPast(
    around.inbound,
    around.ways.map(({ way }) => way),
  );
  const found = new Map<string, Judged>();
  for (const { way, guarded } of past) {
    const where = placeOfWay(context, way);
    found.set(where.id, {
      where,
      state: 'FAIL',
      message: `it leads the internet to \`${way.to.to}\` past the web application firewall of ${guarded.through}`,
      evidence: [
        { object: way.through, field: way.at, origin: way.origin },
        { object: guarded.through, field: guarded.at, why: 'the way with the firewall', origin: guarded.origin },
      ],
      endpoints: [way.to.to],
      detail: 'bypass',
    });
  }
  return [...found.values()];
}

const TAGS = 'service.beta.kubernetes.io/azure-allowed-service-tags';
const INTERNAL = 'service.beta.kubernetes.io/azure-load-balancer-internal';

/** An origin of Front Door takes the addresses of Front Door alone; behind a gateway in the network it needs no public one. */
export function bypassFix(context: ControlContext, { where, evidence }: Judged): Fix | undefined {
  const written = where.kind === 'Service' ? serviceAt(context, where.namespace, where.name) : undefined;
  if (written === undefined) return undefined;
  const isDoor = evidence[1]?.object.startsWith('Front Door ') === true;
  const name = `\`${where.namespace}/${where.name}\``;
  const path = ['metadata', 'annotations', isDoor ? TAGS : INTERNAL];
  const value = isDoor ? 'AzureFrontDoor.Backend' : 'true';
  return {
    summary: isDoor
      ? `let Service ${name} take connections from Front Door alone`
      : `make the load balancer of Service ${name} internal`,
    automatic: isDoor,
    changes: [{ kind: 'edit-object', object: written.object, edits: [{ op: 'set', path, value }] }],
    steps: isDoor
      ? [
          'let the application refuse requests whose header `X-Azure-FDID` is not that of your Front Door: the tag is that of every customer',
        ]
      : ['give the gateway the internal address as its backend in the same change'],
  };
}
