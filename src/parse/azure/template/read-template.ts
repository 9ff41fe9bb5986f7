import type { AzureResource } from '#model/azure/resource.ts';
import type { AzureUnsettled } from '#model/azure/value.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { shownText, splitText } from '../expression/text.ts';
import { isOpen, object } from '../expression/values.ts';
import { apiVersionOf, type Instance } from './instance.ts';
import { originOf, stringOf } from './nodes.ts';
import type { Given } from './parameters.ts';
import { type DeploymentTarget, rootPlacement } from './placement.ts';
import { settledBody } from './settle.ts';
import { Template } from './template.ts';
import { type TemplateDocument, World } from './world.ts';

export interface TemplateInput {
  readonly document: TemplateDocument;
  /** All templates of the input, by file, for those that link to others. */
  readonly documents: ReadonlyMap<string, TemplateDocument>;
  /** The values of a file of parameters, by name in lower case. */
  readonly given: ReadonlyMap<string, Given>;
  readonly target: DeploymentTarget;
  /** Whether it is the only template of the input that nobody links to. */
  readonly alone: boolean;
}

export interface TemplateResult {
  readonly resources: readonly AzureResource[];
  readonly diagnostics: readonly Diagnostic[];
  /** The files that it linked to. */
  readonly linked: ReadonlySet<string>;
  /** Steps that the evaluation took: what it costs, whatever the machine. */
  readonly steps: number;
}

/** What a template deploys, with all that it deploys in turn. Pure and bounded; never throws. */
export function readTemplate({ document, documents, given, target, alone }: TemplateInput): TemplateResult {
  const { source, root } = document;
  const origin = originOf(source, root);
  const world = new World(documents, (facts) => new Template(facts));
  const template = new Template({
    world,
    source,
    root,
    name: [{ token: alone ? 'deployment().name' : `deployment().name of ${source.file}` }],
    placement: rootPlacement(stringOf(root, '$schema') ?? '', target, origin),
    given: (name) => given.get(name),
    home: alone ? '' : source.file,
    levels: 0,
  });
  gather(template, world);
  world.complete();
  const resources = world.instances.filter(isDeployed).map(resourceOf);
  reportMissing(template);
  return { resources, diagnostics: world.problems, linked: world.linked, steps: world.meter.spent };
}

/** Goes through the templates in the order in which they are written. What is surely not deployed is left out. */
function gather(template: Template, world: World): void {
  for (const instance of template.instances) {
    if (instance.condition.kind === 'scalar' && instance.condition.value === false) continue;
    world.instances.push(instance);
    if (instance.isDeployment && !instance.existing && instance.deployed !== undefined)
      gather(instance.deployed, world);
  }
}

function isDeployed(instance: Instance): boolean {
  return !instance.existing && !instance.isDeployment;
}

function resourceOf(instance: Instance): AzureResource {
  const apiVersion = apiVersionOf(instance);
  const condition = conditionOf(instance);
  const name = shownText(splitText(instance.nameText, ['/']).at(-1) ?? []);
  return {
    id: shownText(instance.id),
    type: instance.type,
    name,
    ...(apiVersion === undefined ? {} : { apiVersion }),
    body: settledBody(object(instance.fields(), instance.origin), instance.type, name),
    ...(condition === undefined ? {} : { condition }),
    source: 'template',
    origin: instance.origin,
  };
}

function conditionOf({ condition }: Instance): AzureUnsettled | undefined {
  if (!isOpen(condition)) return undefined;
  const { expression, why, origin } = condition;
  return { kind: 'unsettled', expression, why, origin };
}

function reportMissing(template: Template): void {
  const { missing, facts } = template;
  if (missing.length === 0) return;
  const listed = missing.slice(0, MOST_LISTED).map((name) => `\`${name}\``);
  const more = missing.length > MOST_LISTED ? ` and ${missing.length - MOST_LISTED} more` : '';
  const count = missing.length === 1 ? 'a parameter has no value' : `${missing.length} parameters have no value`;
  const origin = originOf(facts.source, facts.root);
  facts.world.report({ code: 'RF5106', message: `${count}: ${listed.join(', ')}${more}`, origin });
}

const MOST_LISTED = 8;
