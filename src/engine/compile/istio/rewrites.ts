import { isEmpty } from '#base/bits.ts';
import { subtract } from '#base/intervals.ts';
import { trafficPoint } from '#model/traffic.ts';
import { exactly, type PointSpan, type Rewrite } from '../../form.ts';
import { unionOf } from '../../spans.ts';
import { allInDoubt, meetSpans } from '../span-sets.ts';
import { TCP } from './capture.ts';
import type { Mesh } from './mesh.ts';

/** The port of HBONE, as a point of the traffic axis. */
export const HBONE = trafficPoint('TCP', 15008);
const NAME = 'HBONE, TCP 15008';

/**
 * Between two pods of the ambient mesh every TCP connection is carried as HBONE, and so between ztunnel and a sidecar
 * that speaks it. What stays as it is: UDP, and whatever has an end outside of the mesh.
 */
export function rewritesOf(mesh: Mesh): readonly Rewrite[] {
  const { membership, config } = mesh;
  const { ambient } = membership;
  if (isEmpty(ambient.may)) return [];
  const out: Rewrite[] = [rewrite(ambient, ambient)];
  const speaking = speakers(mesh);
  if (isEmpty(speaking.may)) return out;
  out.push(rewrite(ambient, speaking));
  // A sidecar uses HBONE only to the hosts that it knows, and plain connections to an address by itself.
  if (config.sidecarsSpeakHbone !== false) out.push(rewrite(allInDoubt(mesh.proxies, 'mesh-transport'), ambient));
  return out;
}

/** Sidecars that take HBONE. */
function speakers({ membership, config, world }: Mesh): PointSpan {
  const { sidecar } = membership;
  if (config.sidecarsSpeakHbone === true) return sidecar;
  const labelled = sidecar.may.slice();
  for (const [point, { labels }] of world.points.entries()) {
    if (labels.get('networking.istio.io/tunnel') !== 'http') labelled[point >>> 5]! &= ~(1 << (point & 31));
  }
  const known = meetSpans(sidecar, exactly(labelled));
  return config.sidecarsSpeakHbone === false ? known : unionOf([known, allInDoubt(sidecar, 'mesh-transport')]);
}

function rewrite(from: PointSpan, to: PointSpan): Rewrite {
  const traffic = subtract(TCP, [HBONE, HBONE]);
  const reason = [...from.doubts, ...to.doubts][0]?.reason ?? 'mesh-membership';
  return { from, to, traffic, as: HBONE, name: NAME, reason };
}
