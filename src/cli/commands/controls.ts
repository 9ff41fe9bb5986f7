import { EXPORT_FORMS, type ExportForm } from '#analysis/policy-export/export-forms.ts';
import { FRAMEWORK_IDS, type FrameworkId } from '#model/control.ts';
import { formatsOf } from '#report/formats.ts';
import { LOOK_ALIASES, type LookFlags, lookFlags, text } from '../flags.ts';
import { verb } from './verb.ts';

export interface ControlsFlags extends LookFlags {
  readonly framework: readonly FrameworkId[] | undefined;
  readonly export: ExportForm | undefined;
  readonly config: string | undefined;
}

export const controlsVerb = verb<ControlsFlags>({
  name: 'controls',
  brief: 'what scan judges: every control, or one in full',
  usage: '[ID...]',
  about: [
    'Without an ID, every control; with the beginning of one, as NET-POL, those that begin so; with one, why it matters, what is looked at, when it passes and fails, what to do, and which frameworks ask for it.',
    'With --export, those that one object alone decides are printed as policies that refuse at admission what would fail them, with the lists of ringfence.yaml. What a control asks for besides is told in an annotation of each, and what cannot be said on standard error; exits 1 where a control that was named cannot.',
  ],
  examples: [
    ['controls', 'every control'],
    ['controls CP-TLS-001', 'one in full'],
    ['controls --framework cis-kubernetes', 'those that a framework asks for'],
    ['controls --export admission-policy', 'as policies of the API server, for kubectl'],
    ['controls ING-SVC-002 --export gatekeeper', 'one as template and constraint of Gatekeeper'],
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
    export: {
      kind: 'enum',
      values: EXPORT_FORMS,
      optional: true,
      placeholder: 'FORM',
      brief: `print controls as policies: ${EXPORT_FORMS.join(', ')}`,
    },
    config: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FILE',
      brief: 'settings of --export; ringfence.yaml of the current folder unless given',
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
