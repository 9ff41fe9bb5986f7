import { formatsOf } from '#report/formats.ts';
import { type LiveFlags, LOOK_ALIASES, type LookFlags, liveFlags, lookFlags, READ_ALIASES, text } from '../flags.ts';
import { DIFF_FLAGS, type DiffFlags } from './questions.ts';
import { verb } from './verb.ts';

export interface TakeFlags extends Omit<LiveFlags, 'output' | 'engine' | 'namespace' | 'podCidr'> {
  readonly out: string | undefined;
  readonly force: boolean | undefined;
  readonly values: boolean | undefined;
}

const FORCE = { kind: 'boolean', optional: true, withNegated: false, brief: 'replace a file that is there' } as const;
const {
  output: _output,
  engine: _engine,
  namespace: _namespace,
  podCidr: _podCidr,
  ...TAKE_FLAGS
} = liveFlags(['text']);

export const takeVerb = verb<TakeFlags>({
  name: 'snapshot take',
  brief: 'keep what was read as one file',
  usage: '[PATH...] --out FILE',
  about: [
    'The file holds the objects that were read, with the places that they came from, and can be read wherever a PATH can. Values of Secrets are never in it, and neither are those of environment variables, arguments and ConfigMaps of applications unless --values asks for them: then what looks like a secret is replaced by a mark. A name that ends in .gz makes it compressed.',
  ],
  examples: [
    ['snapshot take examples/shop --out shop.json', 'of manifests'],
    ['snapshot take --context production --out production.json.gz', 'of a live cluster'],
  ],
  flags: {
    ...TAKE_FLAGS,
    out: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FILE',
      brief: 'where to write it; - is standard output',
    },
    force: FORCE,
    values: {
      kind: 'boolean',
      optional: true,
      withNegated: false,
      brief: 'keep environment variables, arguments and ConfigMaps too, with marks in the place of secrets',
    },
  },
  aliases: { q: 'quiet', v: 'verbose' },
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/snapshot-take.ts')).runTake,
});

export const listVerb = verb<LookFlags>({
  name: 'snapshot list',
  brief: 'the snapshot files of a folder',
  usage: '[FOLDER]',
  about: ['Newest first, with the time, the number of objects, and what each was taken from.'],
  examples: [['snapshot list', 'those of the current folder']],
  flags: lookFlags(formatsOf('ringfence.dev/snapshots/v1')),
  aliases: LOOK_ALIASES,
  arguments: [0, 1],
  load: async () => (await import('../verbs/snapshot-list.ts')).runList,
});

export interface ExportFlags extends Omit<LookFlags, 'output'> {
  readonly out: string | undefined;
  readonly force: boolean | undefined;
}

const { output: _look, ...EXPORT_FLAGS } = lookFlags(['text']);

export const exportVerb = verb<ExportFlags>({
  name: 'snapshot export',
  brief: 'a snapshot file as manifests: one YAML List',
  usage: 'FILE',
  about: [
    'Holds what the snapshot holds: fields that have no say about traffic are missing, so it is for reading and not for applying.',
  ],
  examples: [['snapshot export shop.json', 'on standard output']],
  flags: {
    ...EXPORT_FLAGS,
    out: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FILE',
      brief: 'where to write it; standard output unless given',
    },
    force: FORCE,
  },
  aliases: { q: 'quiet', v: 'verbose' },
  arguments: [1, 1],
  load: async () => (await import('../verbs/snapshot-export.ts')).runExport,
});

export const compareVerb = verb<DiffFlags>({
  name: 'snapshot compare',
  brief: 'what opened and what closed between two snapshots; the same as diff',
  usage: 'BASE HEAD',
  about: ['BASE and HEAD are whatever diff takes.'],
  examples: [['snapshot compare monday.json tuesday.json', 'what changed in a cluster since yesterday']],
  flags: DIFF_FLAGS,
  aliases: READ_ALIASES,
  arguments: [2, 2],
  load: async () => (await import('../verbs/diff.ts')).runDiff,
});
