// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of HCL look like those of JavaScript
import { describe, expect, test } from 'vitest';
import { valueOf } from '../../terraform.test-support.ts';

describe('text', () => {
  test.each([
    ['format("%s-%03d", "a", 7)', 'a-007'],
    ['format("%5.1f|%-4s|%+d", 3.14159, "ab", 2)', '  3.1|ab  |+2'],
    ['format("%v %v %v", 1, true, ["a"])', '1 true ["a"]'],
    ['format("%[2]s %[1]s", "a", "b")', 'b a'],
    ['format("%q %x %X %b %%", "a", 255, 255, 5)', '"a" ff FF 101 %'],
    ['formatlist("%s.%s", ["a", "b"], "x")', ['a.x', 'b.x']],
    ['join("-", ["a", "b"], ["c"])', 'a-b-c'],
    ['split(",", "a,b,,c")', ['a', 'b', '', 'c']],
    ['lower("ABC")', 'abc'],
    ['sha1("abc")', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['uuidv5("dns", "www.example.com")', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
    ['uuidv5("6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "www.example.com")', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
    ['upper("abc")', 'ABC'],
    ['title("hello world")', 'Hello World'],
    ['replace("1 + 2 + 3", "+", "-")', '1 - 2 - 3'],
    ['replace("hello world", "/w.*d/", "everybody")', 'hello everybody'],
    ['replace("a1b22", "/([a-z])([0-9]+)/", "$2$1")', '1a22b'],
    ['regex("[a-z]+", "53453453.345345aaabbbccc23454")', 'aaabbbccc'],
    ['regex("(\\\\d\\\\d)-(\\\\d\\\\d)", "12-34")', ['12', '34']],
    ['regex("(?P<a>\\\\d)-(?P<b>\\\\d)", "1-2")', { a: '1', b: '2' }],
    ['regexall("[a-z]", "a1b2")', ['a', 'b']],
    ['can(regex("^x", "abc"))', false],
    ['substr("hello world", 1, 4)', 'ello'],
    ['substr("hello", -2, -1)', 'lo'],
    ['trim("?!hello?!", "!?")', 'hello'],
    ['trimprefix("helloworld", "hello")', 'world'],
    ['trimsuffix("helloworld", "world")', 'hello'],
    ['trimspace("  a\\n")', 'a'],
    ['chomp("a\\n\\n")', 'a'],
    ['indent(2, "a\\nb")', 'a\n  b'],
    ['strrev("abc")', 'cba'],
    ['startswith("hello", "he")', true],
    ['endswith("hello", "he")', false],
    ['strcontains("hello", "ell")', true],
  ])('%s', (expression, expected) => {
    expect(valueOf(expression)).toEqual(expected);
  });
});

describe('collections', () => {
  test.each([
    ['concat(["a"], [], ["b", "c"])', ['a', 'b', 'c']],
    ['merge({ a = 1 }, null, { b = 2, a = 3 })', { a: 3, b: 2 }],
    ['merge([{ a = 1 }, { b = 2 }]...)', { a: 1, b: 2 }],
    ['lookup({ a = "x" }, "a", "y")', 'x'],
    ['lookup({ a = "x" }, "b", "y")', 'y'],
    ['element(["a", "b", "c"], 4)', 'b'],
    ['length([1, 2])', 2],
    ['length({ a = 1 })', 1],
    ['length("héllo")', 5],
    ['flatten([["a", ["b"]], [], "c"])', ['a', 'b', 'c']],
    ['toset(["b", "a", "b"])', ['a', 'b']],
    ['tolist(["b", "a"])', ['b', 'a']],
    ['tomap({ a = 1 })', { a: 1 }],
    ['keys({ b = 1, a = 2 })', ['a', 'b']],
    ['values({ b = 1, a = 2 })', [2, 1]],
    ['contains(["a", "b"], "b")', true],
    ['distinct(["a", "b", "a"])', ['a', 'b']],
    ['compact(["a", "", null, "b"])', ['a', 'b']],
    ['coalesce(null, "", "b")', 'b'],
    ['coalescelist([], ["a"])', ['a']],
    ['zipmap(["a", "b"], [1, 2])', { a: 1, b: 2 }],
    ['setunion(["a"], ["b", "a"])', ['a', 'b']],
    ['setintersection(["a", "b"], ["b", "c"])', ['b']],
    ['setsubtract(["a", "b"], ["b"])', ['a']],
    [
      'setproduct(["a", "b"], ["c"])',
      [
        ['a', 'c'],
        ['b', 'c'],
      ],
    ],
    ['one([])', null],
    ['one(["a"])', 'a'],
    ['sort(["b", "a"])', ['a', 'b']],
    ['reverse([1, 2])', [2, 1]],
    ['slice(["a", "b", "c"], 1, 3)', ['b', 'c']],
    ['index(["a", "b"], "b")', 1],
    ['chunklist([1, 2, 3], 2)', [[1, 2], [3]]],
    ['alltrue([true, "true"])', true],
    ['alltrue([])', true],
    ['anytrue([false])', false],
    ['matchkeys(["i", "j"], ["x", "y"], ["y"])', ['j']],
    ['transpose({ a = ["1", "2"], b = ["2"] })', { '1': ['a'], '2': ['a', 'b'] }],
    ['try({ a = 1 }.b, "no")', 'no'],
    ['try(tostring(1), "no")', '1'],
    ['can({ a = 1 }.a)', true],
  ])('%s', (expression, expected) => {
    expect(valueOf(expression)).toEqual(expected);
  });
});

describe('numbers, addresses, encodings', () => {
  test.each([
    ['abs(-2)', 2],
    ['ceil(1.1)', 2],
    ['floor(-1.1)', -2],
    ['max(1, 3, 2)', 3],
    ['min([1, 3]...)', 1],
    ['pow(2, 3)', 8],
    ['parseint("ff", 16)', 255],
    ['range(3)', [0, 1, 2]],
    ['range(1, 4)', [1, 2, 3]],
    ['range(4, 1)', [4, 3, 2]],
    ['range(0, 10, 5)', [0, 5]],
    ['sum([1, 2.5])', 3.5],
    ['cidrsubnet("172.16.0.0/12", 4, 2)', '172.18.0.0/16'],
    ['cidrsubnet("10.1.2.0/24", 4, 15)', '10.1.2.240/28'],
    ['cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)', 'fd00:fd12:3456:7800:a200::/72'],
    ['cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)', ['10.1.0.0/20', '10.1.16.0/20', '10.1.32.0/24', '10.1.48.0/20']],
    ['cidrhost("10.12.112.0/20", 16)', '10.12.112.16'],
    ['cidrhost("10.12.112.0/20", -1)', '10.12.127.255'],
    ['cidrnetmask("172.16.0.0/12")', '255.240.0.0'],
    ['tostring(1.5)', '1.5'],
    ['tonumber("15")', 15],
    ['tobool("true")', true],
    ['jsonencode({ b = [1, null], a = "<x>" })', '{"a":"\\u003cx\\u003e","b":[1,null]}'],
    ['jsondecode("{\\"a\\": [1, true]}")', { a: [1, true] }],
    ['yamldecode("a:\\n  - 1\\n  - x\\n")', { a: [1, 'x'] }],
    ['csvdecode("a,b\\n1,\\"x,y\\"\\n")', [{ a: '1', b: 'x,y' }]],
    ['base64encode("Hello")', 'SGVsbG8='],
    ['base64decode("SGVsbG8=")', 'Hello'],
    ['urlencode("a b&c")', 'a+b%26c'],
    ['1 / 2', 0.5],
    ['7 % 3', 1],
    ['"10" + 1', 11],
    ['[for i, x in ["a", "b"] : "${i}${x}"]', ['0a', '1b']],
    ['{ for k, v in { b = 1, a = 2 } : v => k }', { '1': 'b', '2': 'a' }],
    ['{ for x in ["aa", "ab", "b"] : substr(x, 0, 1) => x... }', { a: ['aa', 'ab'], b: ['b'] }],
    ['"%{ for x in ["a", "b"] }${x};%{ endfor }"', 'a;b;'],
    ['"%{ if 1 > 2 }x%{ else }y%{ endif }"', 'y'],
    ['[{ a = 1 }, { a = 2 }][*].a', [1, 2]],
    ['null[*]', []],
    ['"x"[*]', ['x']],
    ['{ a = 1 } == { a = 1 }', true],
    ['"1" == 1', false],
    ['[1] != [2]', true],
  ])('%s', (expression, expected) => {
    expect(valueOf(expression)).toEqual(expected);
  });
});

describe('what is not known', () => {
  const around = 'variable "open" {}\nvariable "hidden" { sensitive = true }\n';
  test.each([
    ['var.open', '?not-given: var.open'],
    ['"a-${var.open}"', '?not-given: "a-${var.open}"'],
    ['"${var.open}-${var.hidden}"', '?secret: "${var.open}-${var.hidden}"'],
    ['upper(var.open)', '?not-given: upper(var.open)'],
    ['[var.open, "a"]', ['?not-given: var.open', 'a']],
    ['concat([var.open], ["a"])', ['?not-given: var.open', 'a']],
    ['join(",", [var.open, "a"])', '?not-given: join(",", [var.open, "a"])'],
    ['contains(["a", var.open], "a")', true],
    ['contains(["b", var.open], "a")', '?not-given: contains(["b", var.open], "a")'],
    ['length([var.open])', 1],
    ['flatten([var.open])', '?not-given: flatten([var.open])'],
    ['toset([var.open])', '?not-given: toset([var.open])'],
    ['coalesce("a", var.open)', 'a'],
    ['coalesce(var.open, "a")', '?not-given: coalesce(var.open, "a")'],
    ['try(var.open.a, "b")', '?not-given: var.open.a'],
    ['var.open ? "a" : "a"', 'a'],
    ['var.open ? "a" : "b"', '?not-given: var.open ? "a" : "b"'],
    ['false && var.open', false],
    ['var.open && false', false],
    ['true || var.open', true],
    ['var.open == "a"', '?not-given: var.open == "a"'],
    ['[var.open, 1] == ["a", 2]', false],
    ['{ (var.open) = 1 }', '?not-given: { (var.open) = 1 }'],
    ['[for x in [var.open] : "a" if x == "b"]', '?not-given: [for x in [var.open] : "a" if x == "b"]'],
    ['var.hidden', '?secret: var.hidden'],
    ['nonsensitive(var.hidden)', '?secret: var.hidden'],
    ['sensitive("a")', '?secret: sensitive(…)'],
    ['timestamp()', '?made-by-azure: timestamp()'],
    ['sha256("a")', '?not-supported: sha256("a")'],
    ['nothing.here', '?not-readable: nothing'],
    ['{ a = 1 }.b', '?not-readable: b, which the object does not have'],
    ['[1][3]', '?not-readable: [3], which is not there'],
    ['terraform.workspace', '?not-given: terraform.workspace'],
    ['file("other.txt")', '?not-readable: file("other.txt")'],
    ['jsondecode(jsonencode({ a = var.open, b = 1 })).b', 1],
  ])('%s', (expression, expected) => {
    expect(valueOf(expression, around)).toEqual(expected);
  });

  test('files of the input are read', () => {
    const files = { 'a.txt': 'text', 'b.tftpl': 'hello ${name}%{ for x in list } ${x}%{ endfor }' };
    expect(valueOf('file("${path.module}/a.txt")', files)).toBe('text');
    expect(valueOf('fileexists("a.txt")', files)).toBe(true);
    expect(valueOf('templatefile("b.tftpl", { name = "x", list = [1, 2] })', files)).toBe('hello x 1 2');
  });
});

describe('hostile input', () => {
  test.each([
    [
      'a list that doubles',
      'concat(local.l24, local.l24)',
      'l',
      (n: string) => `concat(local.${n}, local.${n})`,
      '["x"]',
    ],
    ['a text that doubles', '"${local.l24}${local.l24}"', 'l', (n: string) => `"\${local.${n}}\${local.${n}}"`, '"xx"'],
    ['lists of lists', 'jsonencode(local.l24)', 'l', (n: string) => `[local.${n}, local.${n}]`, '"x"'],
  ])('%s ends unsettled', (_name, expression, prefix, next, first) => {
    const lines = [`  ${prefix}0 = ${first}`];
    for (let i = 1; i <= 24; i++) lines.push(`  ${prefix}${i} = ${next(`${prefix}${i - 1}`)}`);
    expect(valueOf(expression, `locals {\n${lines.join('\n')}\n}\n`)).toMatch(/^\?not-supported/);
  });

  test.each([
    ['a value that needs itself', 'local.a', 'a = local.b\n  b = local.a', /^\?not-readable/],
    [
      'a long way',
      'local.a0',
      Array.from({ length: 20_000 }, (_, i) => `a${i} = local.a${i + 1}`).join('\n  '),
      /^\?not-supported/,
    ],
    ['loops in loops', 'jsonencode(local.a)', loops(6), /^\?not-supported/],
    ['a wide format', 'local.a', 'a = format("%99999999d", 1)', /^\?not-readable/],
    ['a long range', 'local.a', 'a = range(1000000000)', /^\?not-readable/],
    [
      'a regular expression that backtracks',
      'local.a',
      `a = regex("(a+)+$", "${'a'.repeat(5000)}!")`,
      /^\?not-readable/,
    ],
  ])('%s ends unsettled', (_name, expression, locals, expected) => {
    expect(valueOf(expression, `locals {\n  ${locals}\n}\n`)).toMatch(expected);
  });

  function loops(levels: number): string {
    let inner = '1';
    for (let i = 0; i < levels; i++) inner = `[for x${i} in range(1000) : ${inner}]`;
    return `a = ${inner}`;
  }
});
