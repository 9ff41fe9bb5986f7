import type { Origin } from '#model/origin.ts';

/**
 * A document as a tree that knows where every value stands. Offsets are UTF-16 indexes into the source's text; a line
 * and a column are computed only when somebody asks (`originAt`). Plain classes of fixed shape: a hundred megabytes of
 * YAML become tens of millions of these.
 */
export type Node = MapNode | SeqNode | ScalarNode;

export type ScalarValue = string | number | boolean | null;

export interface ScalarNode {
  readonly kind: 'scalar';
  /** As kubectl reads it (YAML 1.1 rules of go.yaml.in/yaml/v2, then JSON). */
  readonly value: ScalarValue;
  readonly start: number;
  readonly end: number;
}

export interface SeqNode {
  readonly kind: 'seq';
  readonly items: readonly Node[];
  readonly start: number;
  readonly end: number;
}

export interface MapNode {
  readonly kind: 'map';
  /** In document order, merge keys applied, later duplicates kept (as kubectl does). Keys are text as kubectl has them. */
  readonly entries: readonly Entry[];
  readonly start: number;
  readonly end: number;
}

export interface Entry {
  readonly key: string;
  readonly keyStart: number;
  readonly value: Node;
}

/** One input: its name as diagnostics print it, and its text. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** Offsets of the first character of each line; made on first use. */
  lineStarts?: readonly number[];
  /** Where the text was made from another one: the place there of an offset here. */
  readonly originAt?: (offset: number) => Origin;
  /** The tool that rendered it: no file has this text. */
  readonly renderedBy?: 'kustomize' | 'helm';
}

/** One YAML or JSON document that could be read. */
export interface Document {
  readonly source: SourceText;
  readonly root: Node;
}
