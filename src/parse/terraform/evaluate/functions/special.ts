import type { AzureValue } from '#model/azure/value.ts';
import { isProblem, readTemplate } from '../../hcl/read-hcl.ts';
import { failure, isFailure, object, scalar, textValue, unsettled } from '../../values.ts';
import { resolvePath } from '../paths.ts';
import { because, originOf, type Scope } from '../run.ts';
import type { Call } from './builtin.ts';

/** Functions that look at expressions and not only at values, or at the files of the input. */
export const SPECIAL_FUNCTIONS: Readonly<Record<string, (call: Call) => AzureValue>> = {
  try: (call) => {
    for (const arg of call.expression.args) {
      const value = call.evaluate(arg, call.scope);
      if (!isFailure(value)) return value;
    }
    return failure('try without a result', originOf(call.expression));
  },
  can: (call) => {
    const [arg] = call.expression.args;
    if (arg === undefined) return failure('can of nothing', originOf(call.expression));
    const value = call.evaluate(arg, call.scope);
    if (value.kind === 'unsettled' && !isFailure(value)) return because(value, call.expression);
    return scalar(!isFailure(value), originOf(call.expression));
  },
  file: (call) => withFile(call, (text) => scalar(text, originOf(call.expression))),
  filebase64: (call) => unsettled(nameOf(call), 'not-supported', originOf(call.expression)),
  fileexists: (call) => withFile(call, () => scalar(true, originOf(call.expression))),
  templatefile: (call) => withFile(call, (text, file) => rendered(call, { file, text })),
};

/** A file that is not in the input may exist: what it says is not known. */
function withFile(call: Call, use: (text: string, file: string) => AzureValue): AzureValue {
  const [arg] = call.expression.args;
  const path = arg && call.evaluate(arg, call.scope);
  if (path?.kind === 'unsettled') return because(path, call.expression);
  const written = textValue(path);
  const origin = originOf(call.expression);
  if (written === undefined) return failure('a path that is no text', origin);
  const { run, rootFolder } = call.scope;
  const source = run.files.get(resolvePath(rootFolder, written)) ?? run.files.get(resolvePath('', written));
  if (source === undefined) return unsettled(`${nameOf(call)}("${written}")`, 'not-readable', origin);
  return use(source.text, source.file);
}

function nameOf({ expression }: Call): string {
  return expression.name;
}

function rendered(call: Call, source: { readonly file: string; readonly text: string }): AzureValue {
  const template = readTemplate(source);
  const origin = originOf(call.expression);
  if (isProblem(template)) return failure(`a template that cannot be read: ${source.file}`, origin);
  const [, given] = call.expression.args;
  const values = given === undefined ? object(new Map(), origin) : call.evaluate(given, call.scope);
  if (values.kind === 'unsettled') return because(values, call.expression);
  if (values.kind !== 'object') return failure('variables of a template that are no object', origin);
  const inner: Scope = { ...call.scope, names: values.entries, lookUp: () => undefined };
  return call.evaluate(template, inner);
}
