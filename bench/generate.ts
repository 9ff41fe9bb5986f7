import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Cluster, describeCluster } from './cluster.ts';
import { type Manifest, manifestsOf } from './cluster-manifests.ts';
import type { ClusterForm } from './cluster-snapshot.ts';
import { printYaml } from './print-yaml.ts';

/** `yaml`: a folder per namespace with a file per kind. `json`: one `List`, as `kubectl get -A -o json` prints. */
export type OutputFormat = 'yaml' | 'json';

export interface WriteOptions {
  readonly folder: string;
  readonly format: OutputFormat;
  readonly form: ClusterForm;
}

/** Writes the cluster and returns the number of objects. */
export async function writeCluster(cluster: Cluster, options: WriteOptions): Promise<number> {
  mkdirSync(options.folder, { recursive: true });
  const objects = manifestsOf(cluster, options.form);
  return options.format === 'json' ? writeJson(objects, options.folder) : writeYaml(objects, options.folder);
}

async function writeJson(objects: Iterable<Manifest>, folder: string): Promise<number> {
  const stream = createWriteStream(path.join(folder, 'cluster.json'));
  let count = 0;
  await write(stream, '{"apiVersion":"v1","kind":"List","items":[\n');
  for (const object of objects) {
    await write(stream, `${count === 0 ? '' : ',\n'}${JSON.stringify(object)}`);
    count++;
  }
  await write(stream, '\n]}\n');
  await close(stream);
  return count;
}

/** Objects come by kind and, within it, in any order of namespaces: text is gathered by file and written by size. */
async function writeYaml(objects: Iterable<Manifest>, folder: string): Promise<number> {
  const files = new Map<string, string[]>();
  let count = 0;
  for (const object of objects) {
    const name = fileOf(object);
    const parts = files.get(name) ?? [];
    if (parts.length === 0) files.set(name, parts);
    parts.push(printYaml(object));
    count++;
  }
  for (const [name, parts] of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const stream = createWriteStream(file);
    for (const [index, part] of parts.entries()) await write(stream, index === 0 ? part : `---\n${part}`);
    await close(stream);
  }
  return count;
}

function fileOf({ kind, metadata }: Manifest): string {
  return path.join(metadata.namespace ?? 'cluster', `${kind.toLowerCase()}s.yaml`.replace('ys.yaml', 'ies.yaml'));
}

async function write(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

async function close(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, 'finish');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      workloads: { type: 'string', default: '1000' },
      'pods-per-workload': { type: 'string' },
      namespaces: { type: 'string' },
      policies: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      format: { type: 'string', default: 'yaml' },
      pods: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      'dual-stack': { type: 'boolean', default: false },
    },
  });
  const { out, format } = values;
  if (out === undefined || (format !== 'yaml' && format !== 'json')) {
    throw new Error(
      'usage: generate.ts --workloads N --out FOLDER --format yaml|json [--pods] [--plain] [--dual-stack]',
    );
  }
  const cluster = describeCluster({
    workloads: Number(values.workloads),
    plain: values.plain,
    dualStack: values['dual-stack'],
    ...(values['pods-per-workload'] !== undefined && { podsPerWorkload: Number(values['pods-per-workload']) }),
    ...(values.namespaces !== undefined && { namespaces: Number(values.namespaces) }),
    ...(values.policies !== undefined && { policies: Number(values.policies) }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
  });
  const count = await writeCluster(cluster, { folder: out, format, form: values.pods ? 'pods' : 'templates' });
  process.stderr.write(`wrote ${count} objects to ${out}\n`);
}

if (import.meta.main) await main();
