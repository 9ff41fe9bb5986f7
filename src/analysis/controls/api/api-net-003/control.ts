import type { Assessment, ControlData, Fix, Judged } from '#model/control.ts';
import { plain } from '../../assessment.ts';
import { azTarget } from '../../az-command.ts';
import {
  evidenceOf,
  isOn,
  managedClustersOf,
  placeOfResource,
  settingAt,
  unknownOf,
  type WrittenCluster,
  wordOf,
} from '../../azure-facts.ts';
import { assessed, quoted } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { withoutApiServer } from '../not-aks.ts';

const ID = 'API-NET-003';

const data: ControlData = {
  id: ID,
  title: 'Side doors to the API are closed (public FQDN, run command, local accounts path)',
  severity: 'medium',
  rationale:
    'A private API server, or one with a list of ranges, is passed by whoever may run commands through Azure, and by whoever holds the certificate of a local account, whatever the directory says of them.',
  evidence:
    'Of each AKS cluster: `disableRunCommand`, `enablePrivateClusterPublicFQDN`, `privateDNSZone`, `disableLocalAccounts`, and whether Entra ID signs people in.',
  states: [
    { state: 'PASS', when: 'a side door is closed' },
    { state: 'FAIL', when: 'run command is on for a private cluster, or local accounts beside Entra ID' },
    {
      state: 'WARN',
      when: 'the private address is published under a public name, or run command passes a list of ranges',
    },
    { state: 'UNKNOWN', when: 'the setting is an expression or not in the input' },
    { state: 'NA', when: 'there is no such door: the public name of a public cluster' },
  ],
  remedy: 'Turn off run command, local accounts and the public name.',
  mappings: mappingsOf({
    'cis-kubernetes': ['5.1.7'],
    'cis-aks': ['5.4.2'],
    'nist-800-190': ['4.3.2'],
    'nsa-cisa': ['control-plane-hardening'],
    'owasp-top-ten': ['K06'],
    'owasp-cheat-sheet': ['controlling-access-to-the-kubernetes-api'],
    mcsb: ['NS-2', 'IM-1'],
    'azure-policy': ['89f2d532-c53c-4f8f-9afa-4927b1114a0d', '993c2fcd-2b29-49d2-9eb0-df2c3a730c32'],
    attack: ['T1609', 'T1078.001'],
    'aks-network-baseline': ['L64'],
    'kubernetes-network-practices': ['L31'],
    'securing-kubernetes-in-azure': ['L16'],
  }),
  question: 'Are all ways to the API server closed that go past its network and the directory of users?',
};

const ACCESS = ['properties', 'apiServerAccessProfile'] as const;
const RUN_COMMAND = [...ACCESS, 'disableRunCommand'];
const PUBLIC_NAME = [...ACCESS, 'enablePrivateClusterPublicFQDN'];
const LOCAL_ACCOUNTS = ['properties', 'disableLocalAccounts'];

function assess(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context);
  return assessed(
    clusters.flatMap((each) => [...runCommand(each), ...publicName(each), ...localAccounts(each)]),
    clusters.length === 0
      ? withoutApiServer(context, ID, 'which side doors the API server has')
      : plain('NA', 'the API server has no side doors'),
    ['side door', 'side doors'],
  );
}

/** Where the front door is open to everybody there is no need of a side door. */
function runCommand({ cluster, resource }: WrittenCluster): Judged[] {
  const setting = settingAt(resource, ...RUN_COMMAND);
  const detail = 'run command';
  if (setting.state === 'unsettled') return [{ ...unknownOf(resource, setting), detail }];
  const place = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)], detail };
  if (isOn(setting, false) === true) return [{ ...place, state: 'PASS', message: 'run command is off' }];
  const { privateCluster, authorizedRanges } = cluster.api;
  if (privateCluster === true) {
    const message =
      'run command is on: whoever may call it in Azure runs commands in the private cluster from anywhere';
    return [{ ...place, state: 'FAIL', message }];
  }
  if (privateCluster !== false) {
    const message = 'run command is on, and whether the cluster is private is not settled by the input';
    return [{ ...place, state: 'UNKNOWN', message }];
  }
  if (authorizedRanges.length === 0) return [];
  const message = 'run command is on: it goes past the list of ranges of the API server';
  return [{ ...place, state: 'WARN', message, severity: 'low' }];
}

function publicName({ cluster, resource }: WrittenCluster): Judged[] {
  if (cluster.api.privateCluster !== true) return [];
  const setting = settingAt(resource, ...PUBLIC_NAME);
  const detail = 'public name';
  if (setting.state === 'unsettled') return [{ ...unknownOf(resource, setting), detail }];
  const place = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)], detail };
  // "A public name is made too unless it is turned off": docs of AKS, private clusters.
  if (isOn(setting, true) === false)
    return [{ ...place, state: 'PASS', message: 'no public name leads to the private address' }];
  const message = 'a public name tells everybody the private address of the API server';
  return [{ ...place, state: 'WARN', message, severity: 'low' }];
}

/** Without Entra ID local accounts are the only way in, which a control of identities tells. */
function localAccounts({ resource }: WrittenCluster): Judged[] {
  const setting = settingAt(resource, ...LOCAL_ACCOUNTS);
  const detail = 'local accounts';
  if (setting.state === 'unsettled') return [{ ...unknownOf(resource, setting), detail }];
  const directory = settingAt(resource, 'properties', 'aadProfile');
  const evidence = [evidenceOf(resource, setting), evidenceOf(resource, directory)];
  const place = { where: placeOfResource(resource), evidence, detail };
  if (isOn(setting, false) === true) return [{ ...place, state: 'PASS', message: 'local accounts are off' }];
  if (directory.state === 'absent') return [];
  const message = 'local accounts are on: their certificate administers the cluster past Entra ID';
  return [{ ...place, state: 'FAIL', message }];
}

function fix(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  const found = managedClustersOf(context).find(({ cluster }) => cluster.key === where.id);
  if (found === undefined) return undefined;
  const name = quoted(found.cluster.name);
  if (detail === 'run command')
    return edit(found, {
      summary: `turn off run command of ${name}`,
      path: RUN_COMMAND,
      value: true,
      flag: '--disable-run-command',
    });
  if (detail === 'local accounts') {
    const change = edit(found, {
      summary: `turn off local accounts of ${name}`,
      path: LOCAL_ACCOUNTS,
      value: true,
      flag: '--disable-local-accounts',
    });
    if (settingAt(found.resource, 'properties', 'aadProfile').state === 'value') return change;
    return { ...change, automatic: false, steps: ['turn on Entra ID first: without it nobody could sign in'] };
  }
  return withoutName(found, name);
}

/** "Invalid together with privateDNSZone none", where the public name is the only one. */
function withoutName(found: WrittenCluster, name: string): Fix {
  const summary = `publish no public name of ${name}`;
  const change = edit(found, { summary, path: PUBLIC_NAME, value: false, flag: '--disable-public-fqdn' });
  const zone = wordOf(settingAt(found.resource, ...ACCESS, 'privateDNSZone'), 'system');
  if (zone === 'none')
    return {
      summary,
      automatic: false,
      changes: [],
      steps: ['give the cluster a private DNS zone: with `none` the public name is its only one'],
    };
  return {
    ...change,
    automatic: false,
    steps: ['link the private DNS zone to every network from which people and pipelines ask for the name'],
  };
}

interface Edit {
  readonly summary: string;
  readonly path: readonly string[];
  readonly value: boolean;
  readonly flag: string;
}

function edit({ resource }: WrittenCluster, { summary, path, value, flag }: Edit): Fix {
  const command = `aks update ${azTarget(resource.id)} ${flag}`;
  const edits = [{ op: 'set', path, value }] as const;
  return {
    summary,
    automatic: true,
    changes: [{ kind: 'edit-azure', resource: resource.id, edits, command }],
    steps: [],
  };
}

export const apiNet003: Control = { data, assess, fix };
