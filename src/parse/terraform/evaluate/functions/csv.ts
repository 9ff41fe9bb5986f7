/** The rows of a table after its header (RFC 4180), as `csvdecode` gives them; undefined where a row has another length. */
export function csvRows(text: string): Record<string, string>[] | undefined {
  const [header, ...rows] = recordsOf(text);
  if (header === undefined) return [];
  const out: Record<string, string>[] = [];
  for (const row of rows) {
    if (row.length !== header.length) return undefined;
    out.push(Object.fromEntries(header.map((name, index) => [name, row[index]!])));
  }
  return out;
}

const FIELD = /(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r?\n|$)/y;

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const match = FIELD.exec(text);
    if (match === null) return [];
    record.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    // Blank lines are no rows.
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  if (record.length > 0) records.push(record);
  return records;
}
