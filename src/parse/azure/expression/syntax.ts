/**
 * The expression language of ARM templates: what stands between the brackets of `"[…]"`. Offsets are into the
 * expression's text, without the brackets.
 */
export type Expression = TextLiteral | NumberLiteral | CallExpression | AccessExpression;

export interface TextLiteral {
  readonly kind: 'text';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

export interface CallExpression {
  readonly kind: 'call';
  /** Lower case, with the namespace of functions that the template defines: `contoso.prefix`. */
  readonly name: string;
  readonly args: readonly Expression[];
  readonly start: number;
  readonly end: number;
}

/** `target.a[0].b`: all steps in one node, so that a long chain is not a deep tree. */
export interface AccessExpression {
  readonly kind: 'access';
  readonly target: Expression;
  readonly steps: readonly Step[];
  readonly start: number;
  readonly end: number;
}

export interface Step {
  readonly key: string | Expression;
  /** `.?` and `[?`: null where there is nothing. */
  readonly safe: boolean;
  readonly end: number;
}

/** What is wrong with an expression, and where. */
export interface ExpressionFault {
  readonly message: string;
  readonly at: number;
}

export type Parsed = { readonly expression: Expression } | { readonly fault: ExpressionFault };

/** The expression that a text is, without its brackets; undefined for plain text. */
export function expressionIn(text: string): string | undefined {
  return text.length > 1 && text.startsWith('[') && text.endsWith(']') && text[1] !== '['
    ? text.slice(1, -1)
    : undefined;
}

/** `[[text]` is the text `[text]` ("Escape characters" of the template syntax). */
export function unescaped(text: string): string {
  return text.startsWith('[[') && text.endsWith(']') ? text.slice(1) : text;
}
