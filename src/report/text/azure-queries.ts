import { escapeControl } from '#base/escape.ts';
import type { AzureQueriesAnswer } from '#model/azure/queries.ts';

/** A script for a shell: a comment and a command line for each query. */
export function* azureQueriesText({ queries }: AzureQueriesAnswer): Generator<string> {
  for (const [index, { table, about, commands }] of queries.entries()) {
    yield `${index === 0 ? '' : '\n'}# ${escapeControl(table)}: ${escapeControl(about)}\n`;
    for (const command of commands) yield `${escapeControl(command)}\n`;
  }
}
