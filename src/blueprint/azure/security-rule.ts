/** A rule of a security group in our own words. */
export interface SecurityRule {
  readonly name: string;
  readonly why: string;
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol: 'Tcp' | 'Udp' | '*';
  /** Prefixes or one service tag. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ports: readonly string[];
}

export type Rule = Omit<SecurityRule, 'priority'>;

export const DENY_IN: Rule = {
  name: 'deny-everything-else-in',
  why: 'Only what is named above comes in, from the same network too',
  direction: 'Inbound',
  access: 'Deny',
  protocol: '*',
  from: ['*'],
  to: ['*'],
  ports: ['*'],
};

export const DENY_OUT: Rule = {
  ...DENY_IN,
  name: 'deny-everything-else-out',
  why: 'Only what is named above leaves',
  direction: 'Outbound',
};

export const BALANCER_PROBES: Rule = {
  name: 'allow-probes-of-balancers',
  why: 'Load balancers ask whether what stands behind them is alive',
  direction: 'Inbound',
  access: 'Allow',
  protocol: '*',
  from: ['AzureLoadBalancer'],
  to: ['*'],
  ports: ['*'],
};

export function allowIn(name: string, fields: Pick<Rule, 'why' | 'from' | 'to' | 'ports'>): Rule {
  return { name, direction: 'Inbound', access: 'Allow', protocol: 'Tcp', ...fields };
}

export function allowOut(name: string, fields: Pick<Rule, 'why' | 'from' | 'to' | 'ports'>): Rule {
  return { name, direction: 'Outbound', access: 'Allow', protocol: 'Tcp', ...fields };
}
