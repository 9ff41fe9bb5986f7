import { type AzureView, isKey } from '#engine/compile/azure/view.ts';
import type { HopEntry } from '#model/answers.ts';
import type { WafPolicy, WafSettings } from '#model/azure/edge.ts';
import { type AzureRef, isUnsettled } from '#model/azure/entity.ts';
import type { Step } from './way-in.ts';

/** A policy that may look at requests, and what it is a policy of: `the listener`. */
export interface WafPlace {
  readonly of: string;
  readonly policy?: AzureRef;
  readonly own?: WafSettings;
}

/** Of several the first that is there: the most specific wins. */
export function wafStep(view: AzureView, at: string, places: readonly WafPlace[]): Step {
  const place = places.find(({ policy, own }) => policy !== undefined || own !== undefined);
  return { kind: 'told', entry: { layer: 'waf', at, verdict: 'allowed', ...wafWords(view, place), reasons: [] } };
}

/** What signatures find is in no input: a firewall for requests is told of, and denies nothing here. */
function wafWords(view: AzureView, place: WafPlace | undefined): Pick<HopEntry, 'why' | 'rules'> {
  if (place === undefined) return { why: 'no web application firewall looks at requests here', rules: [] };
  const { of, policy, own } = place;
  if (policy === undefined && own !== undefined)
    return { why: `the firewall settings of ${of}: ${stateWords(own)}`, rules: [] };
  if (policy === undefined || !isKey(policy))
    return { why: `the policy of ${of} comes from an expression that has no value yet`, rules: [] };
  const found = wafPolicyOf(view, policy);
  const name = policy.split('/').at(-1) ?? policy;
  if (found === undefined) return { why: `policy ${name} of ${of} is not in the input`, rules: [] };
  const why = `policy ${found.name} of ${of}: ${stateWords(found)}`;
  return { why, rules: [{ ...RULE, name: found.name, why, origin: found.origin }] };
}

const RULE = {
  kind: 'WafPolicy',
  namespace: '',
  rule: 'policySettings',
  action: 'log',
  decides: false,
  matches: 'perhaps',
} as const;

export function wafPolicyOf({ estate }: AzureView, key: string): WafPolicy | undefined {
  return estate.wafPolicies.find((policy) => policy.key === key);
}

function stateWords({ isOn, mode, checksBody }: WafSettings): string {
  if (isUnsettled(isOn) || isUnsettled(mode))
    return 'whether it blocks anything comes from an expression that has no value yet';
  if (!isOn) return 'it is switched off and looks at nothing';
  const body = checksBody === false ? ', bodies of requests not looked at' : '';
  return mode === 'prevention'
    ? `Prevention: requests that its rules find are refused (rules are not evaluated)${body}`
    : `Detection: what its rules find is written down and let through${body}`;
}

/** Whether requests that its rules find are refused. */
export function isBlocking({ isOn, mode }: WafSettings): boolean {
  return isOn === true && mode === 'prevention';
}
