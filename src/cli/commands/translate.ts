import { TRANSLATION_TARGETS, type TranslationTarget } from '#model/translation.ts';
import { formatsOf } from '#report/formats.ts';
import { type LiveFlags, liveFlags, READ_ALIASES } from '../flags.ts';
import { verb } from './verb.ts';

export interface TranslateFlags extends LiveFlags {
  readonly to: TranslationTarget;
}

export const translateVerb = verb<TranslateFlags>({
  name: 'translate',
  brief: 'policies in the form of another API, each proven to mean the same',
  usage: '--to FORM [PATH...]',
  about: [
    'Prints YAML on standard output, and what was refused and how the rest was proven on standard error. What the other form cannot say is refused, with the field that stands against it; nothing is left out and nothing is widened.',
    'Each result is read back and put in place of its source, and every pair of endpoints must get the same answer: in the input, and in a made-up cluster with the combinations of labels that the policies mention. Exits 1 when something was refused, 3 when something unknown touched a proof.',
  ],
  examples: [
    ['translate --to calico examples/shop', 'NetworkPolicy as policies of Calico'],
    ['translate --to cilium examples/shop -n shop-data', 'one namespace for Cilium'],
    ['translate --to clusternetworkpolicy examples/shop -o json', 'AdminNetworkPolicy in its newer form, for programs'],
  ],
  flags: {
    ...liveFlags(formatsOf('ringfence.dev/translate/v1')),
    to: {
      kind: 'enum',
      values: TRANSLATION_TARGETS,
      placeholder: 'FORM',
      brief: `the form of the result: ${TRANSLATION_TARGETS.join(', ')}`,
    },
  },
  aliases: READ_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/translate.ts')).runTranslate,
});
