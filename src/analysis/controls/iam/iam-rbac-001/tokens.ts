import { escapeControl } from '#base/escape.ts';
import type { Evidence, Judged } from '#model/control.ts';
import { plainAt, textAt } from '#model/plain.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import type { PodOwner } from '../../pod-owners.ts';
import { isSystemNamespace } from '../../system-namespaces.ts';
import { accountObject, accountOf, hasOwnRights, mountsToken } from '../accounts.ts';
import { isApiClient } from '../api-clients.ts';

export const TOKEN_DETAIL = '5.1.6 token';

/** CIS 5.1.6: a token in a pod is worth something to whoever breaks in, and is of no use where its account has no right. */
export function judgeToken(context: ControlContext, owner: PodOwner): readonly Judged[] {
  if (isSystemNamespace(context, owner.object.namespace)) return [];
  const account = accountOf(owner);
  const name = `\`${escapeControl(`${account.namespace}/${account.name}`)}\``;
  const base = { where: placeOf(owner.object), detail: TOKEN_DETAIL, evidence: evidenceOf(context, owner) };
  if (!mountsToken(context, owner)) return [{ ...base, state: 'PASS', message: 'no token of its account is mounted' }];
  if (hasOwnRights(context, account))
    return [{ ...base, state: 'PASS', message: `its account ${name} has rights of its own` }];
  if (signsInElsewhere(owner))
    return [{ ...base, state: 'PASS', message: 'the token is how it signs in to a vault of secrets' }];
  if (context.kind === 'manifests' && isApiClient(owner)) {
    const message = `it is of a kind that asks the API server, and the rights of its account ${name} are not in the input`;
    return [{ ...base, state: 'UNKNOWN', message }];
  }
  const isPlain = account.name === 'default' || context.kind === 'live';
  const rights =
    context.kind === 'live' ? 'which has no right of its own' : 'to which nothing in the input gives a right';
  const message = `a token of service account ${name} is mounted, ${rights}`;
  const fix = ['mount no token in pods of', ''] as const;
  const together = isPlain
    ? {
        key: `token of ${name}`,
        before: `a token of service account ${name} is mounted, ${rights}, in`,
        after: '',
        fix,
      }
    : { key: 'token', before: `a token of an account of its own is mounted, ${rights}, in each of`, after: '', fix };
  return [{ ...base, state: isPlain ? 'FAIL' : 'WARN', severity: 'low', message, together }];
}

/** Agents of vaults show the mounted token to their server. */
function signsInElsewhere({ metadata }: PodOwner): boolean {
  return (
    textAt(metadata, 'annotations', 'vault.hashicorp.com/agent-inject') === 'true' ||
    plainAt(metadata, 'annotations', 'conjur.org/inject') !== undefined
  );
}

function evidenceOf(context: ControlContext, { object, path, ...owner }: PodOwner): readonly Evidence[] {
  const account = accountObject(context, accountOf({ object, path, ...owner }));
  const own = seenAt(
    object,
    [...path, 'spec', 'automountServiceAccountToken'],
    'a token is mounted unless it says `false`',
  );
  const named = seenAt(object, [...path, 'spec', 'serviceAccountName']);
  return [own, named, ...(account === undefined ? [] : [seenAt(account, ['automountServiceAccountToken'])])];
}
