import { escapeControl } from '#base/escape.ts';
import { type AzureResource, azureKey } from '#model/azure/resource.ts';
import { CODES } from '#model/codes.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { Document, MapNode, SourceText } from '../text/node.ts';
import { originAt } from '../text/positions.ts';
import { readCaptured } from './captured.ts';
import { isAzureDocument } from './document-kind.ts';
import { readExport } from './export.ts';
import { parametersFor, parametersUnused } from './parameter-files.ts';
import type { DeploymentTarget } from './template/placement.ts';
import { readTemplate, type TemplateResult } from './template/read-template.ts';
import type { TemplateDocument } from './template/world.ts';

export interface AzureOptions extends DeploymentTarget {
  /** Files of parameters that the user names, before those that lie beside a template. */
  readonly parameterFiles?: readonly string[];
}

export interface AzureReading {
  readonly resources: readonly AzureResource[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The resources of all documents that are of Azure: templates with their parameters, exports, answers of Resource Graph.
 * Other documents are passed by. Pure; never throws; a document that cannot be read hides no other.
 */
export function readAzure(documents: Iterable<Document>, options: AzureOptions = {}): AzureReading {
  const sorted = sortedDocuments(documents);
  const diagnostics: Diagnostic[] = [];
  const resources: AzureResource[] = [];
  const templates = readTemplates(sorted, options);
  for (const result of templates.results) {
    for (const resource of result.resources) resources.push(resource);
    diagnostics.push(...result.diagnostics);
  }
  for (const { source, root } of sorted.captured) {
    const resource = readCaptured(root, source);
    if (resource !== undefined) resources.push(resource);
    else diagnostics.push(damaged(source, root));
  }
  for (const { document, kind } of sorted.exports) {
    const result = readExport(document, kind);
    for (const resource of result.resources) resources.push(resource);
    diagnostics.push(...result.diagnostics);
  }
  const merged = withoutDoubles(resources);
  return {
    resources: merged.resources,
    diagnostics: [...diagnostics, ...templates.diagnostics, ...merged.diagnostics],
  };
}

function damaged(source: SourceText, root: MapNode): Diagnostic {
  const message = 'a resource of a snapshot is damaged';
  const { severity, fix } = CODES.RF1001;
  return { code: 'RF1001', severity, message, help: fix, origin: originAt(source, root.start) };
}

interface Sorted {
  readonly templates: Map<string, TemplateDocument>;
  readonly parameters: Document[];
  readonly captured: TemplateDocument[];
  readonly exports: { readonly document: Document; readonly kind: 'export' | 'resource-graph' }[];
}

function sortedDocuments(documents: Iterable<Document>): Sorted {
  const sorted: Sorted = { templates: new Map(), parameters: [], captured: [], exports: [] };
  for (const document of documents) {
    const { source, root } = document;
    const kind = isAzureDocument(root);
    if (kind === 'template' && root.kind === 'map') sorted.templates.set(source.file, { source, root });
    else if (kind === 'captured' && root.kind === 'map') sorted.captured.push({ source, root });
    else if (kind === 'parameters') sorted.parameters.push(document);
    else if (kind === 'export' || kind === 'resource-graph') sorted.exports.push({ document, kind });
  }
  return sorted;
}

interface TemplateReading {
  readonly results: readonly TemplateResult[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Templates that others link to are deployed by those, with the parameters that those give, and not by themselves. */
function readTemplates({ templates, parameters }: Sorted, options: AzureOptions): TemplateReading {
  const used = new Set<string>();
  const results = new Map<string, TemplateResult>();
  const linked = new Set<string>();
  for (const document of templates.values()) {
    const { file } = document.source;
    const given = parametersFor(document, parameters, options.parameterFiles ?? []);
    for (const each of given.files) used.add(each);
    const alone = templates.size === 1;
    const result = readTemplate({ document, documents: templates, given: given.values, target: options, alone });
    results.set(file, result);
    for (const each of result.linked) if (each !== file) linked.add(each);
  }
  const roots = [...results].filter(([file]) => !linked.has(file));
  // Templates that link to one another in a circle have no root; then each is read by itself.
  const kept = roots.length === 0 ? [...results] : roots;
  return {
    results: kept.map(([, result]) => result),
    diagnostics: templates.size === 0 ? [] : parametersUnused(parameters, used),
  };
}

interface Merged {
  readonly resources: readonly AzureResource[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * One resource for each id. What was read live stands before what a template says; of two of a kind the later stands.
 * Those of which it is not certain that they are deployed are all kept: which one is, nobody can say.
 */
function withoutDoubles(resources: readonly AzureResource[]): Merged {
  const certain = new Map<string, AzureResource>();
  const diagnostics: Diagnostic[] = [];
  for (const resource of resources) {
    if (resource.condition !== undefined) continue;
    const key = azureKey(resource.id);
    const other = certain.get(key);
    const kept = other !== undefined && isLive(other) && !isLive(resource) ? other : resource;
    certain.set(key, kept);
    if (other !== undefined) diagnostics.push(twice(kept, kept === resource ? other : resource));
  }
  const out = resources.filter((resource) => {
    const other = certain.get(azureKey(resource.id));
    if (resource.condition === undefined) return other === resource;
    return other === undefined || !isLive(other);
  });
  return { resources: out, diagnostics: diagnostics.slice(0, MOST_TWICE) };
}

const MOST_TWICE = 100;

function isLive({ source }: AzureResource): boolean {
  return source === 'export' || source === 'resource-graph';
}

function twice(kept: AzureResource, left: AzureResource): Diagnostic {
  const { file, line } = kept.origin;
  const how =
    isLive(kept) && !isLive(left) ? 'was read from Azure, and that is used' : 'stands there too, and that is used';
  const message = `\`${escapeControl(left.type)}\` \`${escapeControl(left.name)}\` is given twice: \`${escapeControl(file)}:${line}\` ${how}`;
  const { severity, fix } = CODES.RF5103;
  return { code: 'RF5103', severity, message, help: fix, origin: left.origin };
}
