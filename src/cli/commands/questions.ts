import { CHANGE_FORM, EXPOSURE_FORM, POLICY_FORM } from '#analysis/filter-forms.ts';
import { PROFILE_IDS, type ProfileId } from '#model/profile.ts';
import { formatsOf } from '#report/formats.ts';
import { FAIL_ON, type FailOn } from '../choices.ts';
import { filterFlag } from '../filter.ts';
import { type LiveFlags, liveFlags, PROTOCOL_FLAG, READ_ALIASES, type ReadFlags, readFlags, text } from '../flags.ts';
import { verb } from './verb.ts';

export interface ExposeFlags extends LiveFlags {
  readonly filter: string | undefined;
}

export const exposeVerb = verb<ExposeFlags>({
  name: 'expose',
  brief: 'from the outside in: what the internet, connected networks, nodes and the metadata endpoint can reach',
  usage: '[PATH...]',
  about: [
    'Tells each way in through Service, Ingress, Gateway, Route, host port and host network, and what pod policy says to what arrives there. Then what policy alone lets pass from outside, and who could come that is not there yet.',
  ],
  examples: [
    ['expose examples/shop', 'what the internet reaches, and through which name'],
    ['expose examples/shop -n shop-frontend -o json', 'one namespace, for programs'],
    ['expose examples/shop --filter scope:internet', 'what anybody can ask for'],
  ],
  flags: { ...liveFlags(formatsOf('ringfence.dev/expose/v1')), filter: filterFlag(EXPOSURE_FORM.fields) },
  aliases: READ_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/expose.ts')).runExpose,
});

export interface PoliciesFlags extends LiveFlags {
  readonly filter: string | undefined;
}

export const policiesVerb = verb<PoliciesFlags>({
  name: 'policies',
  brief: 'what each policy does; rules that are dead, shadowed, redundant or not supported',
  usage: '[PATH...]',
  about: ['A problem names the smallest set of rules that make it so, each with file and line.'],
  examples: [
    ['policies examples/shop', 'every policy of the shop, those with problems marked'],
    ['policies examples/shop -n shop-data', 'one namespace'],
    ['policies examples/shop --filter problem:dead,shadowed', 'rules that never decide'],
  ],
  flags: { ...liveFlags(formatsOf('ringfence.dev/policies/v1')), filter: filterFlag(POLICY_FORM.fields) },
  aliases: READ_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/policies.ts')).runPolicies,
});

export interface TestFlags extends LiveFlags {
  readonly invariants: readonly string[] | undefined;
}

const INVARIANTS = {
  kind: 'parsed',
  parse: text,
  optional: true,
  variadic: true,
  placeholder: 'FILE',
  brief: 'files with documents of kind Invariants; those of the input unless given; may be repeated',
} as const;

export const testVerb = verb<TestFlags>({
  name: 'test',
  brief: 'do the invariants hold',
  usage: '[PATH...]',
  about: [
    'An invariant says who must never, must always, or alone may reach whom, or who must be isolated. Exits 1 when one is broken or cannot be read, 3 when one is unknown.',
  ],
  examples: [
    ['test examples/shop', 'the invariants that lie among the manifests'],
    ['test --invariants examples/shop/invariants.yaml examples/shop -o junit', 'a file of them, for a CI server'],
  ],
  flags: { ...liveFlags(formatsOf('ringfence.dev/test/v1')), invariants: INVARIANTS },
  aliases: READ_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/test.ts')).runTest,
});

export interface DiffFlags extends ReadFlags {
  readonly filter: string | undefined;
  readonly failOn: readonly FailOn[] | undefined;
  readonly invariants: readonly string[] | undefined;
  readonly protocol: readonly string[] | undefined;
  readonly azureBase: readonly string[] | undefined;
  readonly noFindings: boolean | undefined;
}

export const DIFF_FLAGS = {
  ...readFlags(formatsOf('ringfence.dev/diff/v1')),
  filter: filterFlag(CHANGE_FORM.fields),
  failOn: {
    kind: 'enum',
    values: FAIL_ON,
    optional: true,
    variadic: ',',
    placeholder: 'WHAT',
    brief: 'what makes the exit code 1: opened, closed, invariant, or several with commas; any of them unless given',
  },
  invariants: INVARIANTS,
  protocol: PROTOCOL_FLAG,
  azureBase: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'PATH',
    brief: 'the Azure network around BASE, where it is another one than that of --azure; may be repeated',
  },
  noFindings: {
    kind: 'boolean',
    optional: true,
    withNegated: false,
    brief: 'leave out which findings came and went; both sides are then not scanned',
  },
} as const;

export const diffVerb = verb<DiffFlags>({
  name: 'diff',
  brief: 'which connections opened and which closed between BASE and HEAD, and which findings came and went',
  usage: 'BASE HEAD',
  about: [
    'BASE and HEAD are folders, files, snapshot files, git:REV, git:REV:FOLDER, or a git revision such as main or HEAD~1, which means the current folder at that revision.',
    'Compares meaning and not text: a policy that is written anew and means the same is no difference. Exits 1 when something opened, closed, or broke an invariant, as --fail-on chooses.',
  ],
  examples: [
    ['diff main .', 'what the working tree changes'],
    ['diff git:HEAD~1:examples/shop examples/shop', 'the last commit, for one folder'],
    ['diff main . --fail-on opened,invariant -o markdown', 'a comment for a pull request'],
    ['diff main . --filter change:opened', 'only what opened'],
  ],
  flags: DIFF_FLAGS,
  aliases: READ_ALIASES,
  arguments: [2, 2],
  load: async () => (await import('../verbs/diff.ts')).runDiff,
});

export interface MigrateFlags extends Omit<LiveFlags, 'engine'> {
  readonly from: ProfileId | undefined;
  readonly to: ProfileId;
  readonly protocol: readonly string[] | undefined;
}

const { engine: _, ...MIGRATE_READ_FLAGS } = liveFlags(formatsOf('ringfence.dev/migrate/v1'));

export const migrateVerb = verb<MigrateFlags>({
  name: 'migrate',
  brief: 'which verdicts change under another engine, why, and policies that keep the old meaning',
  usage: '--to PROFILE [PATH...]',
  about: [
    'Each changed connection is put down to the fact in which the two engines differ, with the policy and line behind it. Policies that keep the old meaning are written where the new engine can say it, and compared with the old ones connection by connection.',
    'Writes nothing: -o yaml prints the rewritten policies. Exits 1 when a verdict changes.',
  ],
  examples: [
    ['migrate --from azure-npm-linux --to cilium examples/shop', 'before the engine of an AKS cluster is changed'],
    ['migrate --to calico examples/shop -o yaml', 'the policies to apply, from the engine that is detected'],
  ],
  flags: {
    ...MIGRATE_READ_FLAGS,
    from: {
      kind: 'enum',
      values: PROFILE_IDS,
      optional: true,
      placeholder: 'PROFILE',
      brief: 'who enforces policy now; detected unless given',
    },
    to: { kind: 'enum', values: PROFILE_IDS, placeholder: 'PROFILE', brief: 'who will enforce it' },
    protocol: PROTOCOL_FLAG,
  },
  aliases: READ_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/migrate.ts')).runMigrate,
});
