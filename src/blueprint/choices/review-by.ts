/** The text of choices with the day by which accepted findings are looked at again. */
export function withReviewBy(text: string, day: string): string {
  const line = `reviewBy: ${day}`;
  if (LINE.test(text)) return text.replace(LINE, line);
  return `${text.endsWith('\n') || text === '' ? text : `${text}\n`}${line}\n`;
}

const LINE = /^reviewBy:.*$/m;
