import type { Fix, Judged } from '#model/control.ts';
import { type CisCheck, type Condition, nameOfCheck } from '../../../../data/frameworks/cis-check.ts';
import { CIS_CHECKS } from '../../../../data/frameworks/cis-checks.ts';
import type { ControlContext } from '../../context.ts';
import type { ComponentView } from './component-view.ts';
import { seenComponents } from './components.ts';
import { meets } from './expectation.ts';

/** How an item is met at one place: by an edit where its command or configuration is in the input, else by a person. */
export function fixOfCheck(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  const check = CIS_CHECKS.find((each) => nameOfCheck(each) === detail);
  if (check === undefined || check.test.kind === 'file') return undefined;
  const { component, anyOf } = check.test;
  const view = seenComponents(context).views.find((each) => each.component === component && each.where.id === where.id);
  const unmet = (anyOf[0] ?? []).filter(
    (condition) => !meets(condition.must, view?.find(condition)?.value ?? condition.otherwise),
  );
  const edits = view === undefined ? undefined : editsOf(check, view, unmet);
  const flags = unmet.map(({ flag }) => `\`--${flag}\``).join(' and ');
  return {
    summary: `set ${flags} of ${component} as ${nameOfCheck(check)} asks`,
    automatic: edits !== undefined && check.safe !== undefined,
    changes: edits === undefined ? [] : [edits],
    steps: [...STEPS[component], ...(edits === undefined ? [`set ${flags} where ${component} is started`] : [])],
  };
}

const RESTART =
  'the kubelet starts the component again when its manifest changes: change one node of the control plane after the other';

const STEPS: Readonly<Record<ComponentView['component'], readonly string[]>> = {
  'kube-apiserver': [RESTART],
  'kube-controller-manager': [RESTART],
  'kube-scheduler': [RESTART],
  etcd: [RESTART],
  kubelet: ['restart the kubelet of each node'],
  'kube-proxy': ['restart the pods of kube-proxy'],
};

function editsOf(
  check: CisCheck,
  { edited, find }: ComponentView,
  unmet: readonly Condition[],
): Fix['changes'][number] | undefined {
  if (edited === undefined || unmet.length === 0) return undefined;
  const edits = unmet.map((condition) => {
    const value = check.safe?.value ?? valueFor(condition, find(condition)?.value);
    return value === undefined ? undefined : edited.pathOf(condition, value);
  });
  return edits.every((edit) => edit !== undefined) ? { kind: 'edit-object', object: edited.object, edits } : undefined;
}

/** What to write so that a condition is met, where that follows from it. */
function valueFor({ must, otherwise }: Condition, now: string | undefined): string | undefined {
  const items = (now ?? '').split(',').filter((item) => item !== '');
  switch (must.be) {
    case 'equal':
      return must.to;
    case 'with':
      return [...items, must.item].join(',');
    case 'without':
      return items.filter((item) => item !== must.item).join(',') || undefined;
    case 'at':
      return otherwise !== undefined && meets(must, otherwise) ? otherwise : must.address;
    case 'at-least':
      return String(must.number);
    case 'among':
      return must.items.join(',');
    default:
      return otherwise !== undefined && meets(must, otherwise) ? otherwise : undefined;
  }
}
