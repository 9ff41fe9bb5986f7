import type { SourceText } from '#parse/text/node.ts';
import { readDocuments } from '#parse/text/read-documents.ts';
import type { Benchmark, Case, Outcome, Scale } from './benchmark.ts';
import { describeCluster } from './cluster.ts';
import { type Manifest, manifestsOf } from './cluster-manifests.ts';
import { printYaml } from './print-yaml.ts';

/** Text to documents that know where every value stands, held against what V8 needs for the same data as JSON. */
export const yamlBenchmark: Benchmark = {
  name: 'yaml',
  title: 'text of a live cluster to documents with positions, file after file',
  cases: casesOf,
};

function casesOf(scale: Scale): Case[] {
  const megabytes = scale === 'smoke' ? 1 : 100;
  const rounds = scale === 'smoke' ? 1 : 3;
  const floor = `JSON.parse of the same data, no positions`;
  return [
    {
      name: `YAML ${megabytes} MB`,
      against: floor,
      rounds,
      repeats: 1,
      prepare: () => readerRun(megabytes, printYaml),
    },
    {
      name: `JSON of the same data`,
      against: floor,
      rounds,
      repeats: 1,
      prepare: () => readerRun(megabytes, JSON.stringify),
    },
    { name: floor, rounds, repeats: 1, prepare: () => floorRun(megabytes) },
  ];
}

/** Text is made in files of about a megabyte; documents of a file are dropped before the next is read. */
function readerRun(megabytes: number, print: (object: Manifest) => string): () => Outcome {
  const files = filesOf(megabytes, print);
  return () => {
    let documents = 0;
    let diagnostics = 0;
    let bytes = 0;
    for (const source of files) {
      const result = readDocuments({ file: source.file, text: source.text });
      documents += result.documents.length;
      diagnostics += result.diagnostics.length;
      bytes += source.text.length;
    }
    const failures = diagnostics === 0 ? [] : [`${diagnostics} diagnostics about text that is right`];
    return { facts: { MB: Math.round(bytes / 1e6), documents }, failures };
  };
}

function floorRun(megabytes: number): () => Outcome {
  const texts = filesOf(megabytes, JSON.stringify).map(({ text }) => text.split('\n'));
  return () => {
    let documents = 0;
    for (const lines of texts) {
      for (const line of lines) {
        if (!line.startsWith('{')) continue;
        JSON.parse(line);
        documents++;
      }
    }
    return { facts: { documents } };
  };
}

/** As many objects as make so many megabytes of YAML, in whatever form they are printed. */
function filesOf(megabytes: number, print: (object: Manifest) => string): SourceText[] {
  const separator = print === printYaml ? '---\n' : '\n';
  const files: SourceText[] = [];
  let parts: string[] = [];
  let size = 0;
  let total = 0;
  for (const object of objectsForever()) {
    const yaml = printYaml(object);
    parts.push(print === printYaml ? yaml : print(object));
    size += yaml.length;
    total += yaml.length;
    if (size < 1e6 && total < megabytes * 1e6) continue;
    files.push({ file: `file-${files.length}.yaml`, text: parts.join(separator) });
    parts = [];
    size = 0;
    if (total >= megabytes * 1e6) return files;
  }
  return files;
}

function* objectsForever(): Generator<Manifest> {
  for (let seed = 1; ; seed++) yield* manifestsOf(describeCluster({ seed, workloads: 1000 }), 'pods');
}
