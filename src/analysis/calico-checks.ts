import { isEmpty } from '#base/bits.ts';
import { escapeControl } from '#base/escape.ts';
import type { Engine } from '#engine/engine.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Snapshot } from '#model/snapshot.ts';

import { readOtherwise, say } from './calico-traps.ts';

/** Checked with the Kubernetes kinds, or no policy. */
const NOT_HERE: ReadonlySet<string> = new Set(['NetworkPolicy', 'HostEndpoint', 'FelixConfiguration']);
const BUILT_IN: ReadonlySet<string> = new Set(['default', 'kube-admin', 'kube-baseline']);

/** What Calico takes and does otherwise than it reads. */
export function checkCalico(snapshot: Snapshot, { reach, options }: Engine): Diagnostic[] {
  if (options.profile.model !== 'calico') return [];
  return [
    ...missingTiers(snapshot),
    ...missingServices(snapshot),
    ...missingNodes(snapshot),
    ...stagedOnly(snapshot, options.staged),
    ...nobody(reach),
    ...readOtherwise(snapshot, options.staged),
  ];
}

function missingTiers({ calicoPolicies, calicoTiers }: Snapshot): Diagnostic[] {
  const known = new Set([...BUILT_IN, ...calicoTiers.map(({ name }) => name)]);
  return calicoPolicies
    .filter(({ tier }) => !known.has(tier))
    .map((policy) =>
      say('RF3011', policy, {
        message: `names tier \`${escapeControl(policy.tier)}\`, which is not in the input: it is enforced after all other tiers, and its end denies`,
        help: 'add the Tier, or correct the name',
      }),
    );
}

function missingServices({ calicoPolicies, services, endpointSlices }: Snapshot): Diagnostic[] {
  const known = new Set([
    ...services.map(({ namespace, name }) => `${namespace}/${name}`),
    ...endpointSlices.map(({ namespace, service }) => `${namespace}/${service}`),
  ]);
  return calicoPolicies.flatMap((policy) => {
    const named = [...policy.ingress, ...policy.egress].flatMap(({ source, destination }) =>
      [source.service, destination.service].flatMap((service) =>
        service === undefined ? [] : [`${service.namespace}/${service.name}`],
      ),
    );
    return [...new Set(named)]
      .filter((service) => !known.has(service))
      .map((service) =>
        say('RF3011', policy, {
          message: `names Service \`${escapeControl(service)}\`, which is not in the input: what the rule matches is unknown`,
          help: 'add the Service, or correct the name',
        }),
      );
  });
}

function missingNodes({ calicoHostEndpoints, nodes }: Snapshot): Diagnostic[] {
  if (nodes.length === 0) return [];
  const known = new Set(nodes.map(({ name }) => name));
  return calicoHostEndpoints
    .filter(({ node }) => !known.has(node))
    .map((host) =>
      say('RF3011', host, {
        message: `names node \`${escapeControl(host.node)}\`, which is not in the input: policy for it is for nobody`,
        help: 'add the Node, or correct the name',
      }),
    );
}

function stagedOnly({ calicoPolicies }: Snapshot, staged: boolean | undefined): Diagnostic[] {
  if (staged === true) return [];
  const [first, ...others] = calicoPolicies.filter(({ kind }) => kind.startsWith('Staged'));
  if (first === undefined) return [];
  const more = others.length === 0 ? 'is' : `and ${others.length} more are`;
  return [
    say('RF3010', first, {
      message: `${more} staged: nothing of it is enforced`,
      help: 'see what it would do with --staged',
    }),
  ];
}

function nobody(reach: Engine['reach']): Diagnostic[] {
  const places = [...reach.ingress.parts, ...reach.egress.parts].flatMap(({ policies }) => policies.places);
  const refs = new Map<string, { readonly any: boolean; readonly ref: (typeof places)[number]['policy']['ref'] }>();
  for (const { policy } of places) {
    const key = `${policy.ref.kind} ${policy.ref.namespace}/${policy.ref.name}`;
    const any = (refs.get(key)?.any ?? false) || !isEmpty(policy.subject.may);
    refs.set(key, { any, ref: policy.ref });
  }
  return [...refs.values()]
    .filter(({ any, ref }) => !any && ref.origin.file !== '' && !NOT_HERE.has(ref.kind))
    .map(({ ref }) => {
      const object = `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`;
      return {
        code: 'RF3003',
        severity: 'warning',
        message: `${object} selects no endpoint of the input`,
        object,
        origin: ref.origin,
      };
    });
}
