import { z } from 'zod';
import { CODES, type DiagnosticCode } from '#model/codes.ts';
import { ENCRYPTIONS } from '#model/encryption.ts';
import type { PlainObject } from '#model/plain.ts';
import { PROFILE_IDS } from '#model/profile.ts';
import { REASONS, type ReasonCode } from '#model/reason.ts';

/** Shapes that several answers share. An id makes each one definition in the published schemas. */

export const origin = z.object({ file: z.string(), line: z.int().nonnegative(), column: z.int().nonnegative() }).meta({
  id: 'Origin',
  description:
    'Where something came from. Lines and columns count from 1; an empty file means that no input states it.',
});

const trafficFields = {
  protocol: z.string().describe('TCP, UDP, SCTP, ICMP, ICMPv6, or an IP protocol number'),
  ports: z
    .string()
    .exactOptional()
    .describe('Ports as `80,443,8000-8999`, ICMP types as `8`; absent where there are none'),
};

export const traffic = z.object(trafficFields).meta({ id: 'Traffic', description: 'Ports of one protocol' });

export const trafficList = z
  .union([z.literal('all'), z.array(traffic)])
  .meta({ id: 'TrafficList', description: '`all` is every port of every protocol that the answer is about' });

/** How many a list would have without its filter. */
export const unfiltered = z.int().nonnegative().exactOptional();

export const reason = z
  .enum(Object.keys(REASONS) as [ReasonCode, ...ReasonCode[]])
  .meta({ id: 'Reason', description: 'Why a verdict is unknown: a closed list' });

export const unknownTraffic = z
  .object({ ...trafficFields, reasons: z.array(reason) })
  .meta({ id: 'UnknownTraffic', description: 'Traffic about which nothing can be said, and why' });

export const mixedTraffic = z
  .object({ ...trafficFields, why: z.string() })
  .meta({ id: 'MixedTraffic', description: 'Traffic allowed for some only, and for whom' });

export const verdict = z.enum(['allowed', 'denied', 'unknown']).meta({ id: 'Verdict' });

export const pathVerdict = z
  .enum(['allowed', 'denied', 'unknown', 'mixed'])
  .meta({ id: 'PathVerdict', description: '`mixed` where branches differ' });

export const engine = z
  .object({ profile: z.enum(PROFILE_IDS), why: z.string() })
  .meta({ id: 'Engine', description: 'The engine profile that was assumed, and from what' });

export const assumption = z
  .object({ code: z.string(), text: z.string() })
  .meta({ id: 'Assumption', description: 'Something the answer rests on that the input does not state' });

export const diagnostic = z
  .object({
    code: z.enum(Object.keys(CODES) as [DiagnosticCode, ...DiagnosticCode[]]),
    severity: z.enum(['error', 'warning', 'info']),
    message: z.string(),
    help: z.string().exactOptional(),
    origin: origin.exactOptional(),
    frame: z.string().exactOptional().describe('The lines around the origin with a marker'),
    object: z.string().exactOptional().describe('The object it is about, as `NetworkPolicy shop/web`'),
  })
  .meta({
    id: 'Diagnostic',
    description: 'What is wrong with the input, or what the reader must know to trust the answer',
  });

export const endpoint = z
  .object({
    id: z.string(),
    kind: z.enum(['workload', 'node', 'external', 'domain', 'namespace', 'potential']),
    namespace: z.string().exactOptional(),
    name: z.string().exactOptional(),
    workload: z.string().exactOptional().describe('The kind of workload, as `Deployment`'),
    pods: z.array(z.string()).exactOptional(),
    hostNetwork: z.boolean().exactOptional(),
    ranges: z.array(z.string()).exactOptional().describe('CIDRs, disjoint'),
    members: z.int().nonnegative().exactOptional().describe('Workloads that a folded namespace stands for'),
    origin: origin.exactOptional(),
  })
  .meta({ id: 'Endpoint', description: 'Something that sends or receives traffic' });

export const encryption = z
  .enum(ENCRYPTIONS)
  .meta({ id: 'Encryption', description: 'How a connection is protected on the wire' });

export const invariantState = z.enum(['holds', 'broken', 'unknown', 'invalid']).meta({ id: 'InvariantState' });

export const changeGroup = z
  .object({
    change: z.enum(['opened', 'closed', 'unsettled']),
    from: z.array(z.string()),
    to: z.array(z.string()),
    traffic: trafficList,
  })
  .meta({ id: 'ChangeGroup', description: 'Changed connections that say the same, told once' });

/** A manifest, whatever is in it. */
export const plainObject: z.ZodType<PlainObject> = z
  .record(z.string(), z.json())
  .meta({ id: 'Manifest', description: 'A whole Kubernetes object' });
