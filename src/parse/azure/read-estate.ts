import type { AddressRange } from '#base/address.ts';
import type { AzureEstate } from '#model/azure/estate.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { readTerraform, type TerraformOptions } from '../terraform/read-terraform.ts';
import type { Document, SourceText } from '../text/node.ts';
import { readDocuments } from '../text/read-documents.ts';
import { estateOf } from './decode/estate.ts';
import { type AzureOptions, readAzure } from './read-azure.ts';
import { serviceTagsOf } from './service-tags.ts';

export interface EstateReading {
  readonly estate: AzureEstate;
  readonly diagnostics: readonly Diagnostic[];
}

export interface EstateOptions extends AzureOptions, TerraformOptions {}

/**
 * Cloud documents of every form to one estate: templates, exports, Resource Graph, Terraform, service tags. Where several
 * speak of one resource, what was read of the running cloud counts before what a template or Terraform says.
 */
export function readEstate(files: readonly SourceText[], options: EstateOptions = {}): EstateReading {
  const documents: Document[] = [];
  const diagnostics: Diagnostic[] = [];
  let serviceTags: ReadonlyMap<string, readonly AddressRange[]> = new Map();
  for (const file of files.filter(({ file: name }) => !isTerraformName(name))) {
    const read = readDocuments(file);
    diagnostics.push(...read.diagnostics);
    for (const document of read.documents) {
      const tags = serviceTagsOf(document.root);
      if (tags === undefined) documents.push(document);
      else serviceTags = new Map([...serviceTags, ...tags]);
    }
  }
  const terraform = readTerraform(files, options);
  const azure = readAzure(documents, options);
  const estate = estateOf([...terraform.resources, ...azure.resources]);
  return {
    estate: { ...estate, serviceTags },
    diagnostics: [...diagnostics, ...azure.diagnostics, ...terraform.diagnostics],
  };
}

function isTerraformName(name: string): boolean {
  return /\.(?:tf|tfvars|tf\.json|tfvars\.json)(?:\.gz)?$/i.test(name);
}
