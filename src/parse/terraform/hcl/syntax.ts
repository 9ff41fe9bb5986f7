import type { SourceText } from '../../text/node.ts';

/** Where a piece of configuration stands: offsets into its source's text. */
export interface Placed {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** What stands between the braces of a block, or in a whole file. */
export interface Body {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];
}

export interface Attribute extends Placed {
  readonly name: string;
  readonly value: Expression;
}

/** `resource "azurerm_subnet" "aks" { … }`: type, labels, body. */
export interface Block extends Placed {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
}

/** An expression as HCL 2 has them (hclsyntax/spec.md). A template of one interpolation alone is that expression. */
export type Expression =
  | LiteralExpression
  | TemplateExpression
  | NameExpression
  | TraversalExpression
  | CallExpression
  | UnaryExpression
  | BinaryExpression
  | ConditionalExpression
  | TupleExpression
  | ObjectExpression
  | ForExpression
  | ForTemplate;

export interface LiteralExpression extends Placed {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
}

/** Text made of parts, each turned into text. */
export interface TemplateExpression extends Placed {
  readonly kind: 'template';
  readonly parts: readonly Expression[];
}

/** The name with which a reference begins: `var`, `local`, `azurerm_subnet`, or a variable of a `for`. */
export interface NameExpression extends Placed {
  readonly kind: 'name';
  readonly name: string;
}

export interface TraversalExpression extends Placed {
  readonly kind: 'traversal';
  readonly root: Expression;
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'index'; readonly key: Expression }
  /** `.*` and `[*]`: what follows is asked of every item. */
  | { readonly kind: 'splat'; readonly steps: readonly Step[] };

export interface CallExpression extends Placed {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  /** `f(list...)`: the items of the last argument are arguments. */
  readonly spread: boolean;
}

export interface UnaryExpression extends Placed {
  readonly kind: 'unary';
  readonly operator: '-' | '!';
  readonly operand: Expression;
}

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface BinaryExpression extends Placed {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface ConditionalExpression extends Placed {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

export interface TupleExpression extends Placed {
  readonly kind: 'tuple';
  readonly items: readonly Expression[];
}

export interface ObjectItem {
  readonly key: Expression;
  readonly value: Expression;
}

export interface ObjectExpression extends Placed {
  readonly kind: 'object';
  readonly items: readonly ObjectItem[];
}

/** `[for k, v in c : value if condition]`, or with `key` `{for k, v in c : key => value... if condition}`. */
export interface ForExpression extends Placed {
  readonly kind: 'for';
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  /** `...` after the value: values of one key are gathered in a list. */
  readonly grouped: boolean;
}

/** `%{ for k, v in c }…%{ endfor }` */
export interface ForTemplate extends Placed {
  readonly kind: 'for-template';
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  readonly body: TemplateExpression;
}

export function textOf({ source, start, end }: Placed): string {
  return source.text.slice(start, end);
}
