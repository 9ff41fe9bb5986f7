import { OPEN_GROUP } from '#model/azure/resource.ts';
import { COLLECTIONS, GROUP_NAME, type NewGroup } from './group.ts';
import type { NewRule } from './new-rules.ts';

const GROUP = 'az network firewall policy rule-collection-group';

/** Commands of the Azure CLI (extension azure-firewall), for a POSIX shell. */
export function azText({ policy, priority, rules }: NewGroup): string {
  const resourceGroup =
    policy.resourceGroup === OPEN_GROUP || policy.resourceGroup === ''
      ? '"$RESOURCE_GROUP"'
      : quoted(policy.resourceGroup);
  const at = ['--resource-group', resourceGroup, '--policy-name', quoted(policy.name)];
  const create = [GROUP, 'create', ...at, '--name', GROUP_NAME, '--priority', `${priority}`];
  const lines = (['network', 'application'] as const).flatMap((kind) =>
    rules
      .filter((rule) => rule.kind === kind)
      .map((rule, index) => [...(index === 0 ? collection(kind, at) : more(kind, at)), ...ruleArguments(rule)]),
  );
  return `${[create, ...lines].map((words) => words.join(' ')).join('\n')}\n`;
}

/** The first rule of a collection makes it. */
function collection(kind: NewRule['kind'], at: readonly string[]): string[] {
  const { name, priority } = COLLECTIONS[kind];
  const own = ['--name', name, '--collection-priority', `${priority}`, '--action', 'Allow', '--rule-name'];
  return [`${GROUP} collection add-filter-collection`, ...at, '--rule-collection-group-name', GROUP_NAME, ...own];
}

function more(kind: NewRule['kind'], at: readonly string[]): string[] {
  const own = ['--collection-name', COLLECTIONS[kind].name, '--name'];
  return [`${GROUP} collection rule add`, ...at, '--rule-collection-group-name', GROUP_NAME, ...own];
}

function ruleArguments(rule: NewRule): string[] {
  const sources = ['--source-addresses', ...rule.sources.map(quoted)];
  if (rule.kind === 'application') {
    const protocols = rule.protocols.map(({ type, port }) => `${type}=${port}`);
    return [
      quoted(rule.name),
      '--rule-type',
      'ApplicationRule',
      ...sources,
      '--target-fqdns',
      ...rule.names.map(quoted),
      '--protocols',
      ...protocols,
    ];
  }
  return [
    quoted(rule.name),
    '--rule-type',
    'NetworkRule',
    ...sources,
    ...(rule.destinations.length > 0 ? ['--destination-addresses', ...rule.destinations.map(quoted)] : []),
    ...(rule.names.length > 0 ? ['--destination-fqdns', ...rule.names.map(quoted)] : []),
    '--ip-protocols',
    rule.protocol,
    '--destination-ports',
    ...rule.ports,
  ];
}

/** For a POSIX shell: as it is where nothing in it means anything there. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
