import { allPairsBenchmark } from './all-pairs.ts';
import { apiBenchmark } from './api.ts';
import type { Benchmark } from './benchmark.ts';
import { blueprintBenchmark } from './blueprint.ts';
import { canProcessBenchmark } from './can-process.ts';
import { consoleBenchmark } from './console.ts';
import { editBenchmark } from './edit.ts';
import { estateBenchmark } from './estate.ts';
import { firewallBenchmark } from './firewall.ts';
import { groupsBenchmark } from './groups.ts';
import { mixtureBenchmark } from './mixture.ts';
import { peersBenchmark } from './peers.ts';
import { pointBenchmark } from './point.ts';
import { previewBenchmark } from './preview.ts';
import { scanBenchmark } from './scan.ts';
import { templatesBenchmark } from './templates.ts';
import { yamlBenchmark } from './yaml.ts';

/** Every benchmark, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  allPairsBenchmark,
  editBenchmark,
  previewBenchmark,
  mixtureBenchmark,
  pointBenchmark,
  firewallBenchmark,
  groupsBenchmark,
  estateBenchmark,
  scanBenchmark,
  blueprintBenchmark,
  canProcessBenchmark,
  apiBenchmark,
  consoleBenchmark,
  yamlBenchmark,
  templatesBenchmark,
  peersBenchmark,
];
