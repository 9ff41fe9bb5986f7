import { escapeControl } from '#base/escape.ts';
import type { AzureQueriesAnswer } from '#model/azure/queries.ts';
import { azCommands, GRAPH_QUERIES } from '#source/azure/queries.ts';
import { type AzureScope, azureScopeOf, isSubscriptionId } from '#source/azure/scope.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import type { LookFlags } from '../flags.ts';
import { Refusal } from '../refusal.ts';

export async function runQueries(context: CliContext, flags: LookFlags, names: readonly string[]): Promise<ExitCode> {
  formatOf('ringfence.dev/azure-queries/v1', flags);
  const scopes = names.map(scopeNamed);
  const queries = GRAPH_QUERIES.map((query) => {
    const { table, about, decides, text } = query;
    return { table, about, decides, query: text, commands: azCommands(query, scopes) };
  });
  const answer: AzureQueriesAnswer = { schema: 'ringfence.dev/azure-queries/v1', queries };
  await printAnswer({ context, flags }, answer);
  return EXIT.ok;
}

/** The Azure CLI takes ids here, and to find the id of a name Azure would have to be asked. */
function scopeNamed(text: string): AzureScope {
  const scope = azureScopeOf(text);
  if (scope?.kind === 'management-group' || (scope !== undefined && isSubscriptionId(scope.name))) return scope;
  throw new Refusal(
    `\`${escapeControl(text)}\` is not the id of a subscription, nor mg:NAME`,
    '`az account list -o table` tells the ids',
  );
}
