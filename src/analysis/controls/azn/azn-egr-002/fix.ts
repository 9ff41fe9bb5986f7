import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { Fix, Judged } from '#model/control.ts';
import { clusterSubnets } from '../../../azure/bypasses.ts';
import { azTarget } from '../../az-command.ts';
import { resourceOf } from '../../azure-facts.ts';
import { quoted, viewFor } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import { INTRUSIONS, THREATS } from './modes.ts';

/** An alert stops nothing, so it can be turned on at once; rules need to be thought over. */
export function fixOfFirewall(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  const view = viewFor(context);
  const resource = resourceOf(context, where.id);
  if (view === undefined || resource === undefined) return undefined;
  if (detail === THREATS.detail) {
    const isPolicy = /firewallpolicies$/i.test(resource.type);
    const command = isPolicy
      ? `network firewall policy update ${azTarget(resource.id)} --threat-intel-mode Alert`
      : `network firewall update ${azTarget(resource.id)} --threat-intel-mode Alert`;
    const edits = [{ op: 'set', path: ['properties', 'threatIntelMode'], value: 'Alert' }] as const;
    return {
      summary: `let ${quoted(resource.name)} tell of known threats`,
      automatic: true,
      changes: [{ kind: 'edit-azure', resource: resource.id, edits, command }],
      steps: [],
    };
  }
  if (detail === INTRUSIONS.detail) return detectionFix(view, resource.id);
  if (detail === 'required endpoints') return tagFix(view, where.id);
  return undefined;
}

function detectionFix(view: AzureView, id: string): Fix {
  const policy = view.estate.firewallPolicies.find(({ key }) => key === id.toLowerCase());
  const summary = 'look for intrusions in what passes the firewall';
  if (policy !== undefined && typeof policy.tier === 'string' && policy.tier.toLowerCase() !== 'premium')
    return {
      summary,
      automatic: false,
      changes: [],
      steps: ['move the firewall and its policy to the Premium tier', 'set `intrusionDetection.mode` to `Alert`'],
    };
  const edits = [{ op: 'set', path: ['properties', 'intrusionDetection', 'mode'], value: 'Alert' }] as const;
  const command = `network firewall policy update ${azTarget(id)} --idps-mode Alert`;
  return { summary, automatic: true, changes: [{ kind: 'edit-azure', resource: id, edits, command }], steps: [] };
}

/** The tag holds the names of a cluster with a public API server and of most features. */
function tagFix(view: AzureView, id: string): Fix {
  const firewall = view.firewalls.find(({ key }) => key === id);
  const group = view.estate.ruleCollectionGroups.find(
    ({ policy }) => isKey(firewall?.policy) && policy === firewall?.policy,
  );
  const sources = clusterSubnets(view).flatMap(({ prefixes }) =>
    prefixes.flatMap((each) => (each.kind === 'range' ? [each.text] : [])),
  );
  const summary = 'allow what AKS needs, for the subnets of the cluster';
  const steps = [
    '`ringfence egress --write arm` makes the rules for every name, port and tag that is missing, and proves them',
  ];
  if (group === undefined || sources.length === 0) return { summary, automatic: false, changes: [], steps };
  const rule = {
    ruleType: 'ApplicationRule',
    name: 'aks',
    sourceAddresses: sources,
    fqdnTags: ['AzureKubernetesService'],
    protocols: [
      { protocolType: 'Https', port: 443 },
      { protocolType: 'Http', port: 80 },
    ],
  };
  const value = {
    ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
    name: 'aks-needs',
    priority: 65_000,
    action: { type: 'Allow' },
    rules: [rule],
  };
  const edits = [{ op: 'append', path: ['properties', 'ruleCollections'], value }] as const;
  return { summary, automatic: false, changes: [{ kind: 'edit-azure', resource: group.id, edits }], steps };
}
