import { isKey } from '#engine/compile/azure/view.ts';
import type { WafPolicy } from '#model/azure/edge.ts';
import type { AzureResource } from '#model/azure/resource.ts';
import type { FieldEdit, Fix, Judged } from '#model/control.ts';
import { azGroup, azWord } from '../../az-command.ts';
import { evidenceOf, itemsAt, placeOfResource, resourceOf, settingAt, unknownOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';

const OWN = ['properties', 'webApplicationFirewallConfiguration'];

/** Policies that something uses, and settings in gateways that have no policy. */
export function policyPlaces(context: ControlContext): Judged[] {
  const { wafPolicies, applicationGateways } = context.snapshot.azure;
  const used = usedPolicies(context);
  return [
    ...wafPolicies.flatMap((policy) => {
      const resource = resourceOf(context, policy.id);
      return resource !== undefined && (used.has(policy.key) || namesUsers(resource))
        ? [judgedPolicy(policy, resource)]
        : [];
    }),
    ...applicationGateways.flatMap((gateway) => {
      const resource = resourceOf(context, gateway.id);
      return resource === undefined || gateway.ownFirewall === undefined || gateway.firewallPolicy !== undefined
        ? []
        : [judgedOwn(resource)];
    }),
  ];
}

function usedPolicies({ snapshot: { azure, ingresses } }: ControlContext): ReadonlySet<string> {
  const refs = [
    ...azure.applicationGateways.flatMap(({ firewallPolicy, listeners, rules }) => [
      firewallPolicy,
      ...listeners.map((listener) => listener.firewallPolicy),
      ...rules.flatMap(({ targets }) => targets.map((target) => target.firewallPolicy)),
    ]),
    ...azure.trafficControllers.flatMap(({ policies }) => policies.map(({ firewallPolicy }) => firewallPolicy)),
    ...azure.frontDoors.flatMap(({ associations }) => associations.map(({ firewallPolicy }) => firewallPolicy)),
    ...ingresses.map(({ annotations }) =>
      annotations.get('appgw.ingress.kubernetes.io/waf-policy-for-path')?.toLowerCase(),
    ),
  ];
  return new Set(refs.filter(isKey));
}

/** What Azure itself writes into a policy that is attached. */
function namesUsers(resource: AzureResource): boolean {
  return [
    'applicationGateways',
    'httpListeners',
    'pathBasedRules',
    'frontendEndpointLinks',
    'securityPolicyLinks',
    'applicationGatewayForContainers',
  ].some((field) => {
    const items = itemsAt(resource, 'properties', field);
    return Array.isArray(items) && items.length > 0;
  });
}

function judgedPolicy({ of, isOn, mode, checksBody, ruleSets }: WafPolicy, resource: AzureResource): Judged {
  const where = placeOfResource(resource);
  const settings = stateSettings(resource);
  const open = settings.find(({ state }) => state === 'unsettled');
  if (open?.state === 'unsettled') return unknownOf(resource, open);
  const evidence = [...settings, settingAt(resource, 'properties', 'managedRules', 'managedRuleSets')].map((setting) =>
    evidenceOf(resource, setting),
  );
  const old = ruleSets.find(isOld);
  const wrong = [
    ...(isOn === false ? ['it is switched off'] : []),
    ...(mode === 'detection' ? ['it writes attacks down and lets them pass (Detection)'] : []),
    ...(checksBody === false ? ['it does not look at bodies'] : []),
    ...(ruleSets.length === 0 ? ['it has no managed rules'] : []),
    ...(old === undefined ? [] : [`its rules ${old.name} ${old.version} are old`]),
  ];
  if (wrong.length > 0) return { where, state: 'FAIL', message: wrong.join(', '), evidence, detail: of };
  const exclusions = itemsAt(resource, 'properties', 'managedRules', 'exclusions');
  if (Array.isArray(exclusions) && exclusions.length > 0)
    return {
      where,
      state: 'WARN',
      message: `${exclusions.length} exclusions take parts of requests from its rules`,
      evidence: [evidenceOf(resource, settingAt(resource, 'properties', 'managedRules', 'exclusions'))],
      detail: of,
    };
  return { where, state: 'PASS', message: 'it blocks, looks at bodies and has current rules', evidence, detail: of };
}

function stateSettings(resource: AzureResource) {
  return ['state', 'enabledState', 'mode', 'requestBodyCheck']
    .map((field) => settingAt(resource, 'properties', 'policySettings', field))
    .filter(({ state }) => state !== 'absent');
}

/** OWASP before 3.1, and default rule sets before their second version. */
function isOld({ name, version }: { readonly name: string; readonly version: string }): boolean {
  const number = Number.parseFloat(version);
  if (/^owasp$/i.test(name)) return number < 3.1;
  return /defaultruleset/i.test(name) && number < 2;
}

function judgedOwn(resource: AzureResource): Judged {
  const where = placeOfResource(resource);
  const enabled = settingAt(resource, ...OWN, 'enabled');
  const mode = settingAt(resource, ...OWN, 'firewallMode');
  const version = settingAt(resource, ...OWN, 'ruleSetVersion');
  const evidence = [enabled, mode, version].map((setting) => evidenceOf(resource, setting));
  for (const setting of [enabled, mode, version])
    if (setting.state === 'unsettled') return { ...unknownOf(resource, setting), detail: 'own' };
  const wrong = [
    ...(enabled.state === 'value' && enabled.value === false ? ['it is switched off'] : []),
    ...(mode.state === 'value' && /^prevention$/i.test(String(mode.value))
      ? []
      : ['it writes attacks down and lets them pass (Detection)']),
    ...(version.state === 'value' && Number.parseFloat(String(version.value)) < 3.1 ? ['its rules are old'] : []),
  ];
  return wrong.length > 0
    ? { where, state: 'FAIL', message: `the firewall of the gateway: ${wrong.join(', ')}`, evidence, detail: 'own' }
    : {
        where,
        state: 'WARN',
        message: 'the firewall is a setting of the gateway itself: a policy of its own replaces that',
        evidence,
        detail: 'own',
      };
}

// ---------------------------------------------------------------- fix

export function policyFix(context: ControlContext, { where, state, detail }: Judged): Fix | undefined {
  const resource = resourceOf(context, where.id);
  const policy = context.snapshot.azure.wafPolicies.find(({ key }) => key === where.id);
  if (resource === undefined || state !== 'FAIL') return undefined;
  const edits: FieldEdit[] =
    detail === 'own'
      ? [
          { op: 'set', path: [...OWN, 'enabled'], value: true },
          { op: 'set', path: [...OWN, 'firewallMode'], value: 'Prevention' },
        ]
      : policyEdits(policy);
  const command = commandOf(detail, `--resource-group ${azGroup(resource.id)}`, azWord(where.name));
  return {
    summary: `let \`${where.name}\` block what its rules find`,
    automatic: detail !== 'own' && policy !== undefined && policy.ruleSets.length > 0 && !policy.ruleSets.some(isOld),
    changes: [{ kind: 'edit-azure', resource: resource.id, edits, ...(command !== undefined && { command }) }],
    steps: [
      'look through its log for requests of your users that the rules would have blocked, and write exclusions for them first',
    ],
  };
}

function policyEdits(policy: WafPolicy | undefined): FieldEdit[] {
  const settings = ['properties', 'policySettings'];
  const isDoor = policy?.of === 'front-door';
  return [
    { op: 'set', path: [...settings, isDoor ? 'enabledState' : 'state'], value: 'Enabled' },
    { op: 'set', path: [...settings, 'mode'], value: 'Prevention' },
    { op: 'set', path: [...settings, 'requestBodyCheck'], value: isDoor ? 'Enabled' : true },
  ];
}

function commandOf(detail: string | undefined, group: string, name: string): string | undefined {
  if (detail === 'application-gateway')
    return `network application-gateway waf-policy policy-setting update --policy-name ${name} ${group} --state Enabled --mode Prevention --request-body-check true`;
  if (detail === 'front-door')
    return `network front-door waf-policy update --name ${name} ${group} --disabled false --mode Prevention --request-body-check Enabled`;
  return undefined;
}
