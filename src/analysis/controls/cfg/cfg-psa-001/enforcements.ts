import type { ClusterObject } from '#model/object.ts';
import { listAt, plainAt, textAt, textsAt } from '#model/plain.ts';
import { parsePodSecurityVersion } from '../../../pod-security/pod-security.ts';
import { type ControlContext, onceKey } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { azureEnforcements } from './azure.ts';
import { type Enforcement, LABEL, levelNamed } from './enforcement.ts';
import { gatekeeperEnforcements, kyvernoEnforcements, policyEnforcements } from './policies.ts';

/** What is asked about: a namespace, and its object where the input has it. */
export interface AskedNamespace {
  readonly name: string;
  readonly object: ClusterObject | undefined;
}

/** Everything in the input that looks at pods of a namespace. */
export function enforcementsOf(context: ControlContext, namespace: AskedNamespace): readonly Enforcement[] {
  return [
    ...labelEnforcements(namespace),
    ...defaultEnforcements(context, namespace),
    ...azureEnforcements(context, namespace.name),
    ...kyvernoEnforcements(context, namespace.name),
    ...gatekeeperEnforcements(context, namespace.name),
    ...policyEnforcements(context),
  ];
}

const MODES = ['enforce', 'warn', 'audit'] as const;

function labelEnforcements({ object }: AskedNamespace): readonly Enforcement[] {
  if (object === undefined) return [];
  return MODES.flatMap((mode) => {
    const path = ['metadata', 'labels', `${LABEL}/${mode}`];
    const level = levelNamed(textAt(object.value, ...path) ?? '');
    if (level === undefined) return [];
    const version = textAt(object.value, 'metadata', 'labels', `${LABEL}/${mode}-version`) ?? 'latest';
    return [
      {
        mode: mode === 'enforce' ? 'enforce' : 'tell',
        level,
        version: parsePodSecurityVersion(version) ?? 'latest',
        by: `the label \`${LABEL}/${mode}\` of the namespace`,
        evidence: seenAt(object, path),
      },
    ];
  });
}

const GROUPS: ReadonlySet<string> = new Set(['pod-security.admission.config.k8s.io', 'apiserver.config.k8s.io']);

const CONFIGURATIONS = onceKey<readonly ClusterObject[]>('configurations of admission');

/** What the API server takes for namespaces without a label: a file of its own, which inputs seldom have. */
function defaultEnforcements(context: ControlContext, { name, object }: AskedNamespace): readonly Enforcement[] {
  if (textAt(object?.value, 'metadata', 'labels', `${LABEL}/enforce`) !== undefined) return [];
  const configurations = context.once(CONFIGURATIONS, ({ objects }) =>
    objects.all.filter(({ group }) => GROUPS.has(group)),
  );
  return configurations.flatMap((configuration) => {
    const plugin = listAt(configuration.value, 'plugins').findIndex((each) => textAt(each, 'name') === 'PodSecurity');
    const path = plugin < 0 ? [] : ['plugins', plugin, 'configuration'];
    const level = levelNamed(textAt(configuration.value, ...path, 'defaults', 'enforce') ?? '');
    if (level === undefined || isExempt(configuration, path, name)) return [];
    const version = textAt(configuration.value, ...path, 'defaults', 'enforce-version') ?? 'latest';
    return [
      {
        mode: 'enforce' as const,
        level,
        version: parsePodSecurityVersion(version) ?? 'latest',
        by: 'the default of the API server',
        evidence: seenAt(configuration, [...path, 'defaults', 'enforce']),
      },
    ];
  });
}

function isExempt(configuration: ClusterObject, path: readonly (string | number)[], name: string): boolean {
  const exemptions = plainAt(configuration.value, ...path, 'exemptions');
  return textsAt(exemptions, 'namespaces').includes(name);
}
