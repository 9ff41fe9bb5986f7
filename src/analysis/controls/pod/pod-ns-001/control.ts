import type { Assessment, ControlState, Evidence, Fix, Judged } from '#model/control.ts';
import { entriesAt, textAt } from '#model/plain.ts';
import { assessmentOf, plain } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { onceKey } from '../../context.ts';
import type { Control } from '../../control.ts';
import { seenAt } from '../../evidence.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessDefaultDeny } from '../../net/default-deny.ts';
import { type WorkloadNamespace, workloadNamespaces } from '../workload-namespaces.ts';

export const podNs001: Control = {
  data: {
    id: 'POD-NS-001',
    title: 'Namespaces part teams and environments, and nothing runs in the default one',
    severity: 'low',
    rationale:
      'A namespace is what roles, quotas and policies are written for. What runs in the default one gets those of nobody, and a namespace that nobody owns is one where nobody looks. By itself it parts nothing on the network.',
    evidence:
      'the namespaces of all workloads, their labels for owners and environments, and whether their pods are shut to other namespaces (NET-POL-001)',
    states: [
      { state: 'FAIL', when: 'a workload is in the namespace `default`' },
      {
        state: 'WARN',
        when: 'a workload names no namespace, a namespace says neither whose nor what it is, or its pods are open to all others',
      },
      { state: 'PASS', when: 'the namespace says whose it is, and its pods are shut to other namespaces' },
      { state: 'UNKNOWN', when: 'the namespace itself is not in the input, or policy only perhaps shuts it' },
      { state: 'NA', when: 'no workload is outside of the namespaces of the platform' },
    ],
    remedy:
      'Give every team and environment a namespace with labels for both, a policy that denies by default, roles and a quota, and move what is in the default one there.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.6.1', '5.6.4'],
      'cis-aks': ['4.6.1', '4.6.3'],
      'nist-800-190': ['4.3.4'],
      'nsa-cisa': ['namespaces'],
      'owasp-top-ten': ['K05'],
      'owasp-cheat-sheet': ['code-that-uses-namespaces-to-isolate-kubernetes-resources'],
      mcsb: ['NS-1'],
      'azure-policy': ['9f061a12-e40d-4183-a00e-171812443373'],
      attack: ['T1613'],
      'kubernetes-network-practices': ['L15'],
      'securing-kubernetes-in-azure': ['L48', 'L49'],
    }),
  },
  assess: assessNamespaces,
  fix: fixNamespace,
};

function assessNamespaces(context: ControlContext): Assessment {
  const places = workloadNamespaces(context).map((space) =>
    space.name === 'default' ? judgeDefault(context, space) : judge(context, space),
  );
  return assessmentOf(
    places,
    plain('NA', 'the input has no workload outside of the namespaces of the platform'),
    (count, state) => `${count} ${count === 1 ? 'namespace' : 'namespaces'} ${SAID[state]}`,
  );
}

const SAID: Readonly<Partial<Record<ControlState, string>>> = {
  FAIL: 'that nothing should run in',
  PARTIAL: 'that nothing should run in',
  WARN: 'without an owner, or open to all others',
  PASS: 'with an owner, shut to others',
  UNKNOWN: 'of which the input shows too little',
};

const SHOWN = 8;
const NAMESPACE = ['metadata', 'namespace'];

/** Where a file names no namespace, whoever applies it decides. */
function judgeDefault(context: ControlContext, { owners, where }: WorkloadNamespace): Judged {
  const named = owners.filter(({ object }) => textAt(object.value, ...NAMESPACE) === 'default');
  const said = context.kind === 'live' ? owners : named;
  const endpoints = (said.length > 0 ? said : owners).map(({ endpoint }) => endpoint);
  const count = (many: number) => `${many} ${many === 1 ? 'workload' : 'workloads'}`;
  if (said.length > 0)
    return {
      where,
      state: 'FAIL',
      message: `${count(said.length)} ${said.length === 1 ? 'runs' : 'run'} in the namespace that is everybody’s`,
      evidence: said.slice(0, SHOWN).map(({ object }) => seenAt(object, NAMESPACE)),
      endpoints,
    };
  return {
    where,
    state: 'WARN',
    message: `${count(owners.length)} ${owners.length === 1 ? 'names' : 'name'} no namespace: without one on the command they run in \`default\``,
    evidence: owners.slice(0, SHOWN).map(({ object }) => seenAt(object, NAMESPACE)),
    endpoints,
  };
}

function judge(context: ControlContext, { name, object, where }: WorkloadNamespace): Judged {
  if (object === undefined && context.kind !== 'live')
    return {
      where,
      state: 'UNKNOWN',
      message: 'the namespace itself is not in the input, and its labels say whose it is',
      evidence: [{ object: `Namespace ${name}`, field: 'metadata.labels' }],
    };
  const labels = entriesAt(object?.value, 'metadata', 'labels').map(([key]) => key);
  const telling = labels.find((key) => key === context.settings.groupLabel || isTelling(key));
  const evidence: Evidence[] =
    object === undefined ? [] : [seenAt(object, ['metadata', 'labels', ...(telling === undefined ? [] : [telling])])];
  if (telling === undefined)
    return { where, state: 'WARN', message: 'no label says whose it is, or which environment', evidence };
  const shut = isolationOf(context).get(name);
  if (shut === undefined || shut.state === 'PASS')
    return {
      where,
      state: 'PASS',
      message: `\`${telling}\` says whose it is, and its pods are shut to others`,
      evidence,
    };
  const isOpen = shut.state === 'FAIL' || shut.state === 'WARN';
  return {
    where,
    state: isOpen ? 'WARN' : 'UNKNOWN',
    message: isOpen
      ? 'it parts nothing on the network: pods of other namespaces reach its pods (NET-POL-001)'
      : `whether it parts anything on the network is not known: ${shut.message}`,
    evidence: [...evidence, ...shut.evidence],
  };
}

/** By their last part: `team`, `app.kubernetes.io/part-of`, `example.com/cost-center`. */
function isTelling(key: string): boolean {
  return /(?:^|[/.-])(?:owner|owned-by|team|tenant|env|environment|stage|tier|part-of|managed-by|department|cost-?cent(?:er|re)|business-unit|product|project|app|application|group)$/i.test(
    key,
  );
}

const ISOLATION = onceKey<ReadonlyMap<string, Judged>>('isolation of namespaces');

function isolationOf(context: ControlContext): ReadonlyMap<string, Judged> {
  return context.once(
    ISOLATION,
    () => new Map(assessDefaultDeny(context, 'ingress').places.map((place) => [place.where.name, place])),
  );
}

function fixNamespace(context: ControlContext, { where, message }: Judged): Fix | undefined {
  const space = workloadNamespaces(context).find(({ name }) => name === where.name);
  if (space === undefined) return undefined;
  if (space.name !== 'default') return fixLabels(space, message);
  return {
    summary: 'move the workloads to a namespace of their own',
    automatic: false,
    changes: [
      {
        kind: 'new-object',
        object: {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'apps', labels: { 'pod-security.kubernetes.io/warn': 'restricted' } },
        },
      },
    ],
    steps: [
      'name the namespace after the team or the application, and write it into `metadata.namespace` of the workloads, their Services, ConfigMaps, Secrets and policies',
      'names of Services that others use change with it: `web` becomes `web.apps`',
    ],
  };
}

function fixLabels({ object, name }: WorkloadNamespace, message: string): Fix | undefined {
  if (object === undefined) return undefined;
  if (!message.startsWith('no label'))
    return {
      summary: `shut namespace \`${name}\` to others`,
      automatic: false,
      changes: [],
      steps: ['see NET-POL-001: a policy that denies by default, with rules for what the workloads are known to take'],
    };
  return {
    summary: `say whose namespace \`${name}\` is`,
    automatic: false,
    changes: [
      {
        kind: 'edit-object',
        object,
        edits: [{ op: 'set', path: ['metadata', 'labels', 'app.kubernetes.io/part-of'], value: name }],
      },
    ],
    steps: ['add the team as well: `team: …`'],
  };
}
