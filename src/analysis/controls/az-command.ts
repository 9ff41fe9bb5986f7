import { escapeControl } from '#base/escape.ts';
import { OPEN_GROUP, OPEN_SUBSCRIPTION } from '#model/azure/resource.ts';

// Words of commands for `az`. Somebody will paste them into a shell, and the names in them come from the input.

/** `--resource-group rg --name aks`, as az commands take a resource. */
export function azTarget(id: string): string {
  return `--resource-group ${azGroup(id)} --name ${azWord(id.split('/').at(-1) ?? '')}`;
}

/** The resource group of an id, or a word for it where the input does not say which. */
export function azGroup(id: string): string {
  const group = /\/resourcegroups\/([^/]+)/i.exec(id)?.[1] ?? OPEN_GROUP;
  return group.toLowerCase() === OPEN_GROUP ? 'RESOURCE_GROUP' : azWord(group);
}

/** An id as one word, with words to put in where the input does not say where it stands. */
export function azId(id: string): string {
  const [, subscription = '', rest = ''] = /^\/subscriptions\/([^/]*)(\/.*)?$/i.exec(id) ?? [];
  if (rest === '') return azWord(id);
  const group = rest.replace(
    new RegExp(`^/resourceGroups/${OPEN_GROUP}(?=/|$)`, 'i'),
    '/resourceGroups/RESOURCE_GROUP',
  );
  return azWord(`/subscriptions/${subscription === OPEN_SUBSCRIPTION ? 'SUBSCRIPTION' : subscription}${group}`);
}

/** Text of the input as one word of a command line, quoted where the shell would read more than a word. */
export function azWord(text: string): string {
  const shown = escapeControl(text);
  return /^[\w./:@%+=,][\w./:@%+=,-]*$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
