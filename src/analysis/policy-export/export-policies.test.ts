import { describe, expect, test } from 'vitest';
import { type ControlSettings, NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { listAt, type PlainObject, plainAt, textAt } from '#model/plain.ts';
import { EXPORT_FORMS, type ExportForm } from './export-forms.ts';
import { exportPolicies } from './export-policies.ts';

const STATED: ControlSettings = {
  ...NO_CONTROL_SETTINGS,
  allowedServicePorts: [443],
  allowedExternalIps: ['203.0.113.9'],
  allowedHostPorts: { from: 9100, to: 9110 },
  ingressClasses: ['nginx'],
  trustedRegistries: ['*.azurecr.io', 'registry.example.com/team'],
  systemNamespaces: ['platform'],
};

function objects(form: ExportForm, settings: ControlSettings, ids: readonly string[] = []): readonly PlainObject[] {
  return exportPolicies(settings, { form, ids }).exported.flatMap((each) => each.objects);
}

describe('controls as policies', () => {
  test.each([
    ['gatekeeper', 18],
    ['admission-policy', 18],
    ['azure-policy', 12],
  ] as const)('%s', (form, count) => {
    expect(objects(form, STATED)).toHaveLength(count);
  });

  test('each says its control, and what it leaves out', () => {
    for (const form of EXPORT_FORMS)
      for (const { control, leavesOut, objects: made } of exportPolicies(STATED, { form, ids: [] }).exported) {
        expect(leavesOut).not.toBe('');
        for (const object of made) expect(JSON.stringify(object)).toContain(control);
      }
  });

  test('a list that is not stated is no guess', () => {
    const { exported, refused } = exportPolicies(NO_CONTROL_SETTINGS, { form: 'gatekeeper', ids: [] });
    expect(exported.map(({ control }) => control)).not.toContain('IMG-REG-001');
    expect(refused.map(({ control }) => control).sort()).toEqual(['IMG-REG-001', 'ING-CTL-001', 'ING-SVC-001']);
  });

  test('what admission cannot say is refused with why', () => {
    const { exported, refused } = exportPolicies(STATED, { form: 'gatekeeper', ids: ['NET-POL-001', 'ING-SVC-002'] });
    expect(exported.map(({ control }) => control)).toEqual(['ING-SVC-002']);
    expect(refused).toMatchObject([{ control: 'NET-POL-001' }]);
  });
});

describe('ValidatingAdmissionPolicy', () => {
  const policies = objects('admission-policy', STATED).filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
  const expressions = policies.flatMap((policy) =>
    listAt(policy, 'spec', 'validations').map((each) => textAt(each, 'expression') ?? ''),
  );

  test('has its values in it, and every bracket closed', () => {
    expect(expressions.length).toBeGreaterThan(policies.length);
    for (const expression of expressions) {
      expect(expression).not.toContain('variables.');
      const bare = expression.replace(/'(?:[^'\\]|\\.)*'/g, "''");
      for (const [open, close] of ['()', '[]'])
        expect([expression, bare.split(open ?? '').length]).toEqual([expression, bare.split(close ?? '').length]);
    }
  });

  test.each([
    ['ports', 'p.port in [443]'],
    ['addresses', "a in ['203.0.113.9']"],
    ['a range', 'p.hostPort >= 9100 && p.hostPort <= 9110'],
    ['patterns', "['^[^/]+\\\\.azurecr\\\\.io/', '^registry\\\\.example\\\\.com/team/']"],
  ])('%s', (_name, part) => {
    expect(expressions.some((expression) => expression.includes(part))).toBe(true);
  });

  test('stays away from the platform', () => {
    const [policy] = policies;
    const values = plainAt(policy, 'spec', 'matchConstraints', 'namespaceSelector', 'matchExpressions', 0, 'values');
    expect(values).toEqual(expect.arrayContaining(['kube-system', 'platform']));
  });

  test('each has a binding', () => {
    const bound = objects('admission-policy', STATED).flatMap((each) => textAt(each, 'spec', 'policyName') ?? []);
    expect(bound).toEqual(policies.map((policy) => textAt(policy, 'metadata', 'name')));
  });
});

describe('Gatekeeper', () => {
  test('a template has the name of its kind, and a constraint its parameters', () => {
    const [template, constraint] = objects('gatekeeper', STATED, ['ING-SVC-001']);
    expect(template).toMatchObject({
      kind: 'ConstraintTemplate',
      metadata: { name: 'ringfenceserviceports' },
      spec: { crd: { spec: { names: { kind: 'RingfenceServicePorts' } } } },
    });
    expect(constraint).toMatchObject({ kind: 'RingfenceServicePorts', spec: { parameters: { ports: [443] } } });
    expect(textAt(template, 'spec', 'targets', 0, 'rego')).toMatch(/^package ringfenceserviceports\n\nviolation\[/);
  });
});

describe('Azure Policy', () => {
  test('a definition carries the template', () => {
    const [definition] = objects('azure-policy', STATED, ['ING-SVC-001']);
    const details = plainAt(definition, 'properties', 'policyRule', 'then', 'details');
    expect(atob(textAt(details, 'templateInfo', 'content') ?? '')).toContain('kind: ConstraintTemplate');
    expect(plainAt(details, 'values')).toEqual({ ports: "[parameters('ports')]" });
    expect(plainAt(definition, 'properties', 'parameters', 'ports')).toEqual({ type: 'Array', defaultValue: [443] });
  });

  test('clusters without an engine for network policies are found', () => {
    const [definition] = objects('azure-policy', STATED, ['NET-CNI-001']);
    expect(plainAt(definition, 'properties', 'mode')).toBe('Indexed');
    expect(JSON.stringify(definition)).toContain('networkProfile.networkPolicy');
  });
});
