import { isUnsettled } from '#model/azure/entity.ts';
import type { Subnet } from '#model/azure/network.ts';
import type { BuiltInPolicy } from '../../data/azure-policy/policy.ts';
import { placeOfResource } from '../controls/azure-facts.ts';
import type { Judging, PolicyContext, PolicyViolation } from './policy-answer.ts';

/** A field of a subnet, and whether it is as a definition wants it; undefined: an expression decides. */
interface SubnetRule {
  readonly field: string;
  readonly complies: (subnet: Subnet) => boolean | undefined;
  readonly message: string;
}

/** Subnets that Azure wants no security group in, or that take none. */
const WITHOUT_GROUP = /^(?:GatewaySubnet|AzureFirewallSubnet|AzureFirewallManagementSubnet|RouteServerSubnet)$/i;

const RULES: ReadonlyMap<string, SubnetRule> = new Map<string, SubnetRule>([
  [
    '7bca8353-aa3b-429b-904a-9229c4385837',
    {
      field: 'properties.defaultOutboundAccess',
      complies: ({ defaultOutboundAccess: access }) => (isUnsettled(access) ? undefined : access === false),
      message: 'the subnet has default outbound access',
    },
  ],
  [
    '35f9c03a-cc27-418e-9c0c-539ff999d010',
    {
      field: 'properties.networkSecurityGroup',
      complies: ({ name, securityGroup }) => name.toLowerCase() !== 'gatewaysubnet' || securityGroup === undefined,
      message: 'the subnet of the gateway has a security group',
    },
  ],
  [
    'e71308d3-144b-4262-b144-efdc3cc90517',
    {
      field: 'properties.networkSecurityGroup',
      complies: ({ name, securityGroup }) => WITHOUT_GROUP.test(name) || securityGroup !== undefined,
      message: 'the subnet has no security group',
    },
  ],
]);

/** Subnets stand in their network or alone: the estate has both in one form. */
export function judgeSubnets({ snapshot }: PolicyContext, { id }: BuiltInPolicy): Judging {
  const rule = RULES.get(id);
  if (rule === undefined) return { judged: 0, violations: [], open: 'this definition is not judged here' };
  const { subnets } = snapshot.azure;
  const violations: PolicyViolation[] = [];
  let open: string | undefined;
  for (const subnet of subnets) {
    const complies = rule.complies(subnet);
    if (complies === undefined) open = `\`${rule.field}\` of \`${subnet.name}\` is an expression`;
    else if (!complies)
      violations.push({
        where: placeOfResource(subnet),
        message: rule.message,
        evidence: [{ object: subnet.id, field: rule.field, origin: subnet.origin }],
      });
  }
  return { judged: subnets.length, violations, ...(open !== undefined && { open }) };
}
