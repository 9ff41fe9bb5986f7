import { describe, expect, test } from 'vitest';
import { expectProblem, problemsOf, read } from './read.test-support.ts';

const CONTAINERS = 'containers: [{name: c, ports: [{name: http, containerPort: 80}]}]';
const TEMPLATE = `template: {metadata: {labels: {app: web}}, spec: {${CONTAINERS}}}`;

function object(apiVersion: string, kind: string, spec: string, more = ''): string {
  return `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: web, labels: {own: x}${more}}, spec: {${spec}}}`;
}

describe('where each kind has its template', () => {
  test.each([
    ['apps/v1', 'Deployment', TEMPLATE, []],
    ['extensions/v1beta1', 'Deployment', TEMPLATE, []],
    ['apps/v1beta2', 'ReplicaSet', TEMPLATE, []],
    ['apps/v1beta1', 'StatefulSet', TEMPLATE, []],
    ['apps/v1', 'DaemonSet', TEMPLATE, []],
    ['v1', 'ReplicationController', TEMPLATE, []],
    ['batch/v1', 'Job', TEMPLATE, ['batch.kubernetes.io/job-name', 'job-name']],
    ['batch/v1', 'Job', `manualSelector: true, ${TEMPLATE}`, []],
    ['batch/v1', 'CronJob', `jobTemplate: {spec: {${TEMPLATE}}}`, []],
    ['batch/v1beta1', 'CronJob', `jobTemplate: {spec: {${TEMPLATE}}}`, []],
    ['apps.openshift.io/v1', 'DeploymentConfig', TEMPLATE, ['deploymentconfig']],
    ['v1', 'DeploymentConfig', TEMPLATE, ['deploymentconfig']],
    ['argoproj.io/v1alpha1', 'Rollout', TEMPLATE, []],
    [
      'kubevirt.io/v1',
      'VirtualMachine',
      'template: {metadata: {labels: {app: web}}, spec: {}}',
      ['kubevirt.io', 'vm.kubevirt.io/name'],
    ],
  ])('%s %s', (apiVersion, kind, spec, added) => {
    const text = object(apiVersion, kind, spec);
    expect(problemsOf(text)).toEqual([]);
    const workload = read(text).workloads[0];
    expect(workload).toMatchObject({
      kind,
      namespace: 'default',
      name: 'web',
      template: { serviceAccount: 'default', hostNetwork: false },
    });
    expect([...(workload?.template.labels ?? [])]).toEqual([
      ['app', 'web'],
      ...added.map((key) => [key, expect.any(String)]),
    ]);
  });

  test('a VirtualMachineInstance carries its own labels, and the ports of its interfaces', () => {
    const spec = `domain: {devices: {interfaces: [{name: a, masquerade: {}, ports: [{name: http, port: 80}]}]}},
      hostname: h, volumes: [{name: s, serviceAccount: {serviceAccountName: robot}}]`;
    const template = read(object('kubevirt.io/v1', 'VirtualMachineInstance', spec)).workloads[0]?.template;
    expect(Object.fromEntries(template?.labels ?? [])).toEqual({
      own: 'x',
      'kubevirt.io': 'virt-launcher',
      'vm.kubevirt.io/name': 'h',
    });
    expect(template).toMatchObject({
      serviceAccount: 'robot',
      ports: [{ name: 'http', protocol: 'TCP', port: 80, container: 'compute' }],
    });
  });

  test('replicas and the controller are kept', () => {
    const owner =
      ', ownerReferences: [{apiVersion: v1, kind: A, name: a}, {apiVersion: apps/v1, kind: Deployment, name: b, controller: true}]';
    const workload = read(object('apps/v1', 'ReplicaSet', `replicas: 3, ${TEMPLATE}`, owner)).workloads[0];
    expect(workload).toMatchObject({
      replicas: 3,
      controller: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'b' },
    });
  });

  test('a template is needed', () => {
    expectProblem(object('apps/v1', 'Deployment', 'replicas: 1'), 'RF2003 `spec.template` is missing');
  });
});

describe('an Argo Rollout that refers to a Deployment', () => {
  const rollout =
    '{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: r}, spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}';

  test.each(['before', 'after'])('has its template when the Deployment stands %s it', (order) => {
    const deployment = object('apps/v1', 'Deployment', TEMPLATE);
    const text = order === 'before' ? `${deployment}\n---\n${rollout}` : `${rollout}\n---\n${deployment}`;
    expect(problemsOf(text)).toEqual([]);
    const found = read(text).workloads.find((one) => one.kind === 'Rollout');
    expect(found?.template.labels.get('app')).toBe('web');
  });

  test('is left out and reported when the Deployment is not in the input', () => {
    expectProblem(rollout, 'RF3008 takes its pod template from `Deployment/web`');
    expect(read(rollout).workloads).toEqual([]);
  });
});

describe('Pod', () => {
  test('is read with addresses, phase, node and owner', () => {
    const text = `{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {a: b}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, controller: true}]},
      spec: {nodeName: n1, serviceAccountName: robot, initContainers: [{name: i, restartPolicy: Always, ports: [{name: admin, containerPort: 9000, protocol: UDP}]}],
      ${CONTAINERS}}, status: {phase: Running, podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "FD00:0::1"}]}}`;
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).pods[0]).toMatchObject({
      addresses: ['10.0.0.1', 'fd00::1'],
      phase: 'Running',
      controller: { kind: 'ReplicaSet', name: 'r' },
      shape: {
        nodeName: 'n1',
        serviceAccount: 'robot',
        ports: [
          { name: 'admin', protocol: 'UDP', port: 9000, container: 'i' },
          { name: 'http', protocol: 'TCP', port: 80, container: 'c' },
        ],
      },
    });
  });

  test('the deprecated names of fields are read', () => {
    const text =
      '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {serviceAccount: old}, status: {podIP: 10.0.0.1}}';
    expect(read(text).pods[0]).toMatchObject({ addresses: ['10.0.0.1'], shape: { serviceAccount: 'old' } });
  });

  test('on the host network a container port is a host port', () => {
    const text = object('v1', 'Pod', `hostNetwork: true, ${CONTAINERS}`);
    expect(read(text).pods[0]?.shape.ports).toMatchObject([{ port: 80, hostPort: 80 }]);
  });

  test.each([
    ['containers: [{ports: [{containerPort: 0}]}]', 'RF2008 1 to 65535'],
    ['containers: [{ports: [{}]}]', 'RF2003 containerPort` is missing'],
    ['containers: [{ports: [{name: HTTP, containerPort: 80}]}]', 'RF2008 lower case'],
    ['containers: [{ports: [{name: "80", containerPort: 80}]}]', 'RF2008 at least one letter'],
    [
      'containers: [{ports: [{name: a, containerPort: 1}, {name: a, containerPort: 2, protocol: UDP}]}]',
      'RF2009 another port',
    ],
    [
      'hostNetwork: true, containers: [{ports: [{containerPort: 80, hostPort: 81}]}]',
      'RF2009 must equal `containerPort` 80',
    ],
    ['hostNetwork: "true"', 'RF2002 must be `true` or `false`, not text'],
    ['containers: [{ports: [{containerPort: "80"}]}]', 'RF2002 must be a whole number, not text'],
  ])('%s is refused', (spec, expected) => {
    expectProblem(object('v1', 'Pod', spec), expected);
  });

  test.each([
    'containers: [{name: one, ports: [{name: a, containerPort: 1}]}, {name: two, ports: [{name: a, containerPort: 2}]}]',
    'containers: [{ports: [{containerPort: 80, protocol: ""}]}]',
    'containers: [{ports: [{containerPort: 80, hostPort: 0}]}]',
  ])('%s is not', (spec) => {
    expect(problemsOf(object('v1', 'Pod', spec))).toEqual([]);
  });
});

describe('the cluster', () => {
  test('a Namespace always has the label of its name', () => {
    const text =
      '{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {kubernetes.io/metadata.name: other}}}';
    expect([...(read(text).namespaces[0]?.labels ?? [])]).toEqual([['kubernetes.io/metadata.name', 'shop']]);
  });

  test('a Node has its IP addresses and pod ranges', () => {
    const text = `{apiVersion: v1, kind: Node, metadata: {name: n1}, spec: {podCIDR: 10.1.0.0/24, podCIDRs: [10.1.0.0/24, "fd00::/64"]},
      status: {addresses: [{type: InternalIP, address: 10.0.0.1}, {type: Hostname, address: n}, {type: ExternalIP, address: 8.8.8.8}]}}`;
    expect(read(text).nodes[0]).toMatchObject({
      addresses: ['10.0.0.1', '8.8.8.8'],
      podCidrs: [{ length: 24 }, { length: 64 }],
    });
  });

  test.each([
    [
      '{apiVersion: k8s.ovn.org/v1, kind: UserDefinedNetwork, metadata: {name: u, namespace: shop}, spec: {topology: Layer2, layer2: {role: Primary}}}',
      true,
    ],
    [
      '{apiVersion: k8s.ovn.org/v1, kind: UserDefinedNetwork, metadata: {name: u, namespace: shop}, spec: {topology: Layer3, layer3: {role: Secondary}}}',
      false,
    ],
    [
      '{apiVersion: k8s.ovn.org/v1, kind: ClusterUserDefinedNetwork, metadata: {name: u}, spec: {namespaceSelector: {}, network: {topology: Layer3, layer3: {role: Primary}}}}',
      true,
    ],
    [
      '{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: u}, spec: {config: \'{"type": "macvlan"}\'}}',
      false,
    ],
  ])('%s', (text, primary) => {
    expect(problemsOf(text)).toEqual([]);
    expect(read(text).secondaryNetworks).toMatchObject([{ primary }]);
  });

  test('a MultiNetworkPolicy names its networks', () => {
    const text =
      '{apiVersion: k8s.cni.cncf.io/v1beta1, kind: MultiNetworkPolicy, metadata: {name: m, annotations: {k8s.v1.cni.cncf.io/policy-for: "a, shop/b"}}, spec: {foo: 1}}';
    expect(read(text).multiNetworkPolicies).toMatchObject([{ networks: ['a', 'shop/b'] }]);
  });
});
