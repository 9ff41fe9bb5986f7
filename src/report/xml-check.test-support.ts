const VOID = new Set(['meta']);
const TOKEN =
  /<!DOCTYPE html>|<\?xml [^?]*\?>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|([^<]+)|(<)/gu;
const ENTITY = /&(?!(?:amp|lt|gt|quot|#\d+);)/;

/** What is not well-formed: an open or wrong end tag, a stray `<`, `&` or character. Styles and scripts are skipped. */
export function xmlFaults(text: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const code = /<(style|script)>[\s\S]*?<\/\1>/g;
  for (const token of text.replace(code, '').matchAll(TOKEN)) {
    const [whole, slash, name, attributes, selfClosed, content, stray] = token;
    if (stray !== undefined) faults.push(`stray < at ${token.index}`);
    if (ENTITY.test(attributes ?? content ?? '')) faults.push(`bad entity in ${whole.slice(0, 80)}`);
    if (name === undefined || selfClosed === '/' || VOID.has(name)) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) faults.push(`unexpected </${name}>`);
  }
  return [...faults, ...open.map((name) => `<${name}> is not closed`)];
}
