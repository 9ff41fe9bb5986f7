import { parseCidr } from '#base/address.ts';
import { REGIONS_WITHOUT_ZONES } from '../../data/azure/regions.ts';
import { addressPlan, neededLength, neededPodsLength } from '../plan/address-plan.ts';
import type { Choices } from './choices.ts';

/** A choice that cannot stand: why, and the nearest that can. */
export interface Refusal {
  /** Where it stands in the choices. */
  readonly at: readonly (string | number)[];
  readonly why: string;
  readonly instead: string;
}

type Rule = (choices: Choices) => readonly Refusal[];

/** Everything that contradicts itself, all of it at once. */
export function refusalsOf(choices: Choices): readonly Refusal[] {
  return RULES.flatMap((rule) => rule(choices));
}

const RULES: readonly Rule[] = [
  regions,
  overlaps,
  tooSmallNetwork,
  tooSmallPods,
  tooSmallServices,
  engines,
  meshes,
  clouds,
  platforms,
  agents,
  edges,
  links,
  unknownNames,
];

/** Nodes, the firewall and what is kept stand in three zones each; and regions belong to one cloud. */
function regions({ region, cloud }: Choices): Refusal[] {
  const belongs =
    region.startsWith('usgov') || region.startsWith('usdod')
      ? 'government'
      : region.startsWith('china')
        ? 'china'
        : 'public';
  if (belongs !== cloud)
    return [
      {
        at: ['region'],
        why: `\`${region}\` is a region of another cloud than \`${cloud}\``,
        instead: `choose \`cloud: ${belongs}\`, or a region of \`${cloud}\``,
      },
    ];
  const nearest = Object.hasOwn(REGIONS_WITHOUT_ZONES, region) ? REGIONS_WITHOUT_ZONES[region] : undefined;
  if (nearest === undefined) return [];
  return [
    {
      at: ['region'],
      why: `\`${region}\` has no availability zones, in three of which nodes and the firewall stand`,
      instead: `choose \`region: ${nearest}\``,
    },
  ];
}

function range(text: string) {
  return parseCidr(text)!.cidr;
}

/** Clusters talk to all four; where two overlap, one of them cannot be reached. */
function overlaps({ addresses, onPremises, adminRanges }: Choices): Refusal[] {
  const named = [
    { at: ['addresses', 'network'], text: addresses.network },
    { at: ['addresses', 'pods'], text: addresses.pods },
    { at: ['addresses', 'services'], text: addresses.services },
    ...onPremises.ranges.map((text, index) => ({ at: ['onPremises', 'ranges', index], text })),
  ];
  const families = [...named, ...adminRanges.map((text, index) => ({ at: ['adminRanges', index], text }))];
  const six = families
    .filter(({ text }) => range(text).family === 6)
    .map(({ at, text }) => ({
      at,
      why: `\`${text}\` is IPv6, and what is built here is IPv4`,
      instead: 'choose an IPv4 range',
    }));
  const both = named.flatMap((one, index) =>
    named.slice(0, index).flatMap((other) => {
      const [a, b] = [range(one.text), range(other.text)];
      if (a.family !== b.family || a.lo > b.hi || b.lo > a.hi) return [];
      return [
        {
          at: one.at,
          why: `\`${one.text}\` and \`${other.text}\` (${other.at.join('.')}) overlap: one of them could not be reached`,
          instead: `choose a range outside of \`${other.text}\``,
        },
      ];
    }),
  );
  return [...six, ...both];
}

function tooSmallNetwork(choices: Choices): Refusal[] {
  if (range(choices.addresses.network).family === 6 || addressPlan(choices) !== undefined) return [];
  const needed = neededLength(choices);
  return [
    {
      at: ['addresses', 'network'],
      why: `\`${choices.addresses.network}\` is too small for ${choices.nodes} nodes and what stands beside them`,
      instead: `a /${needed} is enough`,
    },
  ];
}

function tooSmallPods(choices: Choices): Refusal[] {
  const { length, family } = range(choices.addresses.pods);
  const needed = neededPodsLength(choices);
  if (family === 6 || length <= needed) return [];
  return [
    {
      at: ['addresses', 'pods'],
      why: `\`${choices.addresses.pods}\` is too small: each node takes a /24 of it, ${choices.nodes} nodes and those that an upgrade adds`,
      instead: `a /${needed} is enough`,
    },
  ];
}

/** Services take an address each; below a /12 AKS refuses the range, and the tenth address is DNS. */
function tooSmallServices({ addresses: { services } }: Choices): Refusal[] {
  const { length } = range(services);
  if (length > 12 && length <= 24) return [];
  return [
    {
      at: ['addresses', 'services'],
      why: `\`${services}\` is not a range that AKS takes for Services: smaller than /12, and room for them all`,
      instead: 'a /16 up to a /24',
    },
  ];
}

/** The encryption of Cilium needs Cilium; pods on Azure Local have Calico only. */
function engines({ engine, mesh, platform }: Choices): Refusal[] {
  const out: Refusal[] = [];
  if (mesh === 'cilium' && engine !== 'cilium')
    out.push({
      at: ['mesh'],
      why: 'the encryption of Cilium needs Cilium as the engine',
      instead: 'choose `engine: cilium`, or `mesh: istio` or `linkerd`',
    });
  if (platform === 'azure-local' && engine !== 'calico')
    out.push({
      at: ['engine'],
      why: 'AKS enabled by Azure Arc on Azure Local has no engine but Calico',
      instead: 'choose `engine: calico`',
    });
  return out;
}

/** The Istio add-on is a part of AKS. */
function meshes({ mesh, platform }: Choices): Refusal[] {
  if (platform === 'aks' || (mesh !== 'istio' && mesh !== 'cilium')) return [];
  return [
    {
      at: ['mesh'],
      why: mesh === 'istio' ? 'the Istio add-on is a part of AKS' : 'the encryption of Cilium is a part of AKS',
      instead: 'choose `mesh: linkerd` or `none`',
    },
  ];
}

/** What the other clouds do not have (azure.md 3.4, 4.2: Arc gateway is public only; Defender ended in China in 2026). */
function clouds({ cloud, platform, paid, waf, wayIn }: Choices): Refusal[] {
  if (cloud === 'public') return [];
  const out: Refusal[] = [];
  if (platform === 'azure-local')
    out.push({ at: ['platform'], why: 'Azure Local belongs to the public cloud', instead: 'choose `platform: aks`' });
  if (cloud === 'china' && paid.defender)
    out.push({
      at: ['paid', 'defender'],
      why: 'Defender for Cloud ended in this cloud on 18 August 2026',
      instead: 'choose `defender: false`: the finding is then accepted with this reason',
    });
  if (wayIn !== 'none' && waf === 'containers')
    out.push({
      at: ['waf'],
      why: 'Application Gateway for Containers is in regions of the public cloud only',
      instead: 'choose `waf: application-gateway`',
    });
  return out;
}

/** Private Link is for agents of clusters of one's own (Azure Arc, "private connectivity": limits). */
function agents({ privateAgents, platform }: Choices): Refusal[] {
  if (!privateAgents || platform === 'arc') return [];
  return [
    {
      at: ['privateAgents'],
      why: 'Private Link is for the agents of a cluster of your own that Azure Arc connects',
      instead: 'choose `privateAgents: false`, or `platform: arc`',
    },
  ];
}

function platforms({ platform, wayIn, waf, apiGateway, onPremises, apiServer }: Choices): Refusal[] {
  if (platform === 'aks') return [];
  const out: Refusal[] = [];
  if (wayIn === 'public')
    out.push({
      at: ['wayIn'],
      why: 'ways in from the internet stand in Azure, and this cluster does not',
      instead: 'choose `wayIn: internal`',
    });
  if (wayIn === 'internal' && waf !== 'application-gateway')
    out.push({
      at: ['waf'],
      why: 'only Application Gateway reaches backends beyond Azure over a private link',
      instead: 'choose `waf: application-gateway`',
    });
  if (onPremises.link === 'none')
    out.push({
      at: ['onPremises', 'link'],
      why: 'the cluster stands on premises and reaches Azure privately over a link only',
      instead: 'choose `link: vpn` or `expressroute`',
    });
  if (apiGateway)
    out.push({
      at: ['apiGateway'],
      why: 'the API gateway stands in the network of an AKS cluster',
      instead: 'choose `apiGateway: false`',
    });
  if (apiServer === 'vnet-integration')
    out.push({
      at: ['apiServer'],
      why: 'an API server in a virtual network is a part of AKS',
      instead: 'leave `apiServer` out',
    });
  return out;
}

function edges({ wayIn, waf, mesh, apiGateway }: Choices): Refusal[] {
  if (wayIn === 'internal' && waf !== 'application-gateway')
    return [
      {
        at: ['waf'],
        why: `${waf === 'front-door' ? 'Front Door' : 'Application Gateway for Containers'} has public addresses only`,
        instead: 'choose `waf: application-gateway` for an internal way in',
      },
    ];
  return wayIn === 'public' && waf === 'containers' ? straightToPods(mesh, apiGateway) : [];
}

/** Application Gateway for Containers has no balancer behind it, and no part in a mesh. */
function straightToPods(mesh: Choices['mesh'], apiGateway: boolean): Refusal[] {
  const out: Refusal[] = [];
  if (mesh === 'istio' || mesh === 'linkerd')
    out.push({
      at: ['waf'],
      why: `Application Gateway for Containers sends to pods itself and has no identity of ${mesh === 'istio' ? 'Istio' : 'Linkerd'}, whose workloads take nothing but mutual TLS`,
      instead: 'choose `waf: application-gateway`, or `mesh: cilium`',
    });
  if (apiGateway)
    out.push({
      at: ['apiGateway'],
      why: 'the API gateway sends to the balancer of the cluster, and behind Application Gateway for Containers there is none',
      instead: 'choose `waf: application-gateway`, or `apiGateway: false`',
    });
  return out;
}

function links({ onPremises: { link, ranges, gateways } }: Choices): Refusal[] {
  const out: Refusal[] = [];
  if (link !== 'none' && ranges.length === 0)
    out.push({
      at: ['onPremises', 'link'],
      why: 'a link needs the ranges that it leads to',
      instead: 'name them in `onPremises.ranges`',
    });
  if (link === 'vpn' && gateways.length < 2)
    out.push({
      at: ['onPremises', 'gateways'],
      why: 'a link over one device ends with that device',
      instead: 'name the addresses of two VPN devices in `onPremises.gateways`',
    });
  return out;
}

function unknownNames({ teams, outside }: Choices): Refusal[] {
  const spaces = teams.flatMap(({ namespaces }) => namespaces.map(({ name }) => name));
  const twice = spaces.filter((name, index) => spaces.indexOf(name) !== index);
  return [
    ...twice.map((name) => ({
      at: ['teams'],
      why: `the namespace \`${name}\` is named twice`,
      instead: 'give it to one team',
    })),
    ...teams.flatMap((team, at) =>
      team.namespaces.flatMap(({ calls }, index) =>
        calls
          .filter((name) => !spaces.includes(name))
          .map((name) => ({
            at: ['teams', at, 'namespaces', index, 'calls'],
            why: `\`${name}\` is no namespace of a team`,
            instead: `one of ${spaces.map((each) => `\`${each}\``).join(', ')}`,
          })),
      ),
    ),
    ...outside.flatMap(({ namespaces }, index) =>
      namespaces
        .filter((name) => !spaces.includes(name))
        .map((name) => ({
          at: ['outside', index, 'namespaces'],
          why: `\`${name}\` is no namespace of a team`,
          instead: `one of ${spaces.map((each) => `\`${each}\``).join(', ')}`,
        })),
    ),
  ];
}
