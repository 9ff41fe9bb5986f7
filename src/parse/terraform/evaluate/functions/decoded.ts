import type { AzureValue } from '#model/azure/value.ts';
import type { Origin } from '#model/origin.ts';
import type { Node } from '../../../text/node.ts';
import { readDocuments } from '../../../text/read-documents.ts';
import { failure, list, object, scalar, unsettled } from '../../values.ts';

/** What `jsondecode` gives. */
export function decodedJson(text: string, origin: Origin): AzureValue {
  const { documents, diagnostics } = readDocuments({ file: 'value.json', text });
  const [only] = documents;
  if (only === undefined || documents.length > 1 || diagnostics.length > 0)
    return failure('jsondecode of no JSON', origin);
  return valueOfNode(only.root, origin);
}

/** What `yamldecode` gives. Where YAML 1.1 and 1.2 read a value differently it is not supported. */
export function decodedYaml(text: string, origin: Origin): AzureValue {
  const { documents, diagnostics } = readDocuments({ file: 'value.yaml', text });
  const [only] = documents;
  if (documents.length > 1 || diagnostics.some(({ severity }) => severity === 'error'))
    return failure('yamldecode of no YAML', origin);
  if (diagnostics.length > 0) return unsettled('yamldecode(…)', 'not-supported', origin);
  return only === undefined ? scalar(null, origin) : valueOfNode(only.root, origin);
}

function valueOfNode(node: Node, origin: Origin): AzureValue {
  switch (node.kind) {
    case 'scalar':
      return scalar(node.value, origin);
    case 'seq':
      return list(
        node.items.map((item) => valueOfNode(item, origin)),
        origin,
      );
    case 'map':
      return object(new Map(node.entries.map(({ key, value }) => [key, valueOfNode(value, origin)])), origin);
  }
}
