import { formatsOf } from '#report/formats.ts';
import type { CliContext } from '../context.ts';
import { type LiveFlags, liveFlags, READ_ALIASES, text } from '../flags.ts';
import { verb } from './verb.ts';

export interface CanFlags extends LiveFlags {
  readonly port: string | undefined;
  readonly any: boolean | undefined;
  readonly http: string | undefined;
}

export const canVerb = verb<CanFlags>({
  name: 'can',
  brief: 'may FROM reach TO, hop by hop, and which rules decide',
  usage: 'FROM TO [PORT[/PROTO]] [PATH...]',
  about: [
    'Exits 0 for allowed, 1 for denied, 3 for unknown. Where the pods or address families behind a name differ, the verdict is mixed: 1, or 0 with --any.',
    'FROM and TO are NAMESPACE/NAME or NAMESPACE/KIND/NAME of a workload, pod:NAMESPACE/NAME, ns:NAME, svc:NAMESPACE/NAME, node:NAME, an address, a CIDR, internet, dns:NAME or apiserver. With one -n, a bare NAME is a workload of that namespace.',
    'What has the form of a port, as 5432, 53/UDP or icmp, is the port; for a file of that name write ./5432. Without a port every port is told.',
  ],
  examples: [
    ['can shop-frontend/web shop-backend/api 8080 examples/shop', 'allowed, and by which two rules'],
    ['can shop-backend/cart shop-data/redis 6379 examples/shop', 'denied, what came near, and the smallest change'],
    ["can shop/web shop/api 8080 --http 'GET /orders' manifests/", 'one request, where policies look into requests'],
    ['can internet svc:shop-frontend/web 80 examples/shop', 'through a Service, to the pods behind it'],
    ['can shop-backend/api kube-system/coredns 53/UDP examples/shop -o json', 'the same for programs'],
  ],
  flags: {
    ...liveFlags(formatsOf('ringfence.dev/path/v1')),
    port: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'PORT[/PROTO]',
      brief: 'the port; every further argument is then a PATH',
    },
    http: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'REQUEST',
      brief: "one request on the connection, as 'GET /orders'; headers follow as '; name: value'",
    },
    any: { kind: 'boolean', optional: true, withNegated: false, brief: 'exit 0 when some branch is allowed' },
  },
  aliases: READ_ALIASES,
  arguments: [2, Number.POSITIVE_INFINITY],
  propose: proposeNames,
  load: async () => (await import('../verbs/can.ts')).runCan,
});

async function proposeNames(this: CliContext, partial: string): Promise<readonly string[]> {
  const { endpointNames } = await import('../endpoint-names.ts');
  return endpointNames(this.surroundings.folder, partial);
}
