import type { DiffAnswer, MapAnswer } from '#model/answers.ts';
import { diffScene } from './diff-scene.ts';
import { islandsSvg } from './islands.ts';
import { diffMatrix, mapMatrix } from './map-matrix.ts';
import { mapScene } from './map-scene.ts';
import { matrixSvg } from './matrix.ts';
import type { Scene } from './scene.ts';

/** Beyond these a drawing of boxes and lines can no longer be read, and laying it out takes seconds. */
const MOST_NODES = 150;
const MOST_EDGES = 160;

/** The map as islands, or as a matrix where there is too much for lines. */
export function mapSvg(answer: MapAnswer): AsyncIterable<string> | Iterable<string> {
  if (answer.endpoints.length > MOST_NODES) return matrixSvg(mapMatrix(answer));
  const scene = mapScene(answer);
  return isReadable(scene) ? islandsSvg(scene) : matrixSvg(mapMatrix(answer));
}

/** The changed connections as islands, or as a matrix. */
export function diffSvg(answer: DiffAnswer): AsyncIterable<string> | Iterable<string> {
  if (answer.changes.length > MOST_EDGES) return matrixSvg(diffMatrix(answer));
  const scene = diffScene(answer);
  return isReadable(scene) ? islandsSvg(scene) : matrixSvg(diffMatrix(answer));
}

function isReadable(scene: Scene): boolean {
  return scene.nodes.length <= MOST_NODES && scene.edges.length <= MOST_EDGES;
}
