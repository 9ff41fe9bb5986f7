import { escapeControl } from '#base/escape.ts';
import type { MapNode, Node } from '../../text/node.ts';
import type { Loop } from '../expression/scope.ts';
import { textOf } from '../expression/text.ts';
import { open, type Value } from '../expression/values.ts';
import { countOf, documentValue, type Place } from './document-value.ts';
import { Instance } from './instance.ts';
import { fieldOf, mapOf, originOf, stringOf } from './nodes.ts';
import type { Template } from './template.ts';

/** The resources of a template in document order: loops run, children behind their parents. */
export function instancesOf(template: Template): readonly Instance[] {
  const gathering: Gathering = { template, out: [], full: false };
  addResources(gathering, fieldOf(template.facts.root, 'resources'), undefined);
  return gathering.out;
}

interface Gathering {
  readonly template: Template;
  readonly out: Instance[];
  full: boolean;
}

/** A list, or a mapping from symbolic names (`languageVersion` 2.0). */
function addResources(gathering: Gathering, resources: Node | undefined, parent: Instance | undefined): void {
  if (resources?.kind === 'seq') for (const node of resources.items) addResource(gathering, { node, parent });
  if (resources?.kind === 'map')
    for (const { key, value } of resources.entries) addResource(gathering, { node: value, symbol: key, parent });
}

interface Declared {
  readonly node: Node;
  readonly symbol?: string;
  readonly parent: Instance | undefined;
}

function addResource(gathering: Gathering, { node, symbol, parent }: Declared): void {
  const { template } = gathering;
  const place = { ...template.place, loops: parent?.loops ?? template.place.loops };
  const type = node.kind === 'map' ? typeOf(node, place) : undefined;
  if (node.kind !== 'map' || type === undefined) {
    const origin = originOf(template.facts.source, node);
    template.facts.world.report({ code: 'RF5108', message: 'the resource has no `type` that can be read', origin });
    return;
  }
  for (const round of roundsOf(node, place)) {
    if (!hasRoom(gathering, node)) return;
    const instance = new Instance({ template, node, type, symbol, parent, ...round });
    gathering.out.push(instance);
    addResources(gathering, fieldOf(node, 'resources'), instance);
  }
}

function hasRoom(gathering: Gathering, node: Node): boolean {
  const { template } = gathering;
  if (!gathering.full && template.facts.world.take()) return true;
  gathering.full = true;
  const origin = originOf(template.facts.source, node);
  template.facts.world.report({ code: 'RF5104', message: 'the template makes too many resources', origin });
  return false;
}

function typeOf(node: MapNode, place: Place): string | undefined {
  const type = fieldOf(node, 'type');
  const text = type === undefined ? undefined : textOf(documentValue(type, place));
  const plain = text?.every((part) => typeof part === 'string') ? text.join('') : undefined;
  return plain === undefined || plain === '' ? undefined : plain;
}

interface Round {
  readonly loops: readonly Loop[];
  /** Present where the number of rounds is not known: one round stands for all, and may not be there. */
  readonly rounds?: Value;
}

function roundsOf(node: MapNode, place: Place): readonly Round[] {
  const copy = mapOf(node, 'copy');
  if (copy === undefined) return [{ loops: place.loops }];
  const name = stringOf(copy, 'name') ?? '';
  const count = countOf(copy, place);
  if (typeof count === 'number')
    return Array.from({ length: count }, (_, index) => ({
      loops: [...place.loops, { name, kind: 'resource', index }],
    }));
  if (count.why === 'not-supported' || count.why === 'not-readable') return [];
  const rounds = open({
    expression: count.expression,
    why: count.why,
    origin: count.origin,
    token: `copy of ${escapeControl(name)}`,
  });
  return [{ loops: [...place.loops, { name, kind: 'resource', index: undefined }], rounds }];
}
