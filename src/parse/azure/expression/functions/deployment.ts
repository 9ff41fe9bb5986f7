import { escapeControl } from '#base/escape.ts';
import type { BuiltinTable, FormTable } from '../builtin.ts';
import { ENVIRONMENT } from '../environment.ts';
import { literalOf } from '../literal.ts';
import { derived, faulty, unknown } from '../results.ts';
import type { Call } from '../scope.ts';
import type { Expression } from '../syntax.ts';
import { isNumber, isOpen, isText, open, record, scalar, type Value } from '../values.ts';

/** "Deployment functions" and "Scope functions for ARM templates", those without arguments. */
export const DEPLOYMENT_FUNCTIONS: BuiltinTable = {
  deployment: { least: 0, most: 0, run: (_args, { frame }) => frame.scope.deployment(frame.origin) },
  resourcegroup: { least: 0, most: 0, run: (_args, { frame }) => frame.scope.resourceGroup(frame.origin) },
  subscription: { least: 0, most: 0, run: (_args, { frame }) => frame.scope.subscription(frame.origin) },
  tenant: { least: 0, most: 0, run: (_args, { frame }) => frame.scope.tenant(frame.origin) },
  managementgroup: { least: 0, most: 0, run: (_args, { frame }) => frame.scope.managementGroup(frame.origin) },
  environment: { least: 0, most: 0, run: (_args, { frame }) => literalOf(ENVIRONMENT, frame.origin) },
  deployer: { least: 0, most: 0, run: deployer },
  fail: {
    least: 1,
    most: 1,
    run: (_args, call) => faulty(call.expression, call.frame, 'the template itself says `fail`'),
  },
};

/** Those that look names up: their arguments are names first. */
export const DEPLOYMENT_FORMS: FormTable = {
  parameters: { least: 1, most: 1, run: (args, call) => named(args, call, 'parameter') },
  variables: { least: 1, most: 1, run: (args, call) => named(args, call, 'variable') },
  copyindex: { least: 0, most: 2, run: copyIndex },
};

function named(args: readonly Expression[], call: Call, kind: 'parameter' | 'variable'): Value {
  const name = args[0] === undefined ? undefined : call.evaluate(args[0], call.frame);
  if (name === undefined || isOpen(name)) return derived(call, name === undefined ? [] : [name]);
  if (!isText(name)) return faulty(call.expression, call.frame, `a ${kind} is named by text`);
  const value = call.frame.scope[kind](name.value);
  return value ?? faulty(call.expression, call.frame, `the template has no ${kind} \`${escapeControl(name.value)}\``);
}

/** `copyIndex()`, `copyIndex(1)`, `copyIndex('loop')` and `copyIndex('loop', 1)`. */
function copyIndex(args: readonly Expression[], call: Call): Value {
  const values = args.map((arg) => call.evaluate(arg, call.frame));
  const name = values.find(isText)?.value.toLowerCase();
  const offset = values.find(isNumber)?.value ?? 0;
  const { loops } = call.frame;
  const loop =
    name === undefined
      ? (loops.findLast((each) => each.kind === 'resource') ?? loops.at(-1))
      : loops.findLast((each) => each.name.toLowerCase() === name);
  if (loop === undefined) return faulty(call.expression, call.frame, 'there is no loop of this name here');
  if (loop.index === undefined) return unknown(call, values, 'not-given');
  return scalar(loop.index + offset, call.frame.origin);
}

function deployer(args: readonly Value[], call: Call): Value {
  const value = unknown(call, args, 'not-given');
  const part = (name: string): Value =>
    open({ expression: `deployer().${name}`, why: 'not-given', origin: value.origin });
  return record({ tenantId: part('tenantId'), objectId: part('objectId') }, value.origin);
}
