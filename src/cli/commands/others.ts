import { CODES } from '#model/codes.ts';
import { REASONS } from '#model/reason.ts';
import { formatsOf } from '#report/formats.ts';
import { SHELLS } from '../choices.ts';
import { LOOK_ALIASES, type LookFlags, lookFlags } from '../flags.ts';
import { verb } from './verb.ts';

export interface ExplainFlags extends LookFlags {
  readonly all: boolean | undefined;
}

export const explainVerb = verb<ExplainFlags>({
  name: 'explain',
  brief: 'a diagnostic code, or a reason why a verdict is unknown, in full',
  usage: '[CODE...]',
  about: ['Codes are those of diagnostics, as RF2008, and those behind an unknown verdict, as own-node.'],
  examples: [
    ['explain RF2008', 'what a diagnostic means and what to do'],
    ['explain own-node', 'why a verdict is unknown'],
    ['explain --all', 'every code'],
  ],
  flags: {
    ...lookFlags(formatsOf('ringfence.dev/explain/v1')),
    all: { kind: 'boolean', optional: true, withNegated: false, brief: 'every code' },
  },
  aliases: LOOK_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  propose: () => [...Object.keys(CODES), ...Object.keys(REASONS)],
  load: async () => (await import('../verbs/explain.ts')).runExplain,
});

export const doctorVerb = verb<LookFlags>({
  name: 'doctor',
  brief: 'the environment, and a self-test of the engine',
  usage: '',
  about: [
    'Looks for the tools that some inputs need, and asks the engine and a second, slow evaluator that shares nothing with it the same questions. Exits 1 when a check failed; a tool that is missing is no failure.',
  ],
  examples: [['doctor', 'is everything here, and does it work']],
  flags: lookFlags(formatsOf('ringfence.dev/doctor/v1')),
  aliases: LOOK_ALIASES,
  arguments: [0, 0],
  load: async () => (await import('../verbs/doctor.ts')).runDoctor,
});

export const completionVerb = verb<Record<never, never>>({
  name: 'completion',
  brief: 'completion for bash, zsh or fish',
  usage: 'SHELL',
  about: [
    'Prints a script that completes verbs, options, formats, profiles, codes, and endpoints of the manifests in the current folder.',
  ],
  examples: [
    ['completion bash', 'put `source <(ringfence completion bash)` into ~/.bashrc'],
    ['completion zsh', 'put `source <(ringfence completion zsh)` into ~/.zshrc, after compinit'],
    ['completion fish', 'put `ringfence completion fish | source` into ~/.config/fish/config.fish'],
  ],
  flags: {},
  aliases: {},
  arguments: [1, 1],
  propose: () => SHELLS,
  load: async () => (await import('../verbs/completion.ts')).runCompletion,
});
