import type { FlagParametersForType } from '@stricli/core';
import { PROFILE_IDS, type ProfileId } from '#model/profile.ts';
import { AZURE_CLOUDS, type AzureCloud } from '#source/azure/clouds.ts';
import type { CliContext } from './context.ts';
import { COLOR_CHOICES, type ColorChoice } from './output.ts';

/** Options of every verb that prints an answer. */
export interface LookFlags {
  readonly output: string | undefined;
  readonly color: ColorChoice | undefined;
  readonly quiet: boolean | undefined;
  readonly verbose: boolean | undefined;
}

/** Options of every verb that reads manifests or a cluster. */
export interface ReadFlags extends LookFlags {
  readonly engine: ProfileId | undefined;
  readonly namespace: readonly string[] | undefined;
  readonly podCidr: readonly string[] | undefined;
  readonly config: string | undefined;
  readonly kustomize: 'auto' | 'never' | undefined;
  readonly maxFileSize: string | undefined;
  readonly allowUnknown: boolean | undefined;
  readonly staged: boolean | undefined;
  readonly azure: readonly string[] | undefined;
  readonly azureCluster: string | undefined;
  readonly azureCloud: AzureCloud | undefined;
}

/** Options of the verbs that may read a live cluster. */
export interface LiveFlags extends ReadFlags {
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
}

export function text(input: string): string {
  return input;
}

const FLAG = { kind: 'boolean', optional: true, withNegated: false } as const;

/** Of verbs that compare or list all traffic. */
export const PROTOCOL_FLAG = {
  kind: 'parsed',
  parse: text,
  optional: true,
  variadic: true,
  placeholder: 'PROTOCOL',
  brief: 'tcp, udp, sctp, icmp, icmpv6, a number, or all; the first three unless given; may be repeated',
} as const;

/** `-o` proposes the formats of the verb's answer. */
export function lookFlags(formats: readonly string[]): FlagParametersForType<LookFlags, CliContext> {
  return {
    output: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FORMAT',
      brief: `${formats.join(', ')}; ${formats[0]} unless given`,
      proposeCompletions: () => formats,
    },
    color: {
      kind: 'enum',
      values: COLOR_CHOICES,
      optional: true,
      placeholder: 'WHEN',
      brief: 'auto, always or never; NO_COLOR and FORCE_COLOR are respected',
    },
    quiet: { ...FLAG, brief: 'of what goes to standard error, only errors' },
    verbose: { ...FLAG, brief: 'also what did not decide, and every diagnostic' },
  };
}

const AZURE_FLAGS = {
  azure: {
    kind: 'parsed',
    parse: text,
    optional: true,
    variadic: true,
    placeholder: 'PATH',
    brief:
      'the Azure network around the cluster: templates, exports, Terraform, where they are not found among the manifests; or live: a subscription id, sub:NAME, mg:NAME; may be repeated',
  },
  azureCloud: {
    kind: 'enum',
    values: AZURE_CLOUDS,
    optional: true,
    placeholder: 'CLOUD',
    brief: `which cloud of Azure is read live: ${AZURE_CLOUDS.join(', ')}; public unless given`,
  },
  azureCluster: {
    kind: 'parsed',
    parse: text,
    optional: true,
    placeholder: 'NAME',
    brief: 'the managed cluster that the manifests are of, where --azure has several',
  },
} as const;

export function readFlags(formats: readonly string[]): FlagParametersForType<ReadFlags, CliContext> {
  return {
    ...lookFlags(formats),
    engine: {
      kind: 'enum',
      values: PROFILE_IDS,
      optional: true,
      placeholder: 'PROFILE',
      brief: `who enforces policy: ${PROFILE_IDS.join(', ')}; detected unless given`,
    },
    namespace: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'NAMESPACE',
      brief: 'only what touches this namespace; may be repeated',
    },
    podCidr: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'CIDR',
      brief: 'where pods without an address are; may be repeated',
    },
    config: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FILE',
      brief: 'settings; ringfence.yaml of the current folder unless given, or else of the one folder that is read',
    },
    kustomize: {
      kind: 'enum',
      values: ['auto', 'never'],
      optional: true,
      placeholder: 'WHEN',
      brief: 'auto renders kustomizations, never reads their files as they are',
    },
    maxFileSize: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'SIZE',
      brief: 'larger files are left out; 256MiB unless given',
    },
    ...AZURE_FLAGS,
    staged: { ...FLAG, brief: 'policies that are only staged count as enforced' },
    allowUnknown: { ...FLAG, brief: 'exit 0 instead of 3 when the answer is incomplete' },
  };
}

export function liveFlags(formats: readonly string[]): FlagParametersForType<LiveFlags, CliContext> {
  return {
    ...readFlags(formats),
    context: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'NAME',
      brief: 'read the live cluster of this kubeconfig context, through kubectl',
    },
    kubeconfig: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'FILE',
      brief: 'read the live cluster of this kubeconfig file',
    },
  };
}

/** Letters for the options that have one. */
export const LOOK_ALIASES = { o: 'output', q: 'quiet', v: 'verbose' } as const;
export const READ_ALIASES = { ...LOOK_ALIASES, n: 'namespace' } as const;
