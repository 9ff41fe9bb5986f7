import { worldForNames } from '#analysis/path/names.ts';
import { pathOf } from '#analysis/path/path.ts';
import { parseAddress, parseCidr } from '#base/address.ts';
import { escapeControl } from '#base/escape.ts';
import type { PathAnswer } from '#model/answers.ts';
import { analysed } from '../analysed.ts';
import { formatOf, printAnswer } from '../answer.ts';
import type { CanFlags } from '../commands/can.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit.ts';
import { readInput, refuseName } from '../input.ts';
import { Refusal } from '../refusal.ts';
import { settingsOf } from '../settings.ts';

export async function runCan(context: CliContext, flags: CanFlags, args: readonly string[]): Promise<ExitCode> {
  formatOf('ringfence.dev/path/v1', flags);
  const [from = '', to = '', ...rest] = args;
  const [first, ...others] = rest;
  const isPort = flags.port === undefined && first !== undefined && looksLikePort(first);
  const port = isPort ? first : flags.port;
  const paths = isPort ? others : rest;
  const settings = await settingsOf(context, flags, paths);
  const { snapshot } = await readInput({ context, flags, settings, findsAzure: true }, paths);
  const names = [from, to].map((name) => withNamespace(name, settings.namespaces));
  const analysis = analysed(snapshot, settings, { world: worldForNames(names, snapshot.azure) });
  const result = pathOf(analysis, {
    from: names[0]!,
    to: names[1]!,
    ...(port !== undefined && { port }),
    ...(flags.http !== undefined && { request: flags.http }),
  });
  if (result.kind === 'problem') throw refuseName(escapeControl(result.message), result.near);
  await printAnswer({ context, flags }, result.answer, 'errors');
  return exitCodeFor(result.answer, { any: flags.any === true, allowUnknown: settings.allowUnknown });
}

/**
 * The form decides and never the file system, so that a question means the same wherever it is asked: a number, a number
 * or name with a protocol, `icmp`, or `proto/47`.
 */
export function looksLikePort(text: string): boolean {
  return /^(?:\d+(?:\/\w+)?|[a-z][a-z0-9-]*\/(?:tcp|udp|sctp)|icmp|icmpv6|proto\/\w+)$/i.test(text);
}

/** `web` with `-n shop` is `shop/web`. */
function withNamespace(name: string, namespaces: readonly string[]): string {
  if (/[/:]/.test(name) || name === 'internet' || name === 'apiserver') return name;
  if (parseAddress(name) !== undefined || parseCidr(name) !== undefined || namespaces.length === 0) return name;
  if (namespaces.length > 1) {
    throw new Refusal(
      `\`${escapeControl(name)}\` could be in any of ${namespaces.length} namespaces`,
      'write NAMESPACE/NAME, or give one -n only',
    );
  }
  return `${namespaces[0]}/${name}`;
}

interface Rules {
  readonly any: boolean;
  readonly allowUnknown: boolean;
}

function exitCodeFor(answer: PathAnswer, { any, allowUnknown }: Rules): ExitCode {
  const { verdict, branches, diagnostics } = answer;
  switch (verdict) {
    case 'allowed':
      return exitCodeOf({ diagnostics }, allowUnknown);
    case 'denied':
      return EXIT.care;
    case 'unknown':
      return exitCodeOf({ unknown: true, diagnostics }, allowUnknown);
    case 'mixed':
      return any && branches.some((branch) => branch.verdict === 'allowed')
        ? exitCodeOf({ diagnostics }, allowUnknown)
        : EXIT.care;
  }
}
