/** A text of JSON is one of YAML too (YAML 1.2, 1.3 Relation to JSON); lone surrogates and control characters are escaped. */
export function yamlText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
