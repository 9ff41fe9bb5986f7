import { z } from 'zod';
import { parseAddress, parseCidr } from '#base/address.ts';

/**
 * What a team chooses, as `blueprint.yaml` says it. Everything that is left out has a default, so that a name and a
 * region are enough. What contradicts itself is found in `refusals.ts`, after this form is known to hold.
 */

const NAME = /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

function cidr(): z.ZodString {
  return z.string().refine((text) => parseCidr(text) !== undefined, 'must be a CIDR, as `10.40.0.0/16`');
}

function label(): z.ZodString {
  return z.string().regex(NAME, 'must be a DNS label: lower case letters, digits and dashes');
}

function objectId(): z.ZodString {
  return z
    .string()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be the object id of a group in Microsoft Entra ID');
}

export const CLOUDS = ['public', 'government', 'china'] as const;
export const PLATFORMS = ['aks', 'azure-local', 'arc'] as const;
export const TOPOLOGIES = ['hub-spoke', 'single'] as const;
export const ENGINES = ['cilium', 'calico'] as const;
export const WAYS_IN = ['public', 'internal', 'none'] as const;
export const FIREWALLS_OF_THE_WEB = ['application-gateway', 'containers', 'front-door'] as const;
export const MESHES = ['none', 'istio', 'linkerd', 'cilium'] as const;
export const LINKS = ['none', 'vpn', 'expressroute'] as const;
export const API_DOORS = ['private-link', 'vnet-integration'] as const;
export const SENSITIVITIES = ['public', 'internal', 'confidential', 'restricted'] as const;
export const PRIVATE_SERVICES = ['postgresql', 'sql', 'storage', 'service-bus', 'redis'] as const;
export const FORMS = ['bicep', 'terraform', 'arm'] as const;
export const PIPELINES = ['github', 'azure-devops'] as const;

/** What costs money by itself and may be left out; what is lost then is a finding that the team accepts. */
export const PAID_FEATURES = [
  'ddosProtection',
  'firewallPremium',
  'defender',
  'bastion',
  'flowLogs',
  'customerManagedKeys',
] as const;

const namespace = z
  .strictObject({
    name: label(),
    sensitivity: z.enum(SENSITIVITIES).default('internal'),
    cpu: z.int().min(1).max(1000).default(8).describe('Cores that its pods may request together'),
    memory: z.int().min(1).max(4096).default(16).describe('Gibibytes that its pods may request together'),
    pods: z.int().min(1).max(1000).default(50),
    /** Taken in from the way in. */
    published: z.boolean().default(false).describe('Whether the way in leads here'),
    services: z.array(z.enum(PRIVATE_SERVICES)).default([]).describe('What it reaches privately'),
    calls: z
      .array(label())
      .default([])
      .describe('The namespaces that it calls; itself, where its pods call each other'),
  })
  .meta({ id: 'BlueprintNamespace' });

const team = z
  .strictObject({
    name: label(),
    group: objectId().describe('Its group in Microsoft Entra ID'),
    namespaces: z.array(namespace).min(1),
  })
  .meta({ id: 'BlueprintTeam' });

const outside = z
  .strictObject({
    name: z
      .string()
      .regex(/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i, 'must be a name, as `api.partner.com`'),
    port: z.int().min(1).max(65_535).default(443),
    namespaces: z.array(label()).min(1),
  })
  .meta({ id: 'BlueprintOutside' });

export const CHOICES = z
  .strictObject({
    schema: z.literal('ringfence.dev/blueprint/v1'),
    name: z
      .string()
      .regex(/^[a-z][a-z0-9]{1,9}$/, 'must be 2 to 10 lower case letters and digits')
      .describe('Stands in every name'),
    environment: z
      .string()
      .regex(/^[a-z][a-z0-9]{1,5}$/, 'must be 2 to 6 lower case letters and digits')
      .default('prod'),
    cloud: z.enum(CLOUDS).default('public'),
    region: z.string().regex(/^[a-z0-9]+$/, 'must be the short name of a region, as `westeurope`'),
    platform: z.enum(PLATFORMS).default('aks'),
    topology: z.enum(TOPOLOGIES).default('hub-spoke'),
    kubernetesVersion: z
      .string()
      .regex(/^1\.\d+$/, 'must be a minor version, as `1.35`')
      .default('1.35'),
    nodes: z.int().min(3).max(1000).default(6).describe('Nodes for workloads, at most'),
    podsPerNode: z.int().min(30).max(250).default(110),
    addresses: z
      .strictObject({
        network: cidr().default('10.40.0.0/16').describe('Of the virtual networks'),
        pods: cidr().default('10.244.0.0/16'),
        services: cidr().default('10.250.0.0/16'),
      })
      .prefault({}),
    engine: z.enum(ENGINES).default('cilium'),
    wayIn: z.enum(WAYS_IN).default('public'),
    waf: z.enum(FIREWALLS_OF_THE_WEB).default('application-gateway'),
    host: z
      .string()
      .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'must be a name, as `shop.example.com`')
      .default('www.example.com')
      .describe('The name under which people come'),
    apiGateway: z.boolean().default(false),
    mesh: z.enum(MESHES).default('cilium'),
    apiServer: z.enum(API_DOORS).default('private-link'),
    privateAgents: z
      .boolean()
      .default(false)
      .describe('Whether agents of Azure Arc use Private Link, a preview without Azure Policy and Defender'),
    onPremises: z
      .strictObject({
        link: z.enum(LINKS).default('none'),
        ranges: z.array(cidr()).default([]),
        /** Of the VPN devices there; two for a link that survives one. */
        gateways: z
          .array(z.string().refine((text) => parseAddress(text) !== undefined, 'must be an address'))
          .default([]),
      })
      .prefault({}),
    adminRanges: z.array(cidr()).default([]).describe('From where administrators come, over the link'),
    teams: z.array(team).min(1),
    outside: z.array(outside).default([]),
    groups: z.strictObject({
      clusterAdmins: objectId(),
      networkAdmins: objectId(),
      auditors: objectId(),
    }),
    alertsTo: z.array(z.email()).min(1).describe('Who is told when the network changes'),
    reviewBy: z.iso
      .date('must be the day by which accepted findings are looked at again, as `2027-05-21`')
      .describe('The day by which accepted findings are looked at again: on the next one they count'),
    logs: z.strictObject({ retentionDays: z.int().min(90).max(730).default(365) }).prefault({}),
    paid: z
      .strictObject({
        ddosProtection: z.boolean().default(true),
        firewallPremium: z.boolean().default(true),
        defender: z.boolean().default(true),
        bastion: z.boolean().default(true),
        flowLogs: z.boolean().default(true),
        customerManagedKeys: z.boolean().default(true),
      })
      .prefault({}),
    forms: z.array(z.enum(FORMS)).min(1).default(['bicep']),
    pipelines: z.array(z.enum(PIPELINES)).min(1).default(['github']),
  })
  .meta({ id: 'Blueprint', description: 'What a team chooses of its environment: `ringfence blueprint` builds it' });

export type Choices = z.output<typeof CHOICES>;
export type Team = Choices['teams'][number];
export type TeamNamespace = Team['namespaces'][number];
export type Form = (typeof FORMS)[number];
export type PaidFeature = (typeof PAID_FEATURES)[number];
export type PrivateService = (typeof PRIVATE_SERVICES)[number];
