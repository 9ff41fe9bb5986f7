import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { MapNode, SourceText } from '../../text/node.ts';
import { Meter } from '../expression/meter.ts';
import type { Fault } from '../expression/scope.ts';
import { MAX_PROBLEMS, MAX_RESOURCES } from '../limits.ts';
import type { Instance } from './instance.ts';
import { fileOf } from './linked-file.ts';
import type { Template, TemplateFacts } from './template.ts';

/** One template document of the input. */
export interface TemplateDocument {
  readonly source: SourceText;
  readonly root: MapNode;
}

/** What the evaluation of one template shares with that of all templates that it deploys. */
export class World {
  readonly meter = new Meter();
  /** The files that templates of this world linked to. */
  readonly linked = new Set<string>();
  /** All resources, once all templates have been gone through. */
  readonly instances: Instance[] = [];
  /** Makes the template that a deployment deploys. Given, so that resources need not know what templates are. */
  readonly templateOf: (facts: TemplateFacts) => Template;
  readonly #documents: ReadonlyMap<string, TemplateDocument>;
  readonly #problems = new Map<string, Diagnostic>();
  #byId: ReadonlyMap<string, Instance> | undefined;
  #resources = 0;

  constructor(documents: ReadonlyMap<string, TemplateDocument>, templateOf: (facts: TemplateFacts) => Template) {
    this.#documents = documents;
    this.templateOf = templateOf;
  }

  report({ code, message, origin, help }: Fault): void {
    const key = `${code} ${origin.file}:${origin.line}:${origin.column} ${message}`;
    if (this.#problems.size >= MAX_PROBLEMS || this.#problems.has(key)) return;
    const { severity, fix } = CODES[code];
    this.#problems.set(key, { code, severity, message, help: help ?? fix, origin });
  }

  get problems(): readonly Diagnostic[] {
    return [...this.#problems.values()];
  }

  /** Counts a resource; false past the limit. */
  take(): boolean {
    this.#resources++;
    return this.#resources <= MAX_RESOURCES;
  }

  documentAt(from: string, address: string): TemplateDocument | undefined {
    const file = fileOf(address, from, this.#documents.keys());
    if (file === undefined) return undefined;
    this.linked.add(file);
    return this.#documents.get(file);
  }

  /** From here on, resources are found in all templates, and no longer only in the one that asks. */
  complete(): void {
    const byId = new Map<string, Instance>();
    for (const instance of this.instances) if (!instance.existing) byId.set(instance.idKey, instance);
    this.#byId = byId;
  }

  instanceOf(idKey: string): Instance | undefined {
    return this.#byId?.get(idKey);
  }
}
