import { describe, expect, test } from 'vitest';
import type { AzureResource } from '#model/azure/resource.ts';
import type { Change, ControlData, Fix, Judged } from '#model/control.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import { flagAt, textAt } from '#model/plain.ts';
import { readEstate } from '#parse/azure/read-estate.ts';
import { snapshotOf } from '#parse/snapshot.ts';
import { analyseSnapshot } from '../analysis.ts';
import { assessmentOf, placeOf, plain } from '../controls/assessment.ts';
import type { Control } from '../controls/control.ts';
import { contextFor } from '../controls/make-context.ts';
import { applyChanges, type Material } from './apply.ts';
import { fixAll } from './fix-all.ts';
import { patchTexts } from './patch-texts.ts';

const data = (id: string): ControlData => ({
  id,
  title: '',
  severity: 'high',
  rationale: '',
  evidence: '',
  states: [],
  remedy: '',
  mappings: [],
});

/** Deployments have to be marked `safe: true` in an annotation, and those that are may not say `mode: loose`. */
const MARKED: Control = {
  data: data('MARK-ALL-001'),
  assess: ({ objects }) =>
    assessmentOf(
      objects.of('apps', 'Deployment').map((object): Judged => {
        const isMarked = textAt(object.value, 'metadata', 'annotations', 'safe') === 'true';
        return { where: placeOf(object), state: isMarked ? 'PASS' : 'FAIL', message: 'not marked', evidence: [] };
      }),
      plain('NA', 'none'),
      (count) => `${count}`,
    ),
  fix: ({ objects }, { where }): Fix | undefined => {
    const object = objects.get({ group: 'apps', ...where });
    const change: Change | undefined = object && {
      kind: 'edit-object',
      object,
      edits: [{ op: 'set', path: ['metadata', 'annotations', 'safe'], value: 'true' }],
    };
    return change && { summary: 'mark it', automatic: true, changes: [change], steps: [] };
  },
};
/** Fails where a marked Deployment is called `bad`. */
const JEALOUS: Control = {
  data: data('NOT-BAD-001'),
  assess: ({ objects }) =>
    assessmentOf(
      objects
        .of('apps', 'Deployment')
        .filter(({ name, value }) => name === 'bad' && textAt(value, 'metadata', 'annotations', 'safe') === 'true')
        .map((object): Judged => ({ where: placeOf(object), state: 'FAIL', message: 'bad', evidence: [] })),
      plain('PASS', 'none'),
      (count) => `${count}`,
    ),
};
/** Every namespace with workloads needs a policy that nothing passes. */
const CLOSED: Control = {
  data: data('NET-ALL-001'),
  assess: ({ objects, podOwners }) =>
    assessmentOf(
      podOwners.slice(0, 1).map(({ object }): Judged => {
        const has = objects.of('networking.k8s.io', 'NetworkPolicy').length > 0;
        return { where: placeOf(object), state: has ? 'PASS' : 'FAIL', message: 'open', evidence: [] };
      }),
      plain('NA', 'none'),
      (count) => `${count}`,
    ),
  fix: (_context, { where }): Fix => ({
    summary: 'close it',
    automatic: true,
    changes: [
      {
        kind: 'new-object',
        object: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { namespace: where.namespace, name: 'closed' },
          spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
        },
      },
    ],
    steps: [],
  }),
};

const deployment = (name: string) => `# ${name}
apiVersion: apps/v1
kind: Deployment
metadata:
  namespace: shop
  name: ${name} # kept
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: nginx}]}
`;

const contextOf = ({ files, azure }: Material) => {
  const snapshot = { ...snapshotOf(files, { objects: true }), azure };
  const analysis = analyseSnapshot(snapshot, { engine: 'upstream' });
  return contextFor({ analysis, settings: NO_CONTROL_SETTINGS, today: '2026-11-21', kind: 'manifests' });
};
const material = (text: string, azure: readonly object[] = []): Material => ({
  files: [{ file: 'app/web.yaml', text }],
  azure: readEstate([{ file: 'a.json', text: JSON.stringify(azure) }]).estate,
});
const run = (controls: readonly Control[], text: string) => fixAll({ controls, material: material(text), contextOf });

describe('fixes', () => {
  test('are made in the file, which stays as it is besides', () => {
    const { made, left, after } = run([MARKED], `${deployment('web')}---\n${deployment('api')}`);
    expect(left).toEqual([]);
    expect(made.map(({ judged }) => judged.where.name)).toEqual(['web', 'api']);
    expect(after.files[0]?.text).toBe(
      `${deployment('web')}---\n${deployment('api')}`.replaceAll(
        '# kept\n',
        '# kept\n  annotations:\n    safe: "true"\n',
      ),
    );
  });

  test('that make another control worse are left out, and cost no other', () => {
    const { made, left } = run([MARKED, JEALOUS], `${deployment('web')}---\n${deployment('bad')}`);
    expect(made.map(({ judged }) => judged.where.name)).toEqual(['web']);
    expect(left.map(({ judged, why }) => [judged.where.name, why])).toEqual([['bad', 'it makes NOT-BAD-001 worse']]);
  });

  test('that do not close their finding are left out', () => {
    const idle: Control = { ...MARKED, fix: (context, judged) => ({ ...MARKED.fix!(context, judged)!, changes: [] }) };
    const useless: Control = {
      ...MARKED,
      fix: (_context, { where }) => ({
        summary: 'x',
        automatic: true,
        steps: [],
        changes: [
          { kind: 'new-object', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: where.name } } },
        ],
      }),
    };
    expect(run([idle], deployment('web'))).toMatchObject({ made: [], left: [] });
    expect(run([useless], deployment('web')).left[0]?.why).toBe('the control does not pass with it');
  });

  test.each([
    [MARKED, 'it is rendered by kustomize: change what it is rendered from'],
    [CLOSED, 'it is rendered by kustomize, which deploys only what is named to it: add the object there'],
  ])('of what was rendered are left to people', (control, why) => {
    const files = [{ file: 'app (kustomize)', text: deployment('web'), renderedBy: 'kustomize' as const }];
    const all = fixAll({ controls: [control], material: { ...material(''), files }, contextOf });
    expect(all.made).toEqual([]);
    expect(all.left.map((each) => each.why)).toEqual([why]);
  });

  test('that bring new objects write a file beside the one that they are about, and tell what closes', () => {
    const { made, after } = run([CLOSED], `${deployment('web')}---\n${deployment('api')}`);
    expect(after.files[1]?.file).toBe('app/ringfence-shop.yaml');
    expect(after.files[1]?.text).toContain('kind: NetworkPolicy');
    expect(made[0]?.proof).toMatchObject({ closes: true, worsens: [], opened: 0 });
    expect(made[0]?.proof.closed).toBeGreaterThan(0);
    expect(made[0]?.proof.examples[0]).toMatch(/^- /);
  });

  test('never write what stands in the place of a secret', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '[secret: token]' } };
    const changes: readonly Change[] = [{ kind: 'new-object', object }];
    const where = { kind: 'ConfigMap', namespace: '', name: 'a', id: 'a' };
    expect(applyChanges(material(''), changes, where)).toHaveProperty('why');
  });

  test('of an object are told as a patch that names nothing else', () => {
    const context = contextOf(material(deployment('web')));
    const object = context.objects.of('apps', 'Deployment')[0]!;
    const [patch] = patchTexts(context, {
      kind: 'edit-object',
      object,
      edits: [
        {
          op: 'set',
          path: ['spec', 'template', 'spec', 'containers', 0, 'securityContext', 'privileged'],
          value: false,
        },
        { op: 'append', path: ['spec', 'template', 'spec', 'containers', 0, 'args'], value: '-v' },
        { op: 'append', path: ['spec', 'template', 'spec', 'containers', 0, 'args'], value: '-x' },
        { op: 'set', path: ['metadata', 'labels', 'a/b'], value: 'c' },
        { op: 'remove', path: ['spec', 'selector'] },
      ],
    });
    expect(patch).toMatchObject({ form: 'kubernetes', file: 'app/web.yaml' });
    expect(patch?.text).toMatchInlineSnapshot(`
      "# kubectl patch Deployment web --namespace shop --type json --patch-file FILE
      - op: add
        path: "/spec/template/spec/containers/0/securityContext"
        value:
          privileged: false
      - op: add
        path: "/spec/template/spec/containers/0/args"
        value:
          - "-v"
      - op: add
        path: "/spec/template/spec/containers/0/args/-"
        value: "-x"
      - op: add
        path: "/metadata/labels"
        value:
          a/b: c
      - op: remove
        path: "/spec/selector"
      "
    `);
  });

  test('of Azure change what was read of it', () => {
    const id = '/subscriptions/1/resourceGroups/r/providers/Microsoft.KeyVault/vaults/kv';
    const vault = { id, type: 'Microsoft.KeyVault/vaults', name: 'kv', apiVersion: '2023-07-01', properties: {} };
    const path = ['properties', 'enablePurgeProtection'];
    const change: Change = {
      kind: 'edit-azure',
      resource: id,
      edits: [{ op: 'set', path, value: true }],
      command: 'keyvault update --name kv --enable-purge-protection',
    };
    const purge: Control = {
      data: data('AZ-KV-001'),
      assess: ({ snapshot }) =>
        assessmentOf(
          [...snapshot.azure.resources.values()].map((resource): Judged => {
            const where = { kind: resource.type, namespace: '', name: resource.name, id: resource.id };
            return { where, state: isPurged(resource) ? 'PASS' : 'FAIL', message: 'x', evidence: [] };
          }),
          plain('NA', 'none'),
          (count) => `${count}`,
        ),
      fix: () => ({ summary: 'purge', automatic: true, changes: [change], steps: [] }),
    };
    const given = material('', [vault]);
    const { made } = fixAll({ controls: [purge], material: given, contextOf });
    expect(made).toHaveLength(1);
    const texts = patchTexts(contextOf(given), change);
    expect(texts.map(({ form }) => form)).toEqual(['az', 'bicep', 'terraform']);
    expect(texts.map(({ text }) => text).join('\n')).toMatchInlineSnapshot(`
      "az keyvault update --name kv --enable-purge-protection

      resource kv 'Microsoft.KeyVault/vaults@2023-07-01' = {
        name: 'kv'
        // besides what it has
        properties: {
          enablePurgeProtection: true
        }
      }

      resource "azapi_update_resource" "kv" {
        type        = "Microsoft.KeyVault/vaults@2023-07-01"
        resource_id = "/subscriptions/1/resourceGroups/r/providers/Microsoft.KeyVault/vaults/kv"
        body = {
          properties = {
            enablePurgeProtection = true
          }
        }
      }
      "
    `);
  });

  test('a fix that is refused is left, with its reason', () => {
    const refusing: Control = {
      ...MARKED,
      fix: () => ({ summary: 'mark it', automatic: false, changes: [], steps: ['why not'], refused: 'why not' }),
    };
    const { made, left } = run([refusing], deployment('web'));
    expect(made).toEqual([]);
    expect(left.map(({ control, why }) => [control, why])).toEqual([['MARK-ALL-001', 'why not']]);
  });
});

function isPurged({ body }: AzureResource): boolean {
  const properties = body.entries.get('properties');
  const value = properties?.kind === 'object' ? properties.entries.get('enablePurgeProtection') : undefined;
  return flagAt({ value: value?.kind === 'scalar' ? value.value : null }, 'value') === true;
}
