import { azureKey } from '#model/azure/resource.ts';
import type { Origin } from '#model/origin.ts';
import type { MapNode } from '../../text/node.ts';
import { resourceIdText } from '../expression/resource-id.ts';
import type { Loop } from '../expression/scope.ts';
import { joined, literalHead, shownText, splitText, textOf } from '../expression/text.ts';
import {
  Entries,
  isOpen,
  type ObjectValue,
  type Open,
  object,
  open,
  record,
  scalar,
  type Text,
  type Value,
} from '../expression/values.ts';
import { deployedTemplate, deploymentPlacement, movedPlacement } from './deployment.ts';
import { documentValue, type Place } from './document-value.ts';
import { Lazy } from './lazy.ts';
import { fieldOf, originOf, stringOf } from './nodes.ts';
import { prefixText } from './placement.ts';
import type { Template } from './template.ts';

export interface InstanceFacts {
  readonly template: Template;
  readonly node: MapNode;
  /** As it is written: of a child, what stands behind the type of its parent. */
  readonly type: string;
  readonly symbol: string | undefined;
  readonly parent: Instance | undefined;
  readonly loops: readonly Loop[];
  readonly rounds?: Value;
}

/** One resource of a template, in one round of its loop. */
export class Instance {
  readonly facts: InstanceFacts;
  readonly place: Place;
  readonly type: string;
  readonly #name: Lazy<Text>;
  readonly #id: Lazy<Text>;
  readonly #idKey: Lazy<string>;
  readonly #condition: Lazy<Value>;
  readonly #properties: Lazy<Value>;
  readonly #deployed: Lazy<Template | undefined>;

  constructor(facts: InstanceFacts) {
    this.facts = facts;
    const { template, loops } = facts;
    this.place = { ...template.place, loops };
    this.type = this.#isPart ? `${facts.parent!.type}/${facts.type}` : facts.type;
    this.#name = new Lazy(
      () => this.#readName(),
      () => [{ token: `name of ${this.type}` }],
    );
    this.#id = new Lazy(
      () => this.#readId(),
      () => [{ token: `id of ${this.type}` }],
    );
    this.#idKey = new Lazy(
      () => azureKey(shownText(this.id)),
      () => '',
    );
    this.#condition = new Lazy(
      () => this.#readCondition(),
      () => this.#unsettled('condition'),
    );
    this.#properties = new Lazy(
      () => this.#readProperties(),
      () => this.#unsettled('properties'),
    );
    this.#deployed = new Lazy(
      () => deployedTemplate(this),
      () => undefined,
    );
  }

  get origin(): Origin {
    return originOf(this.facts.template.facts.source, this.facts.node);
  }

  get symbol(): string | undefined {
    return this.facts.symbol;
  }

  get loops(): readonly Loop[] {
    return this.facts.loops;
  }

  /** With the names of its parents: `hub/aks`. */
  get nameText(): Text {
    return this.#name.get();
  }

  get id(): Text {
    return this.#id.get();
  }

  get idKey(): string {
    return this.#idKey.get();
  }

  /** Whether its name or id is being worked out at this moment. */
  get isBusy(): boolean {
    return this.#name.busy || this.#id.busy;
  }

  /** Whether the template only refers to it. */
  get existing(): boolean {
    const existing = fieldOf(this.facts.node, 'existing');
    return existing?.kind === 'scalar' && existing.value === true;
  }

  get isDeployment(): boolean {
    return azureKey(this.type) === 'microsoft.resources/deployments';
  }

  /** True, false, or unsettled: whether it is deployed. */
  get condition(): Value {
    return this.#condition.get();
  }

  get properties(): Value {
    return this.#properties.get();
  }

  /** Of a deployment, the template that it deploys where that is in the input. */
  get deployed(): Template | undefined {
    return this.#deployed.get();
  }

  /** What `reference` of it gives: what the template says, and beyond that what only Azure knows. */
  referenced(full: boolean): Value {
    if (this.isDeployment) return full ? record({ properties: this.#results() }, this.origin) : this.#results();
    const unlisted = this.#unsettled('properties');
    if (!full) return opened(this.existing ? unlisted : this.properties, unlisted);
    const whole = object(this.fields(), this.origin);
    return { ...whole, unlisted: this.#unsettled('all') };
  }

  /** The resource as it is sent to Azure, without what only templates have. */
  fields(): ReadonlyMap<string, Value> {
    const fields = new Entries<Value>();
    fields.set('id', this.#shown(this.id));
    fields.set('name', this.#shown(lastName(this.nameText)));
    fields.set('type', scalar(this.type, this.origin));
    for (const { key, value } of this.facts.node.entries) {
      const lower = key.toLowerCase();
      if (lower === 'properties') fields.set(key, this.properties);
      else if (!TEMPLATE_ONLY.has(lower)) fields.set(key, documentValue(value, this.place));
    }
    return fields.map;
  }

  /** A text of which the holes are shown: ids and names are compared and not computed with. */
  #shown(text: Text): Value {
    return scalar(shownText(text), this.origin);
  }

  get #isPart(): boolean {
    const { parent, type } = this.facts;
    return parent !== undefined && !type.split('/')[0]!.includes('.');
  }

  #readName(): Text {
    const { node, parent } = this.facts;
    const name = fieldOf(node, 'name');
    const own = name === undefined ? [] : (textOf(documentValue(name, this.place)) ?? []);
    return this.#isPart && parent !== undefined ? joined([parent.nameText, ['/'], own]) : own;
  }

  #readId(): Text {
    const prefix = this.#prefix();
    const id = resourceIdText(prefix, this.type, splitText(this.nameText, ['/']));
    if (id !== undefined) return id;
    const whole = joined([prefix, [`/providers/${this.type}/`], this.nameText]);
    // A hole may hold the slash that is missing.
    if (this.nameText.some((part) => typeof part !== 'string')) return whole;
    this.facts.template.facts.world.report({
      code: 'RF5108',
      message: `the name \`${shownText(this.nameText)}\` does not fit the type \`${this.type}\`: it needs ${this.type.split('/').length - 1} parts`,
      origin: this.origin,
    });
    return whole;
  }

  #prefix(): Text {
    const { node, parent, type } = this.facts;
    // Existing resources name their group as deployments do.
    const here = prefixText(this.isDeployment ? deploymentPlacement(this) : movedPlacement(this));
    if (this.isDeployment) return here;
    const scope = fieldOf(node, 'scope');
    const text = scope === undefined ? undefined : textOf(documentValue(scope, this.place));
    if (text !== undefined) {
      const head = literalHead(text);
      if (head === '/' && text.length === 1) return [];
      return head === '' || head.startsWith('/') ? text : joined([here, ['/providers/'], text]);
    }
    // A child with a type of its own stands on its parent.
    const stands = parent !== undefined && !this.#isPart && !azureKey(type).startsWith(`${azureKey(parent.type)}/`);
    return stands ? parent.id : here;
  }

  #readCondition(): Value {
    const { node, parent, rounds, template } = this.facts;
    const condition = fieldOf(node, 'condition');
    const own = condition === undefined ? TRUE : documentValue(condition, this.place);
    const all = [own, parent?.condition, rounds, template.facts.condition].filter((each) => each !== undefined);
    const no = all.find((each) => each.kind === 'scalar' && (each.value === false || each.value === 'false'));
    return no ?? all.find(isOpen) ?? TRUE;
  }

  #readProperties(): Value {
    const properties = fieldOf(this.facts.node, 'properties');
    return properties === undefined ? object(new Map(), this.origin) : documentValue(properties, this.place);
  }

  /** What `reference` of a deployment gives. */
  #results(): Value {
    const template = this.deployed;
    const state = { provisioningState: scalar('Succeeded', this.origin) };
    if (template !== undefined)
      return {
        ...record({ ...state, outputs: template.outputs }, this.origin),
        unlisted: this.#unsettled('properties'),
      };
    return { ...record(state, this.origin), unlisted: this.#unsettled('outputs', 'not-readable') };
  }

  #unsettled(what: string, why: 'made-by-azure' | 'not-readable' = 'made-by-azure'): Open {
    const name = shownText(this.nameText);
    return open({
      expression: `reference('${name}')`,
      why,
      origin: this.origin,
      token: `reference(${shownText(this.id)}).${what}`,
    });
  }
}

const TRUE: Value = scalar(true, { file: '', line: 0, column: 0 });

/** Keys of a resource in a template that say how to deploy it, and not what it is. */
const TEMPLATE_ONLY = new Set([
  ...['id', 'name', 'type', 'apiversion', 'condition', 'dependson', 'copy', 'comments', 'resources', 'existing'],
  ...['scope', 'metadata', 'resourcegroup', 'subscriptionid', 'import', 'extension', 'asserts', '@options'],
]);

function opened(value: Value, unlisted: Open): Value {
  if (value.kind !== 'object') return value;
  const whole: ObjectValue = value;
  return whole.unlisted === undefined ? { ...whole, unlisted } : whole;
}

function lastName(name: Text): Text {
  return splitText(name, ['/']).at(-1) ?? name;
}

/** The version that a resource of a template is written in. */
export function apiVersionOf({ facts }: Instance): string | undefined {
  return stringOf(facts.node, 'apiversion');
}
