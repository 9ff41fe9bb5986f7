import { escapeControl } from '#base/escape.ts';
import type { FieldPath } from '#model/object.ts';
import {
  entriesAt,
  listAt,
  numberAt,
  type PlainObject,
  type PlainValue,
  plainAt,
  textAt,
  textsAt,
} from '#model/plain.ts';
import { isExcluded, type PolicyScope } from './policy-scope.ts';

/** What a rule finds in one object: what is wrong, and where. */
export interface RuleHit {
  readonly message: string;
  /** From the top of the subject's value. */
  readonly path: FieldPath;
}

/** One object as admission sees it; of a workload the pods that it makes. */
export interface RuleSubject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly value: PlainObject;
  /** Others of the kind, for rules that compare. */
  readonly others: readonly RuleSubject[];
}

export type KubernetesRule = (subject: RuleSubject, parameters: PlainObject, scope: PolicyScope) => readonly RuleHit[];

/**
 * What each definition refuses, by its template (Azure/azure-policy, built-in-references/Kubernetes). Bodies of newer templates
 * are published in a store only: of those the body before is kept with what their parameters say of them.
 */
export const KUBERNETES_RULES: ReadonlyMap<string, KubernetesRule> = new Map<string, KubernetesRule>([
  ['1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d', httpsOnly],
  ['233a2a17-77ca-4fb1-9b6b-69223d272a44', servicePorts],
  ['d46c275d-1680-448d-b2ec-e495a3b6cc89', externalAddresses],
  ['82985f06-dc18-4a48-bc1c-b9f4f0098cfe', hostNetwork],
  ['3fc4dc25-5baf-40d8-9b05-7fe74c1bc64e', internalLoadBalancers],
  ['47a1ee2f-2a2a-4576-bf2a-e0e36709c2b8', hostNamespaces],
  ['9f061a12-e40d-4183-a00e-171812443373', defaultNamespace],
  ['95edb821-ddaf-4404-9732-666045e056b4', privileged],
  ['febd0533-8e55-448f-b837-bd0e06f16469', allowedImages],
  ['d8c942c6-16a3-400b-8f2e-785f44030036', namedHosts],
  ['b0fdedee-7b9e-4a17-9f5d-5e8e912d2f01', uniqueSelectors],
  ['1ddac26b-ed48-4c30-8cc5-3a68c79b8001', endpointEdits],
]);

function httpsOnly({ value }: RuleSubject): readonly RuleHit[] {
  if (listAt(value, 'spec', 'tls').length === 0) return [{ message: '`spec.tls` is empty', path: ['spec'] }];
  const annotation = textAt(value, 'metadata', 'annotations', 'kubernetes.io/ingress.allow-http');
  if (annotation === 'false') return [];
  const message = 'the annotation `kubernetes.io/ingress.allow-http` is not `"false"`';
  return [{ message, path: ['metadata', 'annotations'] }];
}

/** The list holds text; numbers in it meet nothing. The API server's own Service is left out. */
function servicePorts({ namespace, name, value }: RuleSubject, parameters: PlainObject): readonly RuleHit[] {
  if (namespace === 'default' && name === 'kubernetes') return [];
  const allowed = textsAt(parameters, 'allowedServicePortsList');
  return listAt(value, 'spec', 'ports').flatMap((each, index): RuleHit[] => {
    const port = numberAt(each, 'port');
    if (port === undefined || allowed.includes(String(port))) return [];
    return [{ message: `port ${port} is not in the list`, path: ['spec', 'ports', index, 'port'] }];
  });
}

function externalAddresses({ value }: RuleSubject, parameters: PlainObject): readonly RuleHit[] {
  const allowed = textsAt(parameters, 'allowedExternalIPs');
  return textsAt(value, 'spec', 'externalIPs').flatMap((address, index): RuleHit[] =>
    allowed.includes(address)
      ? []
      : [{ message: `\`${escapeControl(address)}\` is not in the list`, path: ['spec', 'externalIPs', index] }],
  );
}

function hostNetwork({ value }: RuleSubject, parameters: PlainObject, scope: PolicyScope): readonly RuleHit[] {
  const onHost = plainAt(value, 'spec', 'hostNetwork') === true;
  const allowed = listAt(parameters, 'allowedHostPorts').map(String);
  const hits: RuleHit[] =
    onHost && parameters['allowHostNetwork'] !== true
      ? [{ message: 'the pod is on the network of its host', path: ['spec', 'hostNetwork'] }]
      : [];
  for (const { container, path } of containersOf(value, scope, ['containers', 'initContainers']))
    for (const [index, each] of listAt(container, 'ports').entries()) {
      // On the host's network every port of a container is one of the host: the API server fills it in.
      const port = numberAt(each, 'hostPort') || (onHost ? numberAt(each, 'containerPort') : 0) || 0;
      if (port !== 0 && !allowed.includes(String(port)))
        hits.push({ message: `host port ${port} is not in the list`, path: [...path, 'ports', index] });
    }
  return hits;
}

interface Contained {
  readonly container: PlainValue;
  readonly path: FieldPath;
}

function containersOf(value: PlainObject, scope: PolicyScope, lists: readonly string[]): readonly Contained[] {
  return lists.flatMap((list) =>
    listAt(value, 'spec', list).flatMap((container, index) =>
      isExcluded(scope, container) ? [] : [{ container, path: ['spec', list, index] }],
    ),
  );
}

const INTERNAL = 'service.beta.kubernetes.io/azure-load-balancer-internal';

/** A Service that names no type is one of ClusterIP when admission sees it. */
function internalLoadBalancers({ value }: RuleSubject): readonly RuleHit[] {
  if (textAt(value, 'spec', 'type') !== 'LoadBalancer') return [];
  if (textAt(value, 'metadata', 'annotations', INTERNAL) === 'true') return [];
  return [{ message: `the annotation \`${INTERNAL}\` is not \`"true"\``, path: ['spec', 'type'] }];
}

function hostNamespaces({ value }: RuleSubject): readonly RuleHit[] {
  return ['hostPID', 'hostIPC'].flatMap((field): RuleHit[] =>
    plainAt(value, 'spec', field) === true ? [{ message: `\`spec.${field}\` is on`, path: ['spec', field] }] : [],
  );
}

/** What the cluster makes there by itself is left out. */
function defaultNamespace({ kind, namespace, name }: RuleSubject): readonly RuleHit[] {
  if (namespace !== 'default') return [];
  if ((kind === 'Service' && name === 'kubernetes') || (kind === 'ServiceAccount' && name === 'default')) return [];
  return [{ message: 'it is in the namespace `default`', path: ['metadata', 'namespace'] }];
}

const ALL_CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];

function privileged({ value }: RuleSubject, _parameters: PlainObject, scope: PolicyScope): readonly RuleHit[] {
  return containersOf(value, scope, ALL_CONTAINERS).flatMap(({ container, path }): RuleHit[] =>
    plainAt(container, 'securityContext', 'privileged') === true
      ? [{ message: 'the container is privileged', path: [...path, 'securityContext', 'privileged'] }]
      : [],
  );
}

function allowedImages({ value }: RuleSubject, parameters: PlainObject, scope: PolicyScope): readonly RuleHit[] {
  const allowed = new RegExp(textAt(parameters, 'allowedContainerImagesRegex') ?? '');
  return containersOf(value, scope, ALL_CONTAINERS).flatMap(({ container, path }): RuleHit[] => {
    const image = textAt(container, 'image') ?? '';
    if (allowed.test(image)) return [];
    return [{ message: `\`${escapeControl(image)}\` is not one that may be used`, path: [...path, 'image'] }];
  });
}

function namedHosts({ value }: RuleSubject): readonly RuleHit[] {
  return listAt(value, 'spec', 'rules').flatMap((rule, index): RuleHit[] =>
    (textAt(rule, 'host') ?? '') === '' ? [{ message: 'the rule names no host', path: ['spec', 'rules', index] }] : [],
  );
}

function uniqueSelectors(subject: RuleSubject): readonly RuleHit[] {
  const own = selectorOf(subject);
  if (own === '') return [];
  const twin = subject.others.find(
    (each) => each.name !== subject.name && each.namespace === subject.namespace && selectorOf(each) === own,
  );
  if (twin === undefined) return [];
  return [{ message: `Service \`${escapeControl(twin.name)}\` has the same selector`, path: ['spec', 'selector'] }];
}

function selectorOf({ value }: RuleSubject): string {
  return entriesAt(value, 'spec', 'selector')
    .map(([key, label]) => `${key}=${String(label)}`)
    .sort()
    .join(',');
}

const WRITES = ['create', 'patch', 'update', '*'];

function endpointEdits({ name, value }: RuleSubject): readonly RuleHit[] {
  if (name !== 'system:aggregate-to-edit') return [];
  return listAt(value, 'rules').flatMap((rule, index): RuleHit[] =>
    textsAt(rule, 'resources').includes('endpoints') && textsAt(rule, 'verbs').some((verb) => WRITES.includes(verb))
      ? [{ message: 'whoever has the role edit may write endpoints', path: ['rules', index] }]
      : [],
  );
}
