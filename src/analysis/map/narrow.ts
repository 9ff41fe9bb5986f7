import type { Connection, MapAnswer } from '#model/answers.ts';

/** Some connections of the map, which says how many there are. Its endpoints stay whole: `all of shop` is said of them. */
export function narrowedMap(map: MapAnswer, keeps: (connection: Connection) => boolean): MapAnswer {
  return { ...map, connections: map.connections.filter(keeps), unfiltered: map.connections.length };
}
