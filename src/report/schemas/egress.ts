import { z } from 'zod';
import { FACT_SEVERITIES } from '#model/azure/fact.ts';
import { DISAGREEMENTS, RULE_FORMS, WAYS_OUT } from '#model/egress.ts';
import { assumption, diagnostic, engine, origin, pathVerdict, reason, trafficList } from './common.ts';

const evidence = z
  .object({
    resource: z.string().describe('The id of a resource in Azure, or an object of a manifest'),
    field: z.string().exactOptional().describe('A field, or a rule by its name'),
    value: z.string().exactOptional(),
    origin,
  })
  .meta({ id: 'AzureEvidence', description: 'A part of the input by which something is shown' });

const fact = z
  .object({
    id: z.string().describe('What was checked; never changes its meaning'),
    state: z.enum(['PASS', 'FAIL', 'UNKNOWN']),
    severity: z.enum(FACT_SEVERITIES),
    message: z.string(),
    evidence: z.array(evidence),
    source: z.string().describe('The documentation that says so'),
  })
  .meta({ id: 'AzureFact', description: 'One thing checked at one place' });

const wayOut = z
  .object({
    subnet: z.string().describe('Empty for a network that AKS makes, or one that the input does not have'),
    kind: z.enum(WAYS_OUT),
    name: z.string().describe('Of the firewall or gateway; else what routes it there, in words'),
    origin,
  })
  .meta({ id: 'WayOut', description: 'By which way something leaves a subnet of nodes, as its routes say' });

const required = z.object({
  destination: z.string(),
  protocol: z.string(),
  port: z.int().nonnegative(),
  feature: z.string().describe('`cluster`, or the feature that needs it'),
  use: z.string(),
  need: z.enum(['required', 'optional', 'perhaps']),
  verdict: pathVerdict,
  reasons: z.array(reason),
  from: z.array(z.string()).describe('Nodes from which it is not allowed'),
  by: z.array(evidence).describe('The rules that decide'),
  ways: z.array(wayOut).describe('From each subnet of nodes'),
  source: z.string(),
});

const disagreement = z.object({
  state: z.enum(DISAGREEMENTS),
  from: z.array(z.string()),
  to: z.array(z.string()).describe('CIDRs, `internet`, names as `dns:NAME`; `dns:*` is any name'),
  traffic: trafficList,
  layers: z.array(z.string()).describe('Layers of the network that deny it, or leave it open'),
  reasons: z.array(reason),
  by: z.array(evidence),
});

const written = z.object({
  form: z.enum(RULE_FORMS),
  firewall: z.string(),
  rules: z.int().nonnegative(),
  text: z.string(),
  proof: z.object({ complete: z.boolean(), minimal: z.boolean(), compared: z.int().nonnegative() }),
  left: z.array(
    z.object({ from: z.array(z.string()), to: z.array(z.string()), traffic: trafficList, why: z.string() }),
  ),
});

const cluster = z.object({
  id: z.string(),
  name: z.string(),
  cloud: z.string(),
  location: z.string().exactOptional(),
  networkMode: z.string(),
  outboundType: z.string(),
  origin,
});

/** `egress -o json` */
export const egressSchema = z
  .object({
    schema: z.literal('ringfence.dev/egress/v1'),
    engine,
    cluster: cluster.exactOptional().describe('Absent: no cluster of Azure in the input, or several'),
    required: z.array(required),
    wide: z.array(fact).describe('Rules that are wider than needed'),
    disagreements: z.array(disagreement),
    unlimited: z.array(z.string()).describe('Workloads whose egress no policy limits'),
    unneeded: z
      .array(z.object({ kind: z.string(), name: z.string(), rule: z.string(), evidence }))
      .describe('Rules that allow what policy allows no workload, and what no node must reach'),
    bypasses: z.array(fact),
    flows: z.array(fact).describe('What the cluster itself does not work without'),
    addressPlan: z.array(fact),
    retirements: z.array(fact),
    written: written.exactOptional().describe('With `--write`'),
    assumptions: z.array(assumption),
    diagnostics: z.array(diagnostic),
  })
  .meta({
    title: 'ringfence egress',
    description: 'Whether policies and the network around a cluster agree about what leaves it',
  });
