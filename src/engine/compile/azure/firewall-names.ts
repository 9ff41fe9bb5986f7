import type { ApplicationRule } from '#model/azure/firewall.ts';
import type { ReasonCode } from '#model/reason.ts';
import { matchesFqdn, type NameAnswer } from './fqdn.ts';
import { namesOfTag } from './fqdn-tags.ts';

/** The names that an application rule means. */
export interface NameMatch {
  matches(name: string): NameAnswer;
  /** Of a connection of which only the address is known: its client may ask for any name there. */
  readonly anyName: NameAnswer;
  /** Why an answer is `perhaps`, by name; of addresses it is `domain-name`. */
  readonly reason: ReasonCode;
}

/** By names, tags and categories; URLs are asked apart. `location` is where the cluster is: `westeurope`. */
export function nameMatchOf({ names, tags, categories }: ApplicationRule, location: string | undefined): NameMatch {
  const patterns = names.flatMap((item) => (item.kind === 'name' ? [item.name] : []));
  const hasOpenName = names.some(({ kind }) => kind === 'unsettled');
  const answers = [
    ...patterns.map((pattern) => (name: string) => matchesFqdn(pattern, name)),
    ...tags.map((tag) => namesOfTag(tag, location)),
    ...(hasOpenName || categories.length > 0 ? [(): NameAnswer => 'perhaps'] : []),
  ];
  return {
    matches: (name) => anyOf(answers.map((answer) => answer(name))),
    anyName: patterns.includes('*') ? 'yes' : answers.length > 0 ? 'perhaps' : 'no',
    reason: hasOpenName ? 'cloud-expression' : 'cloud-group',
  };
}

function anyOf(answers: readonly NameAnswer[]): NameAnswer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('perhaps') ? 'perhaps' : 'no';
}
