import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot.ts';

const V3 = 'projectcalico.org/v3';
const STORED = 'crd.projectcalico.org/v1';

function read(...documents: readonly string[]) {
  return snapshotOf([{ file: 'a.yaml', text: documents.join('\n---\n') }]);
}

function object(kind: string, spec: string, { api = V3, name = 'x', namespace = '' } = {}): string {
  const place = namespace === '' ? '' : `, namespace: ${namespace}`;
  return `{apiVersion: ${api}, kind: ${kind}, metadata: {name: ${name}${place}}, spec: {${spec}}}`;
}

function policyOf(spec: string, api = V3) {
  const { calicoPolicies, diagnostics } = read(object('GlobalNetworkPolicy', spec, { api }));
  return { policy: calicoPolicies[0], codes: diagnostics.map(({ code }) => code) };
}

describe('directions that are not named', () => {
  test.each([
    ['', V3, ['ingress']],
    ['ingress: [{action: Allow}]', V3, ['ingress']],
    ['egress: [{action: Allow}]', V3, ['egress']],
    ['ingress: [{action: Allow}], egress: [{action: Allow}]', V3, ['ingress', 'egress']],
    ['egress: [{action: Allow}]', STORED, ['ingress', 'egress']],
    ['types: [Egress]', STORED, ['egress']],
  ])('%s as %s', (spec, api, types) => {
    expect(policyOf(spec, api).policy?.types).toEqual(types);
  });
});

describe('names', () => {
  test.each([
    ['default.web', '', 'web'],
    ['web', '', 'web'],
    ['security.web', 'tier: security', 'web'],
    ['security.web', '', 'security.web'],
  ])('%s with {%s} is %s', (name, spec, own) => {
    expect(read(object('GlobalNetworkPolicy', spec, { name })).calicoPolicies.map((each) => each.name)).toEqual([own]);
  });
});

describe('rules', () => {
  test.each([
    ['action: Pass', { action: 'pass' }],
    ['action: ""', { action: 'allow' }],
    ['action: Allow, protocol: tcp', { protocol: 'TCP' }],
    ['action: Allow, protocol: "17"', { protocol: 'UDP' }],
    ['action: Allow, protocol: UDPLite', { protocol: '136' }],
    ['action: Allow, notProtocol: 1', { notProtocol: 'ICMP' }],
    ['action: Allow, protocol: ICMP, icmp: {type: 8, code: 0}', { icmp: { type: 8, code: 0 } }],
    ['action: Allow, ipVersion: 6', { ipVersion: 6 }],
  ])('%s', (rule, expected) => {
    expect(policyOf(`ingress: [{${rule}}]`).policy?.ingress[0]).toMatchObject(expected);
  });

  test('ports: numbers, ranges with both ends, names', () => {
    const { policy } = policyOf(
      'ingress: [{action: Allow, protocol: TCP, destination: {ports: [80, "443", "8000:8010", http]}}]',
    );
    expect(policy?.ingress[0]?.destination.ports).toEqual([
      { from: 80, to: 80 },
      { from: 443, to: 443 },
      { from: 8000, to: 8010 },
      { name: 'http' },
    ]);
  });

  test('the namespace of a Service is that of the policy', () => {
    const spec = 'egress: [{action: Allow, destination: {services: {name: web}}}]';
    const { calicoPolicies } = read(object('NetworkPolicy', spec, { namespace: 'shop' }));
    expect(calicoPolicies[0]?.egress[0]?.destination.service).toEqual({ name: 'web', namespace: 'shop' });
  });
});

/** Refused by the validator; in the storage form taken as it stands, or with a gap where nothing says what comes of it. */
const FAULTS: readonly (readonly [title: string, spec: string, stored: 'refused' | 'taken' | 'gap'])[] = [
  ['a number without protocol', 'ingress: [{action: Allow, destination: {ports: [80]}}]', 'refused'],
  ['ports of ICMP', 'ingress: [{action: Allow, protocol: ICMP, destination: {ports: [a]}}]', 'refused'],
  ['both families', 'ingress: [{action: Allow, source: {nets: [10.0.0.0/8, "fd00::/8"]}}]', 'taken'],
  ['the other family', 'ingress: [{action: Allow, ipVersion: 6, source: {nets: [10.0.0.0/8]}}]', 'taken'],
  ['ICMP of IPv6', 'ingress: [{action: Allow, ipVersion: 6, protocol: ICMP}]', 'taken'],
  ['everything left out', 'ingress: [{action: Allow, source: {notNets: [0.0.0.0/0]}}]', 'taken'],
  ['global() as a selector', 'ingress: [{action: Allow, source: {selector: global()}}]', 'taken'],
  ['requests of what is denied', 'ingress: [{action: Deny, http: {methods: [GET]}}]', 'taken'],
  ['requests going out', 'egress: [{action: Allow, http: {methods: [GET]}}]', 'taken'],
  ['a direction twice', 'types: [Ingress, Ingress]', 'taken'],
  ['icmp of TCP', 'ingress: [{action: Allow, protocol: TCP, icmp: {type: 8}}]', 'gap'],
  ['notICMP of nothing', 'ingress: [{action: Allow, notICMP: {type: 8}}]', 'gap'],
  ['a Service at the near end', 'ingress: [{action: Allow, destination: {services: {name: a, namespace: b}}}]', 'gap'],
  ['a Service of no namespace', 'egress: [{action: Allow, destination: {services: {name: a}}}]', 'gap'],
  [
    'a Service beside blocks',
    'egress: [{action: Allow, destination: {services: {name: a, namespace: b}, nets: [10.0.0.0/8]}}]',
    'gap',
  ],
  ['preDNAT without forward', 'preDNAT: true', 'gap'],
  ['preDNAT untracked', 'preDNAT: true, doNotTrack: true, applyOnForward: true', 'gap'],
  ['preDNAT going out', 'preDNAT: true, applyOnForward: true, egress: [{action: Allow}]', 'gap'],
  ['global() as a subject', 'selector: global()', 'gap'],
];

describe('what the validator refuses', () => {
  test.each(FAULTS)('%s', (_, spec, stored) => {
    const asked = policyOf(spec);
    expect(asked.policy).toBeUndefined();
    expect(asked.codes).toContain('RF2016');
    const past = policyOf(spec, STORED);
    expect(past.codes).toContain(stored === 'refused' ? 'RF2016' : 'RF3012');
    const rules = past.policy === undefined ? [] : [...past.policy.ingress, ...past.policy.egress];
    const gaps = past.policy && [...past.policy.gaps, ...rules.flatMap((rule) => rule.gaps)];
    expect(gaps === undefined ? 'refused' : gaps.length > 0 ? 'gap' : 'taken').toBe(stored);
  });

  test('ports beside a Service that a rule comes from are no fault', () => {
    const spec =
      'ingress: [{action: Allow, protocol: TCP, source: {services: {name: a, namespace: b}, ports: [53]}, destination: {ports: [80]}}]';
    expect(policyOf(spec)).toMatchObject({ codes: [], policy: { ingress: [{ gaps: [] }] } });
  });
});

describe('the other kinds', () => {
  test('Tier: denies at its end unless it says Pass; those that Calico makes cannot say otherwise', () => {
    expect(read(object('Tier', 'order: 5')).calicoTiers).toMatchObject([{ order: 5, defaultAction: 'deny' }]);
    expect(read(object('Tier', 'defaultAction: Pass')).calicoTiers).toMatchObject([{ defaultAction: 'pass' }]);
    expect(read(object('Tier', '', { name: 'kube-baseline' })).calicoTiers).toMatchObject([{ defaultAction: 'pass' }]);
    expect(read(object('Tier', 'defaultAction: Pass', { name: 'default' })).calicoTiers).toEqual([]);
  });

  test('HostEndpoint: an interface or addresses, and ports that have names', () => {
    const spec = 'node: n1, interfaceName: eth0, ports: [{name: ssh, protocol: TCP, port: 22}]';
    expect(read(object('HostEndpoint', spec)).calicoHostEndpoints).toMatchObject([
      { node: 'n1', interfaceName: 'eth0', ports: [{ name: 'ssh', protocol: 'TCP', port: 22 }] },
    ]);
    expect(read(object('HostEndpoint', 'node: n1')).diagnostics.map(({ code }) => code)).toEqual(['RF2016']);
  });

  test('NetworkSet: blocks and addresses', () => {
    const { calicoNetworkSets } = read(object('NetworkSet', 'nets: [10.0.0.0/8, 192.0.2.1]', { namespace: 'shop' }));
    expect(calicoNetworkSets[0]?.nets.map(({ length }) => length)).toEqual([8, 32]);
  });

  test('FelixConfiguration: what is not set is not there', () => {
    const [felix] = read(object('FelixConfiguration', 'wireguardEnabled: true')).calicoSettings;
    expect(felix).toMatchObject({ wireguard: true });
    expect(felix).not.toHaveProperty('wireguardV6');
    expect(felix).not.toHaveProperty('failsafeInbound');
  });

  test.each([
    ['autoCreate: Enabled', true],
    ['autoCreate: Disabled', false],
    ['autoCreate: Enabled, createDefaultHostEndpoint: Disabled', false],
  ])('KubeControllersConfiguration with {%s}', (hosts, auto) => {
    const spec = `controllers: {node: {hostEndpoint: {${hosts}}}}`;
    expect(read(object('KubeControllersConfiguration', spec)).calicoControllers).toMatchObject([
      { autoHostEndpoints: auto },
    ]);
  });
});
