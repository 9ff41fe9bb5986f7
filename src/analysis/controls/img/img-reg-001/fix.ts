import { escapeControl } from '#base/escape.ts';
import { azureKey } from '#model/azure/resource.ts';
import type { FieldEdit, Fix, Judged } from '#model/control.ts';
import type { PlainObject } from '#model/plain.ts';
import { azWord } from '../../az-command.ts';
import { isOn, resourceOf, settingAt } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { ownedImagesAt } from '../owned-images.ts';

export function fixRegistry(context: ControlContext, judged: Judged): Fix | undefined {
  if (judged.where.kind.includes('/')) return fixAcr(context, judged);
  const found = ownedImagesAt(context, judged.where.id);
  if (found === undefined) return undefined;
  if (judged.state === 'FAIL') return copyImages(context);
  return {
    summary: `name the images of \`${judged.where.name}\` by their digests`,
    automatic: false,
    changes: [],
    steps: [
      ...found.images
        .filter(({ image }) => image.digest === undefined)
        .map(
          ({ text }) =>
            `ask the registry for the digest of \`${text}\`: \`crane digest ${text}\`, and write it behind an @`,
        ),
      'let a bot (Renovate, Dependabot) raise tag and digest together',
    ],
  };
}

function copyImages({ settings }: ControlContext): Fix {
  // They become a part of an expression.
  const list = (settings.trustedRegistries ?? []).filter((entry) => /^[\w.*:/-]+$/.test(entry));
  const [first] = list;
  return {
    summary: 'take images from a trusted registry only',
    automatic: false,
    changes: list.length === 0 ? [] : POLICY(list).map((object) => ({ kind: 'new-object', object })),
    steps: [
      `copy the image to ${first === undefined ? 'a registry of your own' : `\`${first}\``}, best by a cache rule of Azure Container Registry, and name it there`,
      'the policy above warns at first: set its action to Deny once nothing is warned of',
    ],
  };
}

/** What refuses images of other registries: first it only warns. */
function POLICY(list: readonly string[]): readonly PlainObject[] {
  const name = 'trusted-registries';
  const prefixes = list.filter((entry) => !entry.startsWith('*')).map((entry) => `c.image.startsWith('${entry}/')`);
  const hosts = list
    .filter((entry) => entry.startsWith('*.'))
    .map((entry) => `c.image.split('/')[0].endsWith('${entry.slice(1)}')`);
  const test = [...prefixes, ...hosts].join(' || ');
  const group = 'admissionregistration.k8s.io/v1';
  return [
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] },
          ],
        },
        validations: ['containers', 'initContainers'].map((field) => ({
          expression: `!has(object.spec.${field}) || object.spec.${field}.all(c, ${test})`,
          message: 'the image is of a registry that is not trusted',
        })),
      },
    },
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: { policyName: name, validationActions: ['Warn', 'Audit'] },
    },
  ];
}

function fixAcr(context: ControlContext, { where, state }: Judged): Fix | undefined {
  const resource = resourceOf(context, where.id);
  if (resource === undefined || azureKey(resource.id) !== where.id) return undefined;
  const off = (...path: string[]): readonly FieldEdit[] =>
    isOn(settingAt(resource, ...path), false) === true ? [{ op: 'set', path, value: false }] : [];
  if (state === 'FAIL')
    return {
      summary: `let nobody into \`${escapeControl(resource.name)}\` without an identity`,
      automatic: false,
      changes: [
        {
          kind: 'edit-azure',
          resource: resource.id,
          edits: [...off('properties', 'adminUserEnabled'), ...off('properties', 'anonymousPullEnabled')],
          command: `acr update --name ${azWord(resource.name)} --admin-enabled false --anonymous-pull-enabled false`,
        },
      ],
      steps: ['see first who pulls by the password or without one, and give them an identity with AcrPull'],
    };
  return {
    summary: `let only private networks ask \`${escapeControl(resource.name)}\``,
    automatic: false,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [{ op: 'set', path: ['properties', 'publicNetworkAccess'], value: 'Disabled' }],
        command: `acr update --name ${azWord(resource.name)} --public-network-enabled false`,
      },
    ],
    steps: [
      'make a private endpoint for the registry in the network of the cluster first (SKU Premium), and let pipelines in by it',
    ],
  };
}
