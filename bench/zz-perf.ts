import { describeCluster } from '/work/main/bench/cluster.ts';
import { clusterSnapshot } from '/work/main/bench/cluster-snapshot.ts';
import { buildEngine } from '/work/main/src/engine/engine.ts';
import { allPairs } from '/work/main/src/engine/all-pairs.ts';
import { buildWorld } from '/work/main/src/engine/world.ts';
import { compilingOf } from '/work/main/src/engine/compile/context.ts';
import { compilePodLayer, mentionsOf } from '/work/main/src/engine/compile/layer.ts';
import { reachOf } from '/work/main/src/engine/reach.ts';
import { PROFILES } from '/work/main/src/model/profile.ts';
import { countBits } from '/work/main/src/base/bits.ts';
const n = Number(process.argv[2] ?? 1000);
const form = (process.argv[3] ?? 'templates') as 'templates'|'pods';
const profile = PROFILES[(process.argv[4] ?? 'kube-network-policies') as 'upstream'];
const cluster = describeCluster({ workloads: n, policies: n });
const snapshot = clusterSnapshot(cluster, form);
console.log('policies', snapshot.networkPolicies.length, 'pods', snapshot.pods.length, 'workloads', snapshot.workloads.length, 'nodes', snapshot.nodes.length);
function t<T>(name: string, f: () => T): T { const s = performance.now(); const r = f(); console.log(name, (performance.now() - s).toFixed(0), 'ms', 'rss', (process.memoryUsage().rss/1e6).toFixed(0)); return r; }
for (let k = 0; k < 2; k++) {
const mentions = t('mentions', () => mentionsOf(snapshot));
const world = t('world', () => buildWorld(snapshot, mentions, {}));
console.log('size', world.size, 'pods', world.units.length, 'atoms', world.atoms[4].starts.length, world.atoms[6].starts.length);
const c = t('compiling', () => compilingOf(world, profile));
const layer = t('layer', () => compilePodLayer(c, snapshot));
const reach = t('reach', () => reachOf(world, layer));
console.log('rows', new Set(reach.egress.rows).size, new Set(reach.ingress.rows).size);
let pairs = 0, grants = 0;
t('allPairs', () => { for (const s of allPairs(reach)) for (const e of s.to) { pairs += countBits(e.peers); grants++; } });
console.log('pairs', pairs, 'of', world.size ** 2, 'entries', grants);
}
