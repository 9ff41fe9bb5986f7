import type { FieldEdit, Fix, Judged } from '#model/control.ts';
import { type PlainValue, plainAt } from '#model/plain.ts';
import type { PodSecurityViolation } from '../../../pod-security/pod-security.ts';
import type { ControlContext } from '../../context.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { ownersById, restrictedViolations } from './assess.ts';

/**
 * What restricted asks for, written into the template. By itself it is a fix only where the pod already says that it does
 * not run as root: then it has nothing to lose by it.
 */
export function fixContext(context: ControlContext, judged: Judged): Fix | undefined {
  const owner = ownersById(context).get(judged.where.id);
  if (owner === undefined) return undefined;
  if (judged.detail === 'network') return NETWORK;
  if (judged.detail === 'files') return fixFiles(owner);
  const violations = restrictedViolations(context, owner);
  const edits = violations.flatMap((violation) => editsOf(owner, violation));
  const once = [...new Map(edits.map((edit) => [edit.path.join('/'), edit])).values()];
  const open = violations.filter((violation) => editsOf(owner, violation).length === 0);
  const isRoot = violations.some(({ check }) => check === 'runAsNonRoot' || check === 'runAsUser');
  return {
    summary: `hold the pods of \`${owner.object.name}\` to restricted`,
    automatic: open.length === 0 && !isRoot,
    changes: once.length === 0 ? [] : [{ kind: 'edit-object', object: owner.object, edits: once }],
    steps: stepsOf(owner, violations, open),
  };
}

const NETWORK: Fix = {
  summary: 'take the powers over the network away',
  automatic: false,
  changes: [],
  steps: [
    'find out what the container needs them for: to listen below port 1024 `NET_BIND_SERVICE` is enough, for ping the sysctl `net.ipv4.ping_group_range`',
    'move what must have them to a namespace of its own, with a policy that lets it reach only what it serves',
  ],
};

/** None: a person has to decide what the pod needs it for. */
function editsOf({ path, spec }: PodOwner, { check, path: at, value }: PodSecurityViolation): readonly FieldEdit[] {
  const set = (to: readonly (string | number)[], what: PlainValue): FieldEdit => ({
    op: 'set',
    path: [...path, ...to],
    value: what,
  });
  const pod = ['spec', 'securityContext'];
  switch (check) {
    case 'allowPrivilegeEscalation':
      return value === true ? [] : [set(at, false)];
    case 'capabilities_restricted':
      return at.at(-1) === 'drop' ? [set(at, ['ALL'])] : [];
    case 'seccompProfile_restricted':
      if (value !== undefined) return [];
      // One that is set for the pod to something else is not replaced.
      return plainAt(spec, 'securityContext', 'seccompProfile') === undefined
        ? [set([...pod, 'seccompProfile'], { type: 'RuntimeDefault' })]
        : [set(at.slice(0, -1), { type: 'RuntimeDefault' })];
    case 'runAsNonRoot':
      return value === undefined ? [set([...pod, 'runAsNonRoot'], true)] : [set(at, true)];
    default:
      return [];
  }
}

function stepsOf(
  { containers }: PodOwner,
  violations: readonly PodSecurityViolation[],
  open: readonly PodSecurityViolation[],
): readonly string[] {
  const isRoot = violations.some(({ check }) => check === 'runAsNonRoot');
  const images = [...new Set(containers.map(({ value }) => `\`${String(plainAt(value, 'image') ?? '')}\``))].join(', ');
  return [
    ...(isRoot
      ? [
          `whether ${images} runs as another user than root is not in the input: where it does not, set \`runAsUser\` and the owner of its files`,
        ]
      : []),
    ...open.map(
      ({ message, path }) => `${message}: take \`${path.join('.')}\` out, or move the workload to a namespace for such`,
    ),
    'start it once where it harms nobody, and see that it comes up',
  ];
}

/** Programs write somewhere: to `/tmp` most of all. */
function fixFiles({ object, containers }: PodOwner): Fix {
  const writable = containers.filter(
    ({ value, role }) => role !== 'ephemeral' && plainAt(value, 'securityContext', 'readOnlyRootFilesystem') !== true,
  );
  return {
    summary: `let the containers of \`${object.name}\` only read the files of their image`,
    automatic: false,
    changes: [
      {
        kind: 'edit-object',
        object,
        edits: writable.map(({ path }) => ({
          op: 'set',
          path: [...path, 'securityContext', 'readOnlyRootFilesystem'],
          value: true,
        })),
      },
    ],
    steps: ['mount an empty directory wherever the program writes, `/tmp` most of all'],
  };
}
