import type { AzureResource } from '#model/azure/resource.ts';
import type { AzureValue } from '#model/azure/value.ts';
import { readTerraform, type TerraformOptions, type TerraformResult } from './read-terraform.ts';

/** Configuration of one or more files; a text alone is `main.tf`. */
export function read(files: string | Readonly<Record<string, string>>, options?: TerraformOptions): TerraformResult {
  const named = typeof files === 'string' ? { 'main.tf': files } : files;
  const sources = Object.entries(named).map(([file, text]) => ({ file, text }));
  return readTerraform(sources, options);
}

/** A value as plain data; what is unsettled as `?why: expression`. */
export function plain(value: AzureValue | undefined): unknown {
  switch (value?.kind) {
    case undefined:
      return undefined;
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map(plain);
    case 'object':
      return Object.fromEntries([...value.entries].map(([key, item]) => [key, plain(item)]));
    case 'unsettled':
      return `?${value.why}: ${value.expression}`;
  }
}

/** The values of `locals`, as a resource of the type `azurerm_any` shows them. */
export function valueOf(expression: string, around: string | Readonly<Record<string, string>> = ''): unknown {
  const files = typeof around === 'string' ? { 'main.tf': around } : around;
  const result = read({ ...files, 'value.tf': `resource "azurerm_any" "any" {\n  value = ${expression}\n}\n` });
  const any = result.resources.find(({ type }) => type === 'terraform/azurerm_any');
  return plain(any?.body.entries.get('value'));
}

export function bodyOf(resource: AzureResource | undefined): unknown {
  return plain(resource?.body);
}

/** `{ id: body }`, the ids without subscription, group and provider. */
export function bodies({ resources }: TerraformResult): Record<string, unknown> {
  return Object.fromEntries(resources.map((resource) => [shortId(resource.id), plain(resource.body)]));
}

export function shortId(id: string): string {
  return id.replace(/^\/subscriptions\/[^/]*\/resourceGroups\/[^/]*\/providers\/Microsoft\.[A-Za-z]*\//, '');
}
