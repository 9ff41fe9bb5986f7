/** What a drawing shows: boxes in groups and directed edges between boxes or whole groups. Not yet where. */
export interface Scene {
  readonly title: string;
  readonly desc: string;
  readonly groups: readonly SceneGroup[];
  readonly nodes: readonly SceneNode[];
  readonly edges: readonly SceneEdge[];
  readonly legend: readonly { readonly tone: EdgeTone; readonly text: string }[];
}

export type EdgeTone = 'allowed' | 'mixed' | 'unknown' | 'opened' | 'closed' | 'unsettled';

export interface SceneGroup {
  readonly id: string;
  readonly label: string;
  readonly notes: readonly string[];
  readonly outside: boolean;
}

export interface SceneNode {
  readonly id: string;
  /** A group's id, or none. */
  readonly group?: string;
  readonly label: string;
  /** Quiet lines under the name. */
  readonly lines: readonly string[];
}

export interface SceneEdge {
  /** A node's id, or a group's. */
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly tone: EdgeTone;
}
