/** Lines of a CSV file (RFC 4180), of which no field is taken for a formula. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  return `${rows.map((row) => row.map(csvText).join(',')).join('\n')}\n`;
}

function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
