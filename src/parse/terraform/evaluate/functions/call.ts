import type { AzureUnsettled, AzureValue } from '#model/azure/value.ts';
import { failure, unsettled, unsettledPart } from '../../values.ts';
import { because, originOf, spend, tell } from '../run.ts';
import type { Builtin, Call, Table } from './builtin.ts';
import { COLLECTION_FUNCTIONS } from './collections.ts';
import { CONVERSION_FUNCTIONS } from './conversion.ts';
import { NETWORK_FUNCTIONS } from './network.ts';
import { NUMBER_FUNCTIONS } from './numbers.ts';
import { SPECIAL_FUNCTIONS } from './special.ts';
import { TEXT_FUNCTIONS } from './text.ts';

const FUNCTIONS: ReadonlyMap<string, Builtin> = new Map(
  [TEXT_FUNCTIONS, COLLECTION_FUNCTIONS, NUMBER_FUNCTIONS, NETWORK_FUNCTIONS, CONVERSION_FUNCTIONS].flatMap(
    (table: Table) => Object.entries(table),
  ),
);
const SPECIAL = new Map(Object.entries(SPECIAL_FUNCTIONS));

/** Functions that give another result each time: what they give is made when the plan is applied. */
const MADE_LATER = new Set(['bcrypt', 'plantimestamp', 'timestamp', 'uuid']);

/** The result of a call. A function that Ringfence does not have is said once. */
export function callFunction(call: Call): AzureValue {
  const { expression } = call;
  const name = expression.name.replace(/^core::/, '');
  const special = SPECIAL.get(name);
  if (special !== undefined) return special(call);
  const args = argumentsOf(call);
  if (!Array.isArray(args)) return args;
  const builtin = FUNCTIONS.get(name);
  if (builtin === undefined) return withoutFunction(call, name, args);
  const part = openArgument(builtin, args);
  if (part !== undefined) return because(part, expression);
  if (!spend(call.scope, sizeOf(args))) return unsettled(name, 'not-supported', originOf(expression));
  return builtin.apply(args, { origin: originOf(expression), call });
}

function argumentsOf({ expression, scope, evaluate }: Call): AzureValue[] | AzureValue {
  const args = expression.args.map((arg) => evaluate(arg, scope));
  if (!expression.spread) return args;
  const last = args.pop();
  if (last === undefined || last.kind === 'unsettled')
    return because(last ?? failure('no list', originOf(expression)), expression);
  return last.kind === 'list'
    ? [...args, ...last.items]
    : failure('... after something that is no list', originOf(expression));
}

function openArgument({ takes }: Builtin, args: readonly AzureValue[]): AzureUnsettled | undefined {
  if (takes === 'any') return undefined;
  const parts = args.map((arg) =>
    takes === 'settled' ? unsettledPart(arg) : arg.kind === 'unsettled' ? arg : undefined,
  );
  const open = parts.filter((part) => part !== undefined);
  return open.find((part) => part.why === 'secret') ?? open[0];
}

function withoutFunction({ expression, scope }: Call, name: string, args: readonly AzureValue[]): AzureValue {
  const origin = originOf(expression);
  const secret = args.map(unsettledPart).find((part) => part?.why === 'secret');
  if (secret !== undefined) return because(secret, expression);
  if (MADE_LATER.has(name)) return unsettled(`${name}()`, 'made-by-azure', origin);
  tell(scope.run, {
    code: 'RF5203',
    at: expression,
    message: `the function \`${name}\` is not evaluated; what it gives is unknown`,
  });
  return because(unsettled(name, 'not-supported', origin), expression);
}

function sizeOf(args: readonly AzureValue[]): number {
  let size = 1;
  for (const arg of args) {
    if (arg.kind === 'list') size += arg.items.length;
    else if (arg.kind === 'object') size += arg.entries.size;
    else if (arg.kind === 'scalar' && typeof arg.value === 'string') size += arg.value.length >>> 6;
  }
  return size;
}
