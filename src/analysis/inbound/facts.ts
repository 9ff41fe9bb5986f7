import { formatRange, isWithin } from '#base/address.ts';
import { members } from '#base/bits.ts';
import { accessOf, type LoadBalancerAccess } from '#engine/compile/azure/load-balancers.ts';
import { rangesOf } from '#engine/compile/azure/siting.ts';
import type { AzureEvidence, AzureFact } from '#model/azure/fact.ts';
import type { Service } from '#model/exposure.ts';
import { evidenceOf, factsOf } from '../azure/evidence.ts';
import type { Inbound } from './inbound.ts';
import { walksOf } from './walk.ts';
import type { WayIn } from './way-in.ts';
import { waysIn } from './ways-in.ts';

/** What the ways in show that does not depend on who asks: lists that hold less than they seem to, and ways past a firewall. */
export function inboundFacts(inbound: Inbound): AzureFact[] {
  const { services } = inbound.engine.snapshot;
  const ways = waysIn(inbound);
  return [
    ...services.flatMap((service) => listFacts(inbound, service)),
    ...bypassFacts(inbound, ways),
    ...originFacts(inbound, ways),
    ...linkFacts(inbound),
  ];
}

// ---------------------------------------------------------------- lists of sources

const CONTROLLER = 'kubernetes-sigs/cloud-provider-azure: access control of load balancers';
const network = factsOf('load-balancer-ranges-let-network-in', 'medium', CONTROLLER);
const annotated = factsOf('load-balancer-ranges-held-by-security-group-alone', 'medium', CONTROLLER);
const pods = factsOf(
  'load-balancer-ranges-leave-out-pods',
  'low',
  'Kubernetes 1.25: source ranges are held for clients in the cluster too',
);

function listFacts(inbound: Inbound, service: Service): AzureFact[] {
  const access = accessOf(service);
  if (access === undefined || access.kind === 'refused') return [];
  const { fieldRanges, annotatedRanges } = access;
  const ranges = [...fieldRanges, ...annotatedRanges];
  if (ranges.length === 0) return [];
  const evidence = [evidenceOfService(service, ranges.flatMap(formatRange).join(', '))];
  const name = `${service.namespace}/${service.name}`;
  return [
    network(networkState(access), networkText(access, name), evidence),
    ...(fieldRanges.length > 0
      ? []
      : [
          annotated(
            'FAIL',
            `the sources of ${name} are in an annotation, which no node holds: whoever may change the security group opens it`,
            evidence,
          ),
        ]),
    ...podFacts(inbound, { access, name, evidence }),
  ];
}

/** Rule 65000 lets the virtual network in whatever the list says; nodes hold the field, and no annotation. */
function networkState({ deniesRest, fieldRanges }: LoadBalancerAccess): AzureFact['state'] {
  return deniesRest || fieldRanges.length > 0 ? 'PASS' : 'FAIL';
}

function networkText({ deniesRest, fieldRanges }: LoadBalancerAccess, name: string): string {
  if (deniesRest) return `the sources of ${name} are denied what is not on the list`;
  const open = `the security group lets the virtual network and what is connected to it reach ${name} past its list of sources`;
  return fieldRanges.length > 0 ? `${open}; the nodes do not` : open;
}

interface Listed {
  readonly access: LoadBalancerAccess;
  readonly name: string;
  readonly evidence: readonly AzureEvidence[];
}

function podFacts({ azure: { view } }: Inbound, { access, name, evidence }: Listed): AzureFact[] {
  const own = rangesOf(view.cluster.podCidrs);
  if (access.fieldRanges.length === 0 || own.length === 0) return [];
  const held = own.every((range) => access.fieldRanges.some((each) => isWithin(range, each)));
  return held
    ? []
    : [
        pods(
          'FAIL',
          `pods that ask for the address of ${name} are refused: its list of sources has no range of pods`,
          evidence,
        ),
      ];
}

function evidenceOfService({ namespace, name, origin }: Service, value?: string): AzureEvidence {
  return { resource: `Service ${namespace}/${name}`, ...(value !== undefined && { field: 'sources', value }), origin };
}

// ---------------------------------------------------------------- ways past a firewall

const bypass = factsOf(
  'web-application-firewall-passed-by',
  'high',
  'Azure docs: origin security of Front Door, Application Gateway',
);
const origin = factsOf(
  'front-door-origin-open-to-internet',
  'high',
  'Azure docs: secure traffic to Front Door origins',
);

/** Pods that are behind a firewall for requests on one way, and on another one are not. */
function bypassFacts(inbound: Inbound, ways: readonly WayIn[]): AzureFact[] {
  return waysPast(inbound, ways).map(({ way, guarded }) =>
    bypass(
      'FAIL',
      `${way.through} leads the internet to ${way.to.to} past the web application firewall of ${guarded.through}`,
      [
        { resource: way.through, field: way.at, origin: way.origin },
        { resource: guarded.through, field: guarded.at, origin: guarded.origin },
      ],
    ),
  );
}

export interface WayPast {
  readonly way: WayIn;
  readonly guarded: WayIn;
}

/** Ways of the internet without a firewall for requests, to pods that have another way with one. */
export function waysPast(inbound: Inbound, ways: readonly WayIn[]): WayPast[] {
  const open = ways.filter(({ scope, to }) => scope === 'internet' && to.points.length > 0);
  return open.flatMap((way) => {
    if (isGuarded(way)) return [];
    const guarded = open.find((each) => isGuarded(each) && each.to.to === way.to.to);
    return guarded !== undefined && letsInternetIn(inbound, way) ? [{ way, guarded }] : [];
  });
}

/** Whether a firewall for requests looks at it, wherever on the way. */
function isGuarded({ legs }: WayIn): boolean {
  return legs.some(({ steps }) =>
    steps.some(
      (step) => step.kind === 'told' && step.entry.layer === 'waf' && !/^no web application/.test(step.entry.why),
    ),
  );
}

function letsInternetIn(inbound: Inbound, way: WayIn): boolean {
  const points = [...members(inbound.exposing.internet)];
  return walksOf(inbound, way, { id: 'internet', points }).some(({ verdict }) => verdict === 'allowed');
}

/** An origin that anybody may ask is none of Front Door's alone; the header `X-Azure-FDID` is for the application to look at. */
function originFacts(inbound: Inbound, ways: readonly WayIn[]): AzureFact[] {
  return ways
    .filter(({ through }) => through.startsWith('Front Door '))
    .flatMap((door): AzureFact[] => {
      const direct = ways.find(
        (way) =>
          way !== door &&
          way.service !== undefined &&
          way.service === door.service &&
          way.scope === 'internet' &&
          way.legs.length === 1,
      );
      if (direct === undefined || direct === door) return [];
      const evidence = [
        { resource: door.through, origin: door.origin },
        { resource: direct.through, origin: direct.origin },
      ];
      return letsInternetIn(inbound, direct)
        ? [
            origin(
              'FAIL',
              `${direct.through}, an origin of ${door.through}, lets in more than AzureFrontDoor.Backend`,
              evidence,
            ),
          ]
        : [origin('PASS', `${direct.through}, an origin of ${door.through}, is not open to the internet`, evidence)];
    });
}

// ---------------------------------------------------------------- private link

const link = factsOf(
  'private-link-service-open-to-everybody',
  'high',
  'Azure docs: Private Link service, visibility and auto-approval',
);
const PLS = 'service.beta.kubernetes.io/azure-pls-';

/** Visible to any subscription, and approved without asking: whoever knows its alias connects. */
function linkFacts({ azure: { view }, engine }: Inbound): AzureFact[] {
  return [
    ...view.estate.linkServices.flatMap((each) =>
      openness(each.visibility, each.autoApproval, `private link service ${each.name}`, [evidenceOf(each)]),
    ),
    ...engine.snapshot.services.flatMap((service) => {
      if (service.annotations.get(`${PLS}create`)?.toLowerCase() !== 'true') return [];
      const list = (key: string) => service.annotations.get(PLS + key)?.split(' ') ?? [];
      const name = `the private link service of ${service.namespace}/${service.name}`;
      return openness(list('visibility'), list('auto-approval'), name, [evidenceOfService(service)]);
    }),
  ];
}

// biome-ignore lint/complexity/useMaxParams: both settings of one service, its name and where it stands
function openness(
  visibility: readonly string[],
  approval: readonly string[],
  name: string,
  evidence: readonly AzureEvidence[],
): AzureFact[] {
  if (!visibility.includes('*')) return [link('PASS', `${name} is not visible to every subscription`, evidence)];
  const text = approval.includes('*') ? 'connects without being asked' : 'may ask to connect';
  return [link('FAIL', `any subscription sees ${name} and ${text}`, evidence)];
}
