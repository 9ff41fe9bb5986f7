import { CONNECTION_FORM } from '#analysis/filter-forms.ts';
import { formatsOf } from '#report/formats.ts';
import { filterFlag } from '../filter.ts';
import { type LiveFlags, liveFlags, PROTOCOL_FLAG, READ_ALIASES } from '../flags.ts';
import { verb } from './verb.ts';

export interface MapFlags extends LiveFlags {
  readonly filter: string | undefined;
  readonly fold: 'auto' | 'always' | 'never' | undefined;
  readonly protocol: readonly string[] | undefined;
  readonly layer: 'policy' | undefined;
  readonly ingress: boolean | undefined;
  readonly encryption: boolean | undefined;
}

export const mapVerb = verb<MapFlags>({
  name: 'map',
  brief: 'who can reach whom',
  usage: '[PATH...]',
  about: [
    'Tells every connection that is allowed or unknown, by destination. What is not told is denied.',
    'Large clusters are folded to namespaces; --fold never tells every workload.',
  ],
  examples: [
    ['map examples/shop', 'everything that can reach anything in the shop'],
    ['map examples/shop -n shop-data -o csv', 'what touches one namespace, for a spreadsheet'],
    ['map examples/shop --filter to:shop-data/*', 'who reaches one namespace'],
    ['map examples/shop -o svg > map.svg', 'a picture'],
    ['map --context production --fold always', 'a live cluster, by namespace'],
  ],
  flags: {
    ...liveFlags(formatsOf('ringfence.dev/map/v1')),
    filter: filterFlag(CONNECTION_FORM.fields),
    fold: {
      kind: 'enum',
      values: ['auto', 'always', 'never'],
      optional: true,
      placeholder: 'WHEN',
      brief: 'tell namespaces in place of workloads: auto (above 120 endpoints), always, never',
    },
    protocol: PROTOCOL_FLAG,
    layer: {
      kind: 'enum',
      values: ['policy'],
      optional: true,
      placeholder: 'LAYER',
      brief:
        'policy counts only what stands at the pod, without meshes and nodes; unless given, every layer that the input has',
    },
    encryption: {
      kind: 'boolean',
      optional: true,
      withNegated: false,
      brief: 'also how each connection is protected on the wire, and what would close each hole',
    },
    ingress: {
      kind: 'boolean',
      optional: true,
      withNegated: false,
      brief: 'also what enters through Ingress, Gateway, Route and Service, with host name and path',
    },
  },
  aliases: READ_ALIASES,
  arguments: [0, Number.POSITIVE_INFINITY],
  load: async () => (await import('../verbs/map.ts')).runMap,
});
