import type { Estate } from '../../../azure/drafts.ts';
import { type Draft, expressionsIn } from '../../../azure/value.ts';
import { type Block, code, type HclValue } from '../hcl.ts';
import { hclOf, type Named, snake, type Writing, waitsFor } from '../references.ts';
import { type From, filled } from './fields.ts';
import { FIREWALL_MAPPINGS } from './firewall.ts';
import { GOVERNANCE_MAPPINGS } from './governance.ts';
import type { Beside, Making, Mapping } from './mapping.ts';
import { MONITORING_MAPPINGS } from './monitoring.ts';
import { NETWORK_MAPPINGS } from './network.ts';
import { PRIVATE_LINK_MAPPINGS } from './private-link.ts';
import { SERVICE_MAPPINGS } from './services.ts';
import { type TakenBody, takingOf } from './taking.ts';

const MAPPINGS: ReadonlyMap<string, Mapping> = new Map(
  [
    FIREWALL_MAPPINGS,
    GOVERNANCE_MAPPINGS,
    MONITORING_MAPPINGS,
    NETWORK_MAPPINGS,
    PRIVATE_LINK_MAPPINGS,
    SERVICE_MAPPINGS,
  ].flatMap((table) => Object.entries(table)),
);

/** A resource in words of azurerm. */
export interface Said {
  readonly named: Named;
  readonly blocks: readonly Block[];
  /** Keys of drafts that are blocks of this one. */
  readonly absorbed: readonly string[];
}

/** undefined where azurerm has no argument for a part of the body, or no attribute for what others ask of it. */
export function saidByAzurerm(writing: Writing, draft: Draft): Said | undefined {
  const mapping = MAPPINGS.get(draft.type);
  if (mapping === undefined || mapping.only?.(draft) === false) return undefined;
  const attributes = mapping.attributes ?? {};
  if (askedOf(writing.estate, draft.key).some((path) => attributes[path] === undefined)) return undefined;
  const inside = absorbedBy(writing.estate, draft, mapping);
  const bodies = [draft, ...inside].map(({ body }) => takingOf(body));
  const making = madeOf(writing, { draft, mapping, bodies, inside });
  const beside = mapping.beside?.(making) ?? NOTHING;
  if (bodies.some((body) => body.left().length > 0)) return undefined;
  const { address } = making;
  return {
    named: {
      address,
      attribute: (path) => `${address}.${attributes[path]}`,
      part: (part) => beside.parts.get(part),
    },
    blocks: [resourceBlock(making, mapping, inside), ...beside.blocks],
    absorbed: inside.map(({ key }) => key),
  };
}

const NOTHING: Beside = { blocks: [], parts: new Map() };

interface Pieces {
  readonly draft: Draft;
  readonly mapping: Mapping;
  /** The draft's own, and those of what it absorbs. */
  readonly bodies: readonly TakenBody[];
  readonly inside: readonly Draft[];
}

function madeOf(writing: Writing, { draft, mapping, bodies, inside }: Pieces): Making {
  const hcl: From['hcl'] = (value) => hclOf(writing, value);
  const [own, ...others] = bodies.map((body): From => ({ ...body, hcl }));
  const to = filled(own!, mapping.fields);
  for (const [index, other] of others.entries()) {
    const { block, fields } = mapping.absorbs!;
    const body = filled(other, fields);
    body.arguments.unshift(['name', hcl(inside[index]!.name)]);
    to.blocks.push({ type: block, body });
  }
  return { writing, draft, from: own!, to, address: `${mapping.type}.${snake(draft.key)}` };
}

function absorbedBy({ drafts }: Estate, { key }: Draft, { absorbs }: Mapping): readonly Draft[] {
  return absorbs === undefined ? [] : drafts.filter(({ type, parent }) => type === absorbs.type && parent === key);
}

/** Paths of what others ask of a resource. */
export function askedOf({ drafts }: Estate, key: string): readonly string[] {
  const paths = new Set<string>();
  for (const { name, body } of drafts)
    for (const value of [name, body])
      for (const { $ } of expressionsIn(value))
        if ($.kind === 'property' && $.of === key) paths.add($.path.replace(/\[\d+\]$/, ''));
  return [...paths].sort();
}

function resourceBlock(making: Making, mapping: Mapping, inside: readonly Draft[]): Block {
  const { writing, draft, to } = making;
  const after = [draft, ...inside].flatMap((each) => waitsFor(writing, each));
  const waits = [...new Set(after)].filter((address) => address !== making.address);
  return {
    type: 'resource',
    labels: [mapping.type, snake(draft.key)],
    ...(draft.why !== undefined && { why: draft.why }),
    body: {
      arguments: [
        [mapping.nameArgument ?? 'name', hclOf(writing, draft.name)],
        ...mapping.place(making).map(([name, text]): readonly [string, HclValue] => [name, code(text)]),
        ...to.arguments,
        ...(waits.length === 0 ? [] : [['depends_on', waits.map(code)] as const]),
      ],
      blocks: to.blocks,
    },
  };
}
