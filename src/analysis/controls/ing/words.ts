/** `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`. */
export function formatList(texts: readonly string[], most = 4): string {
  const shown = texts.length > most ? [...texts.slice(0, most), `${texts.length - most} more`] : texts;
  if (shown.length < 2) return shown[0] ?? '';
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
