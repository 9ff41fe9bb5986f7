import { escapeControl } from '#base/escape.ts';
import type { Evidence, FieldEdit, Judged } from '#model/control.ts';
import type { FieldPath } from '#model/object.ts';
import { listAt, numberAt, plainAt, textAt } from '#model/plain.ts';
import { placeOf, plain } from '../../assessment.ts';
import { assessed } from '../../azure-judging.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { seenAt } from '../../evidence.ts';
import { mappingsOf } from '../../mappings.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { ownerAt } from '../../shared.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { formatList } from '../words.ts';

export const ingSvc003: Control = {
  data: {
    id: 'ING-SVC-003',
    title: 'Pods take no ports and no network of their node, unless it was approved',
    severity: 'high',
    rationale:
      'A pod in the network of its node is beyond every network policy of the cluster, sees the traffic of the node and reaches what listens on its loopback. A port of the node is open wherever the node is reachable.',
    evidence:
      '`hostNetwork` and `hostPort` of every pod template, and the range `controls.allowedHostPorts` of the configuration',
    states: [
      {
        state: 'FAIL',
        when: 'a pod is in the network of its node, or takes a port of it, outside of the approved range',
      },
      { state: 'WARN', when: 'the same in a namespace of the platform' },
      { state: 'PASS', when: 'it takes nothing of its node, or only ports within the approved range' },
      { state: 'NA', when: 'the input has no workloads' },
    ],
    remedy:
      'Take `hostNetwork` and `hostPort` out and use a Service; approve what must stay with `controls.allowedHostPorts`, and refuse the rest by Pod Security Admission (level baseline) or Azure Policy.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.2.5', '5.2.12'],
      'cis-aks': ['4.2.4'],
      'nist-800-190': ['4.4.3'],
      'nsa-cisa': ['pod-security-enforcement'],
      'owasp-top-ten': ['K01'],
      mcsb: ['PV-2'],
      'azure-policy': ['82985f06-dc18-4a48-bc1c-b9f4f0098cfe'],
      pss: ['host-namespaces', 'host-ports'],
      attack: ['T1611'],
      'aks-network-baseline': ['L112'],
    }),
  },
  assess(context) {
    return assessed(
      context.podOwners.map((owner) => judged(context, owner)),
      plain('NA', 'the input has no workloads'),
      ['workload', 'workloads'],
    );
  },
  fix(context, { where }) {
    const owner = ownerAt(context, where.id);
    if (owner === undefined) return undefined;
    const edits = editsOf(context, owner);
    return {
      summary: hasService(context, owner)
        ? `let \`${escapeControl(where.name)}\` be reached by its Service in place of its node`
        : `take \`${escapeControl(where.name)}\` off the ${takesNetwork(owner) ? 'network' : 'ports'} of its node`,
      // Who asks the node itself, from outside of the cluster, is in no manifest: without the port they find nothing.
      automatic: false,
      changes: [{ kind: 'edit-object', object: owner.object, edits }],
      steps: [
        hasService(context, owner)
          ? 'move clients of the port of the node to the Service first'
          : 'where it has clients, make a Service for the ports that they use first',
        'agents of nodes that cannot do without: approve the ports in `controls.allowedHostPorts`, or accept the finding with a reason',
      ],
    };
  },
};

function takesNetwork({ spec }: PodOwner): boolean {
  return plainAt(spec, 'hostNetwork') === true;
}

function judged(context: ControlContext, owner: PodOwner): Judged {
  const { object, path } = owner;
  const where = placeOf(object);
  const wrong = wrongPorts(context, owner);
  const network = takesNetwork(owner) && !isApprovedNetwork(context, owner);
  const evidence: Evidence[] = [
    ...(takesNetwork(owner) ? [seenAt(object, [...path, 'spec', 'hostNetwork'])] : []),
    ...wrong.map(({ path: at }) => seenAt(object, at)),
  ];
  if (!network && wrong.length === 0)
    return {
      where,
      state: 'PASS',
      message: 'it takes no network and no port of its node that was not approved',
      evidence,
    };
  const ports = formatList(wrong.map(({ port }) => `${port}`));
  const message = network
    ? 'it runs in the network of its node, where no policy of the cluster holds it'
    : `it takes the ${wrong.length === 1 ? 'port' : 'ports'} ${ports} of its node`;
  const state = isSystemNamespace(context, where.namespace) ? 'WARN' : 'FAIL';
  // Agents of nodes are mostly meant to be there.
  return { where, state, message, evidence, ...(object.kind === 'DaemonSet' && { severity: 'medium' as const }) };
}

/** Those that it declares are all within the range: what it does not declare nobody can see. */
function isApprovedNetwork({ settings: { allowedHostPorts: range } }: ControlContext, owner: PodOwner): boolean {
  const declared = owner.containers.flatMap(({ value }) =>
    listAt(value, 'ports').flatMap((port) => numberAt(port, 'containerPort') ?? []),
  );
  return range !== undefined && declared.length > 0 && declared.every((port) => port >= range.from && port <= range.to);
}

interface HostPort {
  readonly port: number;
  readonly path: FieldPath;
}

/** In the network of the node every port is one of the node, `hostPort` or not. */
function wrongPorts({ settings: { allowedHostPorts: range } }: ControlContext, owner: PodOwner): readonly HostPort[] {
  if (takesNetwork(owner)) return [];
  return owner.containers.flatMap(({ value, path }) =>
    listAt(value, 'ports').flatMap((entry, index): HostPort[] => {
      const port = numberAt(entry, 'hostPort') ?? 0;
      const isAllowed = range !== undefined && port >= range.from && port <= range.to;
      return port === 0 || isAllowed ? [] : [{ port, path: [...path, 'ports', index, 'hostPort'] }];
    }),
  );
}

function editsOf(context: ControlContext, owner: PodOwner): FieldEdit[] {
  if (takesNetwork(owner)) return [{ op: 'remove', path: [...owner.path, 'spec', 'hostNetwork'] }];
  return wrongPorts(context, owner).map(({ path }) => ({ op: 'remove', path }));
}

function hasService({ snapshot }: ControlContext, { object, metadata }: PodOwner): boolean {
  return snapshot.services.some(
    ({ namespace, selector }) =>
      namespace === object.namespace &&
      selector?.requirements.every(({ key, values }) => values.includes(textAt(metadata, 'labels', key) ?? '')) ===
        true,
  );
}
