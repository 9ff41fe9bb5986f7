import { type LivePreview, openPreview, type PreviewInput } from '#analysis/preview/live-preview.ts';
import { NO_CONTROL_SETTINGS } from '#model/control-settings.ts';
import type { SourceText } from '#parse/text/node.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { describeCluster } from './cluster.ts';
import { manifestsOf } from './cluster-manifests.ts';
import { printYaml } from './print-yaml.ts';

const KEYS = 20;

/** A policy is typed in; after each key, what opened and closed. The worker of the console runs the same function. */
export const previewBenchmark: Benchmark = {
  name: 'preview',
  title: `one key typed in a policy, from text to what opened and closed (mean of ${KEYS} keys, against from scratch)`,
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const sizes = scale === 'smoke' ? [40] : [1000, 10_000];
  return sizes.flatMap((workloads) => {
    const scratch = `from scratch ${workloads} workloads`;
    return [
      {
        name: `key of ${workloads} workloads`,
        against: scratch,
        rounds: 3,
        repeats: 3,
        prepare: () => keyRun(workloads),
      },
      { name: scratch, rounds: 3, repeats: 1, prepare: () => scratchRun(workloads) },
    ];
  });
}

function keyRun(workloads: number): () => Outcome {
  const { input, file } = inputOf(workloads);
  const preview = openPreview(input);
  typed(preview, file, 0);
  return () => {
    let changes = 0;
    for (let key = 0; key < KEYS; key++) changes += typed(preview, file, key);
    return { facts: { changes }, operations: KEYS };
  };
}

function scratchRun(workloads: number): () => Outcome {
  const { input, file } = inputOf(workloads);
  return () => ({ facts: { changes: typed(openPreview(input), file, 0) } });
}

/** Another port at each key. */
function typed(preview: LivePreview, { file, text }: SourceText, key: number): number {
  const edited = text.replace(/port: \d+/, `port: ${4000 + key}`);
  return preview.connections([{ file, text: edited }]).diff.changes.length;
}

/** A file for each kind in a namespace, as repositories have them. */
function inputOf(workloads: number): { readonly input: PreviewInput; readonly file: SourceText } {
  const cluster = describeCluster({ workloads, policies: workloads, plain: true });
  const parts = new Map<string, string[]>();
  for (const manifest of manifestsOf(cluster, 'templates')) {
    const name = `${manifest.metadata.namespace ?? manifest.metadata.name}/${manifest.kind}.yaml`;
    parts.set(name, [...(parts.get(name) ?? []), printYaml(manifest)]);
  }
  const files = [...parts].map(([file, texts]): SourceText => ({ file, text: texts.join('---\n') }));
  const file = files.find((each) => each.file.endsWith('/NetworkPolicy.yaml') && /port: \d+/.test(each.text));
  if (file === undefined) throw new Error('the cluster has no policy with a port');
  return {
    file,
    input: {
      texts: { files, azure: [], invariants: [] },
      problems: { files: [], azure: [] },
      named: [],
      hasCloud: false,
      ownInvariants: false,
      podRanges: [],
      staged: false,
      controls: NO_CONTROL_SETTINGS,
      kind: 'manifests',
      today: '2026-11-21',
    },
  };
}
