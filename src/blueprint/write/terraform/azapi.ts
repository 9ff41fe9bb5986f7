import { type Draft, isExpression, isList, USER_ASSIGNED, type Value } from '../../azure/value.ts';
import { askedOf } from './azurerm/azurerm.ts';
import { type Block, code, type HclValue } from './hcl.ts';
import { hclOf, type Named, SUBSCRIPTION_ID, snake, type Writing, waitsFor } from './references.ts';

/** What stands beside the body in the provider azapi, and not in it. */
const BESIDE = ['location', 'tags', 'identity'];

/** A resource as ARM has it, body and all. */
export function azapiBlock(writing: Writing, draft: Draft): Block {
  const { key, type, apiVersion, name, body, why } = draft;
  const inBody = Object.entries(body).filter(([field]) => !BESIDE.includes(field));
  const exported = askedOf(writing.estate, key);
  const { identity } = body;
  const after = waitsFor(writing, draft);
  return {
    type: 'resource',
    labels: ['azapi_resource', snake(key)],
    ...(why !== undefined && { why }),
    body: {
      arguments: [
        ['type', `${type}@${apiVersion}`],
        ['name', hclOf(writing, name)],
        ['parent_id', parentId(writing, draft)],
        ...['location', 'tags'].flatMap((field) =>
          body[field] === undefined ? [] : [[field, hclOf(writing, body[field])] as const],
        ),
        ['body', { object: inBody.map(([field, value]) => [field, hclOf(writing, value)]) }],
        ...(exported.length === 0 ? [] : [['response_export_values', exported] as const]),
        ...(after.length === 0 ? [] : [['depends_on', after.map(code)] as const]),
      ],
      blocks: identity === undefined ? [] : [identityBlock(writing, identity)],
    },
  };
}

/** How others call it. */
export function azapiNamed(key: string): Named {
  const address = `azapi_resource.${snake(key)}`;
  return { address, attribute: (path) => `${address}.output.${path}`, part: () => undefined };
}

function parentId({ named, groups }: Writing, { parent, scope, group }: Draft): HclValue {
  const above = parent ?? scope;
  if (above !== undefined) return code(`${named(above).address}.id`);
  if (group === 'subscription') return code(`"/subscriptions/\${${SUBSCRIPTION_ID}}"`);
  return code(`${groups.get(group)!}.id`);
}

/** `{ type, userAssignedIdentities: { ID: {} } }` as a block. */
function identityBlock(writing: Writing, identity: Value): Block {
  if (typeof identity !== 'object' || isExpression(identity) || isList(identity))
    throw new Error('an identity is an object');
  const { type = 'SystemAssigned', [USER_ASSIGNED]: userAssigned } = identity;
  return {
    type: 'identity',
    body: {
      arguments: [
        ['type', hclOf(writing, type)],
        ...(userAssigned === undefined ? [] : [['identity_ids', hclOf(writing, userAssigned)] as const]),
      ],
      blocks: [],
    },
  };
}
