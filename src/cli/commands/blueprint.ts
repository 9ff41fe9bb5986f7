import { formatsOf } from '#report/formats.ts';
import { LOOK_ALIASES, type LookFlags, lookFlags, text } from '../flags.ts';
import { verb } from './verb.ts';

export interface InitFlags extends LookFlags {
  readonly example: boolean | undefined;
  readonly from: string | undefined;
  readonly name: string | undefined;
  readonly region: string | undefined;
  readonly set: readonly string[] | undefined;
}

export interface BuildFlags extends LookFlags {
  readonly check: boolean | undefined;
}

const FORMATS = formatsOf('ringfence.dev/blueprint-proof/v1');
const SWITCH = { kind: 'boolean', optional: true, withNegated: false } as const;
const TEXT = { kind: 'parsed', parse: text, optional: true } as const;

export const initVerb = verb<InitFlags>({
  name: 'blueprint init',
  brief: 'an environment that follows every recommendation, from a few choices',
  usage: '[FOLDER]',
  about: [
    'Writes blueprint.yaml and builds what it says: the Azure network and cluster as Bicep, Terraform or ARM, the configuration of the cluster as YAML, and the proof, by our own engine and controls, that it does what it says.',
    'At a terminal it asks; otherwise, and beside the questions, choices come from --set, from a file with --from, or from --example. The folder must be new or empty. Nothing is written where choices contradict each other.',
  ],
  examples: [
    ['blueprint init shop --example', 'the environment of a shop of two teams'],
    ['blueprint init shop --from choices.yaml', 'of choices that are written down'],
    [
      'blueprint init shop --example --set region=northeurope --set engine=calico --set mesh=none',
      'with other choices',
    ],
  ],
  flags: {
    ...lookFlags(FORMATS),
    example: { ...SWITCH, brief: 'begin with the choices of an example' },
    from: { ...TEXT, placeholder: 'FILE', brief: 'begin with the choices of a file' },
    name: { ...TEXT, placeholder: 'NAME', brief: 'how the environment is called' },
    region: { ...TEXT, placeholder: 'REGION', brief: 'where it stands, as westeurope' },
    set: {
      ...TEXT,
      variadic: true,
      placeholder: 'CHOICE',
      brief: 'one choice, as wayIn=internal or paid.defender=false; may be repeated',
    },
  },
  aliases: LOOK_ALIASES,
  arguments: [0, 1],
  load: async () => (await import('../verbs/blueprint-init.ts')).runInit,
});

export const buildVerb = verb<BuildFlags>({
  name: 'blueprint build',
  brief: 'build a blueprint again after its choices changed',
  usage: '[FOLDER]',
  about: [
    'Reads blueprint.yaml of the folder. What you changed in the files stays; what the blueprint changes comes; where both changed the same lines, your file is left alone and both texts stand in a file beside it that ends in .merge (exit 1).',
    'With --check nothing is written, and it exits 1 when building would write anything, or when what is built does not hold.',
  ],
  examples: [
    ['blueprint build shop', 'after an edit of shop/blueprint.yaml'],
    ['blueprint build shop --check', 'in a pipeline'],
  ],
  flags: {
    ...lookFlags(FORMATS),
    check: { ...SWITCH, brief: 'write nothing; exit 1 when something would be written' },
  },
  aliases: LOOK_ALIASES,
  arguments: [0, 1],
  load: async () => (await import('../verbs/blueprint-build.ts')).runBuild,
});

export const proveVerb = verb<LookFlags>({
  name: 'blueprint prove',
  brief: 'does a blueprint, as its files are now, do what it says',
  usage: '[FOLDER]',
  about: [
    'Reads the files of the folder, your changes too, and asks of them every control, every invariant, the ways in, what the cluster needs outside, and who can reach whom. Exits 1 when something does not hold.',
  ],
  examples: [['blueprint prove shop', 'after changes by hand']],
  flags: lookFlags(FORMATS),
  aliases: LOOK_ALIASES,
  arguments: [0, 1],
  load: async () => (await import('../verbs/blueprint-prove.ts')).runProve,
});
