import { describe, expect, test } from 'vitest';
import { deployment, exposuresIn, lineOf, policy, service } from './cluster.test-support.ts';

const WEB = deployment('shop/web');
const NO_POLICY: readonly string[] = [];
const FROM_DOCS = policy('shop/docs', 'ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]');
const DENY = policy('shop/deny', 'policyTypes: [Ingress]');
const NODE = `
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 10.1.0.4}]}`;

function lines(
  documents: readonly string[],
  ...profile: Parameters<typeof exposuresIn> extends [unknown, ...infer P] ? P : never
): string[] {
  return exposuresIn(documents, ...profile).map(lineOf);
}

describe('which Services open what', () => {
  const cases: [string, string, string, string[]][] = [
    ['a ClusterIP opens nothing', '', '', []],
    [
      'gotcha 1: a load balancer opens node ports too',
      'type: LoadBalancer',
      '',
      ['internet (load balancer):80', 'network *:(node port)'],
    ],
    [
      'allocateLoadBalancerNodePorts: false',
      'type: LoadBalancer, allocateLoadBalancerNodePorts: false',
      '',
      ['internet (load balancer):80'],
    ],
    ['NodePort', 'type: NodePort', '', ['network *:(node port)']],
    ['gotcha 9: externalIPs open a ClusterIP', 'externalIPs: [203.0.113.9]', '', ['internet 203.0.113.9:80']],
    ['private externalIPs', 'externalIPs: [10.9.9.9]', '', ['network 10.9.9.9:80']],
    ['headless', 'clusterIP: None', '', []],
  ];
  test.each(cases)('%s', (_, spec, annotations, expected) => {
    expect(exposuresIn([WEB, service('shop/web', spec, annotations)]).map(({ scope, at }) => `${scope} ${at}`)).toEqual(
      expected,
    );
  });
});

describe('public or internal', () => {
  const AZURE = 'service.beta.kubernetes.io/azure-load-balancer-internal';
  const AWS = 'service.beta.kubernetes.io/aws-load-balancer';
  const cases: [string, string, string][] = [
    ['nothing said', '', 'internet'],
    ['azure', `${AZURE}: "true"`, 'network'],
    ['azure, any case', `${AZURE}: "TRUE"`, 'network'],
    ['gotcha 2: azure yes is public', `${AZURE}: "yes"`, 'internet'],
    ['azure false', `${AZURE}: "false"`, 'internet'],
    ['aws in-tree', `${AWS}-internal: "true"`, 'network'],
    ['aws in-tree false', `${AWS}-internal: "false"`, 'internet'],
    ['aws scheme', `${AWS}-scheme: internal`, 'network'],
    ['aws controller, internal by default', `${AWS}-type: external`, 'network'],
    ['aws controller, internet-facing', `${AWS}-type: external, ${AWS}-scheme: internet-facing`, 'internet'],
    ['gke', 'networking.gke.io/load-balancer-type: Internal', 'network'],
    ['gke, old', 'cloud.google.com/load-balancer-type: internal', 'network'],
    ['openstack', 'service.beta.kubernetes.io/openstack-internal-load-balancer: "true"', 'network'],
  ];
  test.each(cases)('%s', (_, annotations, expected) => {
    const [first] = exposuresIn([WEB, service('shop/web', 'type: LoadBalancer', annotations)]);
    expect(first?.scope).toBe(expected);
  });

  test('gotcha 3: Private Link Service carries an internal load balancer further', () => {
    const annotations = `${AZURE}: "true", service.beta.kubernetes.io/azure-pls-create: "true"`;
    const found = exposuresIn([WEB, service('shop/web', 'type: LoadBalancer', annotations)]);
    expect(found.find(({ at }) => at.startsWith('(load'))?.notes.join()).toContain('Private Link Service');
  });

  test('the address it got settles it', () => {
    const status = (ip: string): string =>
      `${service('shop/web', 'type: LoadBalancer')}\nstatus: {loadBalancer: {ingress: [{ip: ${ip}}]}}`;
    expect(lines([WEB, status('203.0.113.10')])[0]).toBe(
      'internet 203.0.113.10:80 -> shop/Deployment/web:8080 allowed',
    );
    expect(lines([WEB, status('10.240.0.9')])[0]).toBe('network 10.240.0.9:80 -> shop/Deployment/web:8080 allowed');
  });

  test('a load balancer class of which nothing is known makes what is allowed unknown, and what is denied stays denied', () => {
    const odd = service(
      'shop/web',
      'type: LoadBalancer, loadBalancerClass: example.com/lb, externalTrafficPolicy: Local',
    );
    expect(exposuresIn([WEB, odd])[0]).toMatchObject({ verdict: 'unknown', reasons: ['unsupported-field'] });
    expect(exposuresIn([WEB, odd, DENY])[0]).toMatchObject({ verdict: 'denied', reasons: [] });
  });
});

describe('source ranges', () => {
  const ranged = (extra = ''): string =>
    service(
      'shop/web',
      `type: LoadBalancer, externalTrafficPolicy: Local, loadBalancerSourceRanges: [203.0.113.0/24]${extra}`,
    );

  test('gotcha 1: hold at the load balancer and not at node ports', () => {
    const [balancer, nodePort] = exposuresIn([WEB, ranged(), FROM_DOCS]);
    expect(balancer).toMatchObject({ scope: 'internet', verdict: 'allowed' });
    expect(balancer?.notes).toContain('source ranges 203.0.113.0/24');
    expect(nodePort).toMatchObject({ scope: 'network', verdict: 'denied' });
    expect(nodePort?.notes).toContain('source ranges do not protect node ports');
  });

  test('private ranges alone keep the internet out', () => {
    const inner = service('shop/web', 'type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]');
    expect(exposuresIn([WEB, inner]).every(({ scope }) => scope === 'network')).toBe(true);
  });

  test('the old annotation counts where the field is empty', () => {
    const old = service(
      'shop/web',
      'type: LoadBalancer, externalTrafficPolicy: Local',
      'service.beta.kubernetes.io/load-balancer-source-ranges: "203.0.113.0/25"',
    );
    expect(exposuresIn([WEB, old, FROM_DOCS])[0]).toMatchObject({ scope: 'internet', verdict: 'allowed' });
  });

  test('gotchas 17, 18: what only the cloud evaluates is told and not guessed', () => {
    const azure = service(
      'shop/web',
      'type: LoadBalancer',
      'service.beta.kubernetes.io/azure-allowed-ip-ranges: "203.0.113.7"',
    );
    expect(exposuresIn([WEB, azure])[0]?.notes.join()).toContain('azure-allowed-ip-ranges');
  });
});

describe('gotcha 8: whose address the pod sees', () => {
  const balancer = (traffic: string): string =>
    service('shop/web', `type: LoadBalancer, externalTrafficPolicy: ${traffic}`);
  const ANYONE = policy('shop/any', 'ingress: [{ports: [{port: http}]}]');
  const cases: [string, string, readonly string[], string][] = [
    ['Local, rule for a block: some clients', 'Local', [FROM_DOCS], 'mixed'],
    ['Cluster, rule for a block: client or node, left open', 'Cluster', [FROM_DOCS], 'unknown'],
    ['Cluster, rule for everybody', 'Cluster', [ANYONE], 'allowed'],
    ['Cluster, no rule', 'Cluster', [DENY], 'denied'],
    ['Cluster, no policy', 'Cluster', NO_POLICY, 'allowed'],
    ['Local, no rule', 'Local', [DENY], 'denied'],
  ];
  test.each(cases)('%s', (_, traffic, policies, verdict) => {
    for (const nodes of [[], [NODE]]) {
      expect(exposuresIn([WEB, balancer(traffic), ...policies, ...nodes])[0]?.verdict).toBe(verdict);
    }
  });

  test('who gets in is told', () => {
    expect(exposuresIn([WEB, balancer('Local'), FROM_DOCS])[0]?.notes).toContain('policy admits only 203.0.113.0/24');
  });

  test('a block with the nodes in it and not the clients is left open too', () => {
    const nodesOnly = policy('shop/nodes', 'ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]');
    expect(exposuresIn([WEB, balancer('Cluster'), nodesOnly, NODE])[0]).toMatchObject({
      verdict: 'unknown',
      reasons: ['engine-undefined'],
    });
  });

  test('Azure Network Policy Manager does not filter it', () => {
    expect(exposuresIn([WEB, balancer('Cluster'), DENY], 'azure-npm-linux')[0]?.verdict).toBe('allowed');
    expect(exposuresIn([WEB, balancer('Local'), DENY], 'azure-npm-linux')[0]?.verdict).toBe('denied');
  });
});

describe('what is behind', () => {
  test('gotcha 15: without a ready endpoint it is latent', () => {
    const slice = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8080, protocol: TCP}]
endpoints: [{addresses: [10.2.0.1], conditions: {ready: false, serving: false}}]`;
    const [first] = exposuresIn([WEB, service('shop/web', 'type: NodePort'), slice]);
    expect(first).toMatchObject({ scope: 'none', to: 'svc:shop/web', verdict: 'denied' });
    expect(first?.notes.join()).toContain('none of 1 backends is ready');
  });

  test('a selector that finds nothing is latent', () => {
    expect(lines([service('shop/web', 'type: NodePort')])).toEqual(['none *:(node port) -> svc:shop/web denied']);
  });

  test('gotcha 6: without selector and slices it is not known where it leads', () => {
    const bare =
      'apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {type: NodePort, ports: [{port: 5432, nodePort: 30432}]}';
    expect(exposuresIn([bare])[0]).toMatchObject({
      scope: 'network',
      at: '*:30432',
      port: 30432,
      verdict: 'unknown',
      reasons: ['backends-unknown'],
    });
  });

  test('gotcha 20: each port and protocol is one of its own', () => {
    const dns = `
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: shop}
spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, selector: {app: dns}, ports: [{name: t, port: 53, protocol: TCP}, {name: u, port: 53, protocol: UDP}]}`;
    const udpOnly = policy('shop/udp', 'ingress: [{ports: [{port: 53, protocol: UDP}]}]');
    const found = exposuresIn([deployment('shop/dns', { port: 'dns:53' }), dns, udpOnly]);
    expect(found.map(({ protocol, verdict }) => `${protocol} ${verdict}`)).toEqual(['TCP denied', 'UDP allowed']);
  });

  test('dual stack: families that differ are mixed', () => {
    const dual = service('shop/web', 'type: LoadBalancer, externalTrafficPolicy: Local, ipFamilies: [IPv4, IPv6]');
    const v4Only = policy('shop/v4', 'ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]');
    expect(exposuresIn([WEB, dual, v4Only])[0]?.verdict).toBe('mixed');
    expect(
      exposuresIn([WEB, service('shop/web', 'type: LoadBalancer, externalTrafficPolicy: Local'), v4Only])[0]?.verdict,
    ).toBe('allowed');
  });

  test('a node with a public address opens node ports to the internet', () => {
    const publicNode =
      'apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {addresses: [{type: ExternalIP, address: 198.51.100.7}]}';
    expect(exposuresIn([WEB, service('shop/web', 'type: NodePort'), publicNode])[0]?.scope).toBe('internet');
  });
});

describe('ports of pods on their nodes', () => {
  const withPorts = (ports: string, spec = ''): string => `
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: ops}
spec: {${spec} containers: [{name: c, image: i, ports: [${ports}]}]}`;
  const cases: [string, string, string[]][] = [
    ['hostPort', withPorts('{containerPort: 9000, hostPort: 9001}'), ['network *:9001 -> ops/Pod/agent:9000 allowed']],
    [
      'hostPort on loopback',
      withPorts('{containerPort: 9000, hostPort: 9001, hostIP: 127.0.0.1}'),
      ['node 127.0.0.1:9001 -> ops/Pod/agent:9000 allowed'],
    ],
    ['no hostPort', withPorts('{containerPort: 9000}'), []],
    [
      'host network',
      withPorts('{containerPort: 9100}', 'hostNetwork: true,'),
      ['network *:9100 -> ops/Pod/agent:9100 allowed'],
    ],
    [
      'host network without ports',
      withPorts('', 'hostNetwork: true,'),
      ['network *:(any port it listens on) -> ops/Pod/agent allowed'],
    ],
  ];
  test.each(cases)('%s', (_, pod, expected) => {
    expect(lines([pod])).toEqual(expected);
  });

  test('policy holds for a host port and, as the API leaves it open, perhaps on the host network', () => {
    const deny = policy('ops/deny', 'policyTypes: [Ingress]');
    expect(exposuresIn([withPorts('{containerPort: 9000, hostPort: 9001}'), deny])[0]?.verdict).toBe('denied');
    const host = exposuresIn([withPorts('{containerPort: 9000}', 'hostNetwork: true,'), deny], 'upstream')[0];
    expect(host).toMatchObject({ verdict: 'unknown', reasons: ['host-network-undefined'] });
  });
});
