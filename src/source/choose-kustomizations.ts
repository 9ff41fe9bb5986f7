import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { MapNode, Node } from '#parse/text/node.ts';
import { readDocuments } from '#parse/text/read-documents.ts';
import { readFileText } from './read-file.ts';
import type { Session } from './session.ts';
import type { Kustomization } from './walk-folder.ts';

/** A kustomization with what its file names. */
export interface KustomizationNode {
  readonly kustomization: Kustomization;
  /** Real paths of the files and folders under `resources`, `bases` and `components` that exist. */
  readonly resources: ReadonlySet<string>;
  /** Real paths of everything that its file names anywhere: patches, files of generators, components. */
  readonly named: ReadonlySet<string>;
}

export interface Choice {
  /** To be rendered, in the order of the walk. */
  readonly rendered: readonly KustomizationNode[];
  /** Neither rendered nor used by one that is: it lies in the tree of one that is. */
  readonly covered: readonly KustomizationNode[];
  readonly byPath: ReadonlyMap<string, KustomizationNode>;
}

/**
 * Which kustomizations of a walk to render: those that no other one uses, less those that lie in the tree of another
 * rendered one. Where kustomizations use one another in a circle the first is rendered, so that kustomize can say so.
 */
export async function chooseKustomizations(session: Session, found: readonly Kustomization[]): Promise<Choice> {
  const nodes = await Promise.all(found.map((kustomization) => nodeOf(session, kustomization)));
  const byPath = new Map(nodes.map((node) => [node.kustomization.realPath, node]));
  const used = new Set(nodes.flatMap((node) => [...node.resources]));
  const free = nodes.filter((node) => !used.has(node.kustomization.realPath));
  const freePaths = new Set(free.map((node) => node.kustomization.realPath));
  const rendered = new Set(free.filter((node) => !liesIn(node, freePaths)));
  const reached = new Set<KustomizationNode>();
  for (const node of rendered) reach(node, byPath, reached);
  const covered: KustomizationNode[] = [];
  for (const node of nodes) {
    if (reached.has(node)) continue;
    if (liesIn(node, pathsOf(rendered))) {
      covered.push(node);
      continue;
    }
    rendered.add(node);
    reach(node, byPath, reached);
  }
  return { rendered: nodes.filter((node) => rendered.has(node)), covered, byPath };
}

/** Whether the tree of one of the kustomizations at `paths` holds this one. */
function liesIn(node: KustomizationNode, paths: ReadonlySet<string>): boolean {
  for (let outer = node.kustomization.outer; outer !== undefined; outer = outer.outer) {
    if (paths.has(outer.realPath)) return true;
  }
  return false;
}

function pathsOf(nodes: Iterable<KustomizationNode>): ReadonlySet<string> {
  return new Set([...nodes].map((node) => node.kustomization.realPath));
}

function reach(
  start: KustomizationNode,
  byPath: ReadonlyMap<string, KustomizationNode>,
  reached: Set<KustomizationNode>,
): void {
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    for (const path of node.resources) {
      const next = byPath.get(path);
      if (next !== undefined) open.push(next);
    }
  }
}

async function nodeOf(session: Session, kustomization: Kustomization): Promise<KustomizationNode> {
  const source = await readFileText(session, kustomization.file);
  const root = source === undefined ? undefined : readDocuments(source).documents[0]?.root;
  if (root?.kind !== 'map') return { kustomization, resources: new Set(), named: new Set() };
  const names = ['resources', 'bases', 'components'].flatMap((field) => textItems(root, field));
  const [resources, named] = await Promise.all([
    existing(kustomization, names),
    existing(kustomization, textsIn(root)),
  ]);
  return { kustomization, resources, named };
}

async function existing({ place }: Kustomization, names: readonly string[]): Promise<ReadonlySet<string>> {
  const paths = await Promise.all(names.map((name) => realpath(join(place.path, name)).catch(() => undefined)));
  return new Set(paths.filter((path) => path !== undefined));
}

/** Every text; of `KEY=FILE`, as generators have it, the file. */
function textsIn(node: Node): readonly string[] {
  if (node.kind === 'map') return node.entries.flatMap(({ value }) => textsIn(value));
  if (node.kind === 'seq') return node.items.flatMap(textsIn);
  return isText(node) && isPathLike(node.value) ? [node.value.replace(/^[\w.-]+=/, '')] : [];
}

function isPathLike(text: string): boolean {
  return text !== '' && text.length < 1000 && !/[\n\0]/.test(text);
}

function textItems(map: MapNode, field: string): readonly string[] {
  const list = map.entries.find((entry) => entry.key === field)?.value;
  return list?.kind === 'seq' ? list.items.filter(isText).map((item) => item.value) : [];
}

function isText(node: Node): node is Node & { readonly kind: 'scalar'; readonly value: string } {
  return node.kind === 'scalar' && typeof node.value === 'string';
}
