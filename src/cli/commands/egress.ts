import { RULE_FORMS, type RuleForm } from '#model/egress.ts';
import { formatsOf } from '#report/formats.ts';
import { type LiveFlags, liveFlags, READ_ALIASES } from '../flags.ts';
import { verb } from './verb.ts';

export interface EgressFlags extends LiveFlags {
  readonly write: RuleForm | undefined;
}

export const egressVerb = verb<EgressFlags>({
  name: 'egress',
  brief: 'do policies and the Azure network agree about what leaves the cluster; is all that it needs reachable',
  usage: '[PATH...] --azure PATH',
  about: [
    'Asks every endpoint that the cluster needs from its nodes through every layer; compares what policy lets workloads send with what security groups, routes and firewalls let through; finds rules that nobody needs and what goes past them; checks the address plan and what is retired.',
    'Exits 1 when something required is blocked or layers disagree, 3 when something is unknown. With --write the firewall rules that are missing go to standard output, each proven on the model, and what was left out and why to standard error; nothing is applied.',
  ],
  examples: [
    ['egress examples/estate/manifests --azure examples/estate/terraform', 'a cluster behind a firewall'],
    [
      'egress examples/estate/manifests --azure examples/estate/terraform --write terraform',
      'the rules that the firewall lacks',
    ],
  ],
  flags: {
    ...liveFlags(formatsOf('ringfence.dev/egress/v1')),
    write: {
      kind: 'enum',
      values: RULE_FORMS,
      optional: true,
      placeholder: 'FORM',
      brief: `write the firewall rules that make the layers agree: ${RULE_FORMS.join(', ')}`,
    },
  },
  aliases: READ_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/egress.ts')).runEgress,
});
