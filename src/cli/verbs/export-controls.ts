import type { ExportForm } from '#analysis/policy-export/export-forms.ts';
import { type ExportedPolicies, exportPolicies } from '#analysis/policy-export/export-policies.ts';
import { yamlText } from '#parse/text/print-yaml.ts';
import type { ControlsFlags } from '../commands/controls.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Refusal } from '../refusal.ts';
import { configurationOf } from '../settings.ts';

/** Policies on standard output, what cannot be said on standard error. No ids are all that can be said. */
export async function exportControls(
  context: CliContext,
  flags: ControlsFlags & { readonly export: ExportForm },
  ids: readonly string[],
): Promise<ExitCode> {
  const { out, err } = context.surroundings;
  if (flags.output !== undefined)
    throw new Refusal('--export has forms of its own', 'leave --output out: definitions of Azure Policy are JSON');
  const { controls } = await configurationOf(context, flags);
  const policies = exportPolicies(controls, { form: flags.export, ids });
  await out.write(flags.export === 'azure-policy' ? jsonOf(policies) : yamlOf(policies));
  if (flags.quiet !== true)
    for (const { control, why } of policies.refused) err.say(`${control} is not exported: ${why}\n`);
  return ids.length > 0 && policies.refused.length > 0 ? EXIT.care : EXIT.ok;
}

function* yamlOf({ exported }: ExportedPolicies): Generator<string> {
  for (const { objects } of exported)
    for (const object of objects) {
      yield '---\n';
      yield* yamlText(object);
    }
}

function jsonOf({ exported }: ExportedPolicies): readonly string[] {
  return [
    `${JSON.stringify(
      exported.flatMap(({ objects }) => objects),
      null,
      2,
    )}\n`,
  ];
}
