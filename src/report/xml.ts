import { escapeControl } from '#base/escape.ts';

/**
 * Text for XML and HTML, in content and in quoted attributes alike. Control and bidirectional characters become visible
 * escapes first: XML 1.0 has no way to write most of them, and a name must not reorder what stands around it.
 */
export function xmlText(text: string): string {
  return escapeControl(text).replace(/[&<>"'\ufffe\uffff]/g, (found) => ENTITIES[found]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\ufffe': '\\u{fffe}',
  '\uffff': '\\u{ffff}',
};
