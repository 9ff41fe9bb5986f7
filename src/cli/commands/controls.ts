import { FRAMEWORK_IDS, type FrameworkId } from '#model/control.ts';
import { formatsOf } from '#report/formats.ts';
import { LOOK_ALIASES, type LookFlags, lookFlags } from '../flags.ts';
import { verb } from './verb.ts';

export interface ControlsFlags extends LookFlags {
  readonly framework: readonly FrameworkId[] | undefined;
}

export const controlsVerb = verb<ControlsFlags>({
  name: 'controls',
  brief: 'what scan judges: every control, or one in full',
  usage: '[ID...]',
  about: [
    'Without an ID, every control; with the beginning of one, as NET-POL, those that begin so; with one, why it matters, what is looked at, when it passes and fails, what to do, and which frameworks ask for it.',
  ],
  examples: [
    ['controls', 'every control'],
    ['controls CP-TLS-001', 'one in full'],
    ['controls --framework cis-kubernetes', 'those that a framework asks for'],
  ],
  flags: {
    ...lookFlags(formatsOf('ringfence.dev/controls/v1')),
    framework: {
      kind: 'enum',
      values: FRAMEWORK_IDS,
      optional: true,
      variadic: true,
      placeholder: 'FRAMEWORK',
      brief: `only those that one of these asks for: ${FRAMEWORK_IDS.join(', ')}; may be repeated`,
    },
  },
  aliases: LOOK_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  propose: async () => {
    const { CONTROLS } = await import('#analysis/controls/controls.ts');
    return CONTROLS.map(({ data }) => data.id);
  },
  load: async () => (await import('../verbs/controls.ts')).runControls,
});
