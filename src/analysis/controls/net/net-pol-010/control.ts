import type { Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { ownerAt } from '../../shared.ts';
import { mapped } from '../mapped.ts';
import { assess } from './assess.ts';
import { bypassesOf } from './bypasses.ts';

export const netPol010: Control = {
  data: {
    id: 'NET-POL-010',
    title: 'Policy bypasses are known and minimal (hostNetwork, hostPort, node ports, mesh opt-outs)',
    severity: 'high',
    rationale:
      'Policy holds at the interface of a pod. A pod on the network of its node has none, one that may forge packets pretends to be another, and what is kept out of the proxy of a mesh is seen by none of its rules.',
    evidence:
      'pod templates outside of the platform: the network of the node, ports of the node, capabilities for packets, privileged containers, annotations that keep traffic out of a mesh; Services that hide client addresses from policies that decide by them; ports of nodes that AKS opens',
    states: [
      { state: 'PASS', when: 'nothing gets around policy' },
      {
        state: 'FAIL',
        when: 'a workload is on the network of its node, takes a port of it, or may change or forge packets',
      },
      {
        state: 'WARN',
        when: 'traffic is kept out of a mesh, client addresses are hidden from a policy, or AKS opens ports of nodes',
      },
      { state: 'NA', when: 'the input has no workload outside of the platform' },
    ],
    remedy:
      'Use Services and gateways in place of ports of nodes, drop capabilities, keep client addresses with `externalTrafficPolicy: Local`, and let the proxy see all traffic.',
    mappings: mapped({
      'cis-kubernetes': ['5.2.5', '5.2.12', '5.2.8'],
      'cis-aks': ['4.2.4'],
      'nist-800-190': ['4.4.3', '4.5.1'],
      'nsa-cisa': ['pod-security-enforcement'],
      'owasp-top-ten': ['K01'],
      'owasp-cheat-sheet': ['apply-security-context-to-your-pods-and-containers'],
      mcsb: ['PV-2'],
      'azure-policy': [
        '82985f06-dc18-4a48-bc1c-b9f4f0098cfe',
        '47a1ee2f-2a2a-4576-bf2a-e0e36709c2b8',
        'a27c700f-8a22-44ec-961c-41625264370b',
      ],
      pss: ['host-namespaces', 'host-ports', 'capabilities', 'restricted-capabilities'],
      attack: ['T1611', 'T1610'],
      'azure-security-book': ['L6'],
      'aks-network-baseline': ['L112'],
      'kubernetes-network-practices': ['L63'],
    }),
  },
  assess,
  fix,
};

/** A change that takes it away is written; only where a Service hides addresses does it break nothing that the input shows. */
function fix(context: ControlContext, judged: Judged): Fix | undefined {
  if (judged.detail === 'client addresses') return localFix(context, judged);
  const owner = ownerAt(context, judged.where.id);
  const bypass =
    owner === undefined ? undefined : bypassesOf(context, owner).find(({ detail }) => detail === judged.detail);
  if (owner === undefined || bypass === undefined)
    return {
      summary: 'close the ports of the nodes',
      automatic: false,
      changes: [],
      steps: [
        'lead clients through a load balancer or a gateway, and take the ports out of `allowedHostPorts` of the pool',
      ],
    };
  return {
    summary: `take ${bypass.detail} away from ${owner.object.name}`,
    automatic: false,
    changes: [{ kind: 'edit-object', object: owner.object, edits: bypass.edits }],
    steps: ['find out first who comes in that way or needs the right: what used it stops working'],
  };
}

/** Clients then reach the nodes that have a pod, with their own address. */
function localFix({ objects }: ControlContext, { where }: Judged): Fix | undefined {
  const object = objects.get({ group: '', kind: 'Service', namespace: where.namespace, name: where.name });
  if (object === undefined) return undefined;
  return {
    summary: `keep client addresses at Service ${where.name}`,
    automatic: true,
    changes: [
      { kind: 'edit-object', object, edits: [{ op: 'set', path: ['spec', 'externalTrafficPolicy'], value: 'Local' }] },
    ],
    steps: [
      'nodes without a pod of it no longer answer: spread the pods, and check that the load balancer asks for their health',
    ],
  };
}
