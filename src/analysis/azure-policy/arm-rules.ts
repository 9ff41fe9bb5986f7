import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import { type PlainObject, textAt } from '#model/plain.ts';
import type { BuiltInPolicy } from '../../data/azure-policy/policy.ts';
import { evidenceOf, placeOfResource, type Setting, settingAt, wordOf } from '../controls/azure-facts.ts';
import type { Judging, PolicyContext, PolicyViolation } from './policy-answer.ts';
import { judgeSubnets } from './subnet-rules.ts';

/** A field of a resource that a definition looks at, and whether it is as it should be. */
interface ArmRule {
  readonly path: readonly string[];
  /** Undefined: it cannot be decided. */
  readonly complies: (setting: Setting, resource: AzureResource, parameters: PlainObject) => boolean | undefined;
  readonly message: string;
}

const API = ['properties', 'apiServerAccessProfile'];

const RULES: ReadonlyMap<string, ArmRule> = new Map<string, ArmRule>([
  [
    '0e246bcf-5f6f-4f87-bc6f-775d4712c7ea',
    {
      path: [...API, 'authorizedIPRanges'],
      // A list in any form counts, and so does a private cluster.
      complies: (setting, resource) =>
        isThere(setting) || equals(settingAt(resource, ...API, 'enablePrivateCluster'), 'true'),
      message: 'no address ranges are listed, and the cluster is not private',
    },
  ],
  ['040732e8-d947-40b8-95d6-854c95024bf8', on([...API, 'enablePrivateCluster'], 'the cluster is not private')],
  [
    '46238e2f-3f6f-4589-9f3f-77bed4116e67',
    is(['properties', 'networkProfile', 'networkPlugin'], ['azure'], 'the cluster does not use Azure CNI'),
  ],
  ['89f2d532-c53c-4f8f-9afa-4927b1114a0d', on([...API, 'disableRunCommand'], 'run command is on')],
  ['993c2fcd-2b29-49d2-9eb0-df2c3a730c32', on(['properties', 'disableLocalAccounts'], 'local accounts are on')],
  [
    '0a15ec92-a229-4763-bb14-0ea34a568f8d',
    on(['properties', 'addonProfiles', 'azurePolicy', 'enabled'], 'the Azure Policy add-on is off'),
  ],
  [
    'a1840de2-8088-4ea8-b153-b4c723e9cb01',
    on(['properties', 'securityProfile', 'defender', 'securityMonitoring', 'enabled'], 'the Defender sensor is off'),
  ],
  [
    '88c0b9da-ce96-4b03-9635-f29a937e2900',
    {
      path: ['properties', 'enableIPForwarding'],
      complies: (setting) => negated(equals(setting, 'true')),
      message: 'the interface forwards packets',
    },
  ],
  [
    '83a86a26-fd1f-447c-b59d-e51f44264114',
    {
      path: ['properties', 'ipConfigurations'],
      complies: (setting) =>
        setting.state === 'unsettled' ? undefined : !/"publicIPAddress":\{/i.test(textOf(setting)),
      message: 'the interface has a public address',
    },
  ],
  [
    '3f84c9b0-8b64-4208-98d4-6ada96bb49c3',
    on(['properties', 'dnsSettings', 'enableProxy'], 'the firewall policy does not answer DNS'),
  ],
  [
    'da79a7e2-8aa1-45ed-af81-ba050c153564',
    {
      path: ['properties', 'threatIntelMode'],
      // Azure fills in Alert where nothing is said.
      complies: (setting) => (setting.state === 'absent' ? true : oneOf(setting, ['alert', 'deny'])),
      message: 'threat intelligence is off',
    },
  ],
  [
    '564feb30-bf6a-4854-b4bb-0d2d2d1e6c66',
    {
      path: ['properties', 'webApplicationFirewallConfiguration', 'enabled'],
      complies: (setting, resource) =>
        isThere(settingAt(resource, 'properties', 'firewallPolicy', 'id')) || equals(setting, 'true'),
      message: 'the application gateway has no web application firewall',
    },
  ],
  [
    '12430be1-6cc8-4527-a9a8-e3d38f250096',
    {
      path: ['properties', 'policySettings', 'mode'],
      complies: (setting, _resource, parameters) =>
        equals(setting, (textAt(parameters, 'modeRequirement') ?? 'Detection').toLowerCase()),
      message: 'the web application firewall is in another mode',
    },
  ],
  [
    'ca85ef9a-741d-461d-8b7a-18c2da82c666',
    {
      path: ['properties', 'policySettings', 'requestBodyCheck'],
      complies: (setting) => (setting.state === 'absent' ? true : equals(setting, 'true')),
      message: 'the web application firewall does not read bodies',
    },
  ],
  [
    'ebea0d86-7fbd-42e3-8a46-27e7568c2525',
    {
      path: ['properties', 'managedRules', 'managedRuleSets'],
      complies: (setting) => (setting.state === 'unsettled' ? undefined : /BotManager/i.test(textOf(setting))),
      message: 'the web application firewall has no rules for bots',
    },
  ],
  ['27960feb-a23c-4577-8d36-ef8b5f35e0be', on(['properties', 'enabled'], 'the flow log is off')],
  [
    '2f080164-9f4d-497e-9db6-416dc9f7b48a',
    on(
      ['properties', 'flowAnalyticsConfiguration', 'networkWatcherFlowAnalyticsConfiguration', 'enabled'],
      'the flow log is not analysed',
    ),
  ],
  [
    '94de2ad3-e0c1-4caf-ad78-5d47bbc83d3d',
    on(['properties', 'enableDdosProtection'], 'the virtual network is not protected from floods'),
  ],
]);

export function judgeResources(context: PolicyContext, policy: BuiltInPolicy, parameters: PlainObject): Judging {
  const { resources } = context.snapshot.azure;
  if (policy.kinds.includes('Microsoft.Network/virtualNetworks/subnets')) return judgeSubnets(context, policy);
  const types = policy.kinds.map(azureKey);
  const own = [...resources.values()].filter(({ type }) => types.includes(azureKey(type)));
  if (policy.id === '4c3c6c5f-0d47-4402-99b8-aa543dd8bcee') return judgeFlowLogs(context, own);
  const rule = RULES.get(policy.id);
  if (rule === undefined) return { judged: 0, violations: [], open: 'this definition is not judged here' };
  const violations: PolicyViolation[] = [];
  let open: string | undefined;
  for (const resource of own) {
    const setting = settingAt(resource, ...rule.path);
    const complies = rule.complies(setting, resource, parameters);
    if (complies === undefined) open = `\`${setting.field}\` of \`${resource.name}\` is an expression`;
    else if (!complies)
      violations.push({
        where: placeOfResource(resource),
        message: rule.message,
        evidence: [evidenceOf(resource, setting)],
      });
  }
  return { judged: own.length, violations, ...(open !== undefined && { open }) };
}

/** Azure counts the flow logs that it lists in the network; a template has them as resources. */
function judgeFlowLogs({ snapshot }: PolicyContext, networks: readonly AzureResource[]): Judging {
  const targets = new Set(
    [...snapshot.azure.resources.values()]
      .filter(({ type }) => azureKey(type) === 'microsoft.network/networkwatchers/flowlogs')
      .map((log) => wordOf(settingAt(log, 'properties', 'targetResourceId'), '')),
  );
  const violations = networks.flatMap((network): PolicyViolation[] => {
    const listed = settingAt(network, 'properties', 'flowLogs');
    const has = targets.has(azureKey(network.id)) || (listed.state === 'value' && textOf(listed) !== '[]');
    if (has) return [];
    const message = 'the virtual network has no flow log';
    return [{ where: placeOfResource(network), message, evidence: [evidenceOf(network, listed)] }];
  });
  return { judged: networks.length, violations };
}

// ---------------------------------------------------------------- words of rules

function on(path: readonly string[], message: string): ArmRule {
  return { path, message, complies: (setting) => equals(setting, 'true') };
}

function is(path: readonly string[], words: readonly string[], message: string): ArmRule {
  return { path, message, complies: (setting) => oneOf(setting, words) };
}

function equals(setting: Setting, word: string): boolean | undefined {
  return oneOf(setting, [word]);
}

function oneOf(setting: Setting, words: readonly string[]): boolean | undefined {
  const word = wordOf(setting, '');
  return word === undefined ? undefined : words.includes(word);
}

function isThere({ state }: Setting): boolean {
  return state !== 'absent';
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function textOf(setting: Setting): string {
  return setting.state === 'value' ? JSON.stringify(setting.value) : '';
}
