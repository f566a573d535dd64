// @vitest-environment node
/**
 * Our reader of XPath against the one that the engine comes with: the same tree for what both
 * read, and a refusal by both of the rest.
 */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { expressionParser } from '../../static/field/engine/xpath.ts';

interface Node {
  readonly type: string;
  readonly text: string;
  readonly childCount: number;
  readonly children: readonly Node[];
}

interface Parser {
  parse(expression: string): { readonly rootNode: Node };
}

const ENGINE = fileURLToPath(import.meta.resolve('@getodk/xforms-engine')).replace(/[^/]+$/, 'solid.js');
const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));
let theirs: Parser;

/** The engine's file up to its parser, as a module of its own. */
beforeAll(async () => {
  const [before = ''] = readFileSync(ENGINE, 'utf8').split('function _mergeNamespaces(n, m)');
  const [imported = '', names = ''] = /^import \{(.+)\} from 'solid-js';/.exec(before) ?? [];
  const unused = names.split(',').map((name) => `const ${name.split(' as ').at(-1)} = undefined;`);
  const alone = `import { createRequire } from 'node:module';
const [require, __dirname, __filename] = [createRequire(import.meta.url), import.meta.dirname, import.meta.filename];
${unused.join('')}${before.slice(imported.length)}export { expressionParser };`;
  const file = join(mkdtempSync(join(tmpdir(), 'tessera-xpath-')), 'parser.mjs');
  writeFileSync(file, alone);
  theirs = ((await import(/* @vite-ignore */ pathToFileURL(file).href)) as { expressionParser: Parser }).expressionParser;
});

const plain = ({ type, text, childCount, children }: Node): unknown => [type, text, childCount, children.map(plain)];

function read(parser: Parser, expression: string): unknown {
  try {
    return plain(parser.parse(expression).rootNode);
  } catch {
    return 'refused';
  }
}

/** How many were read; fails on the first that is read otherwise. */
function compare(expressions: Iterable<string>): number {
  let count = 0;
  for (const expression of expressions) {
    const expected = read(theirs, expression);
    expect(read(expressionParser, expression), expression).toEqual(expected);
    if (expected !== 'refused') count += 1;
  }
  return count;
}

test('the expressions of forms', () => {
  const attribute = /(?:nodeset|ref|calculate|relevant|constraint|required|readonly|value|count)="([^"]*)"/g;
  const found = readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.xml'))
    .flatMap((name) => [...readFileSync(FIXTURES + name, 'utf8').matchAll(attribute)])
    .map(([, value = '']) => value.replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
  expect(compare(found)).toBeGreaterThan(50);
});

const ODD = [
  '', '  ', ' /data/a ', '/', '//', '/data/', 'a//', 'a b', '1 2', "'", '"abc', '(a', 'a)', 'a[b', 'a]', 'f(,)', 'f(a,)',
  'a-b', 'a -b', 'a - b', '1-2', '--1', '2 - -1', '-1 * 2', '+1', '.5', '.5.5', '1.', '1..2', '9a', '_a', 'x-y:z-w',
  '/*', '//*', '/ * 2', '* * *', 'a * *', '* div *', 'div div div', 'or or or', 'a mod.5', '5mod 2', '5mod2', "'x'ora",
  '/or', '/div', '/mod or /and', '.', '..', './.', '...', '.[1]', 'a[1][2]', "(a)[1]/b", "'x'/a", 'f()[1]//b', 'f( )',
  'a:b:c', 'a::b', 'a : b', 'a:*/b', 'child :: a', 'child:a', 'parent', 'parent/a', 'self()', 'ancestor(1)', '@*', '@a:b',
  'text ( )', 'text(1)', 'comment()', "processing-instruction ('a')", '$a', 'a!=b', 'a==b', 'a<b<=c>d>=e', 'a!b',
  "'a\"'", "'a\\'", 'a\u00a0= 1', 'a\n+\nb', 'ծ/տ', "instance('x')/list/item[name = current()/../b]/label",
  "if(selected(., 'a') and not(b), concat('x', \"y\"), date('2020-01-01'))", "jr:choice-name(a, 'b')", '(((a)))', '(-1)',
];

test('odd ones', () => {
  expect(compare(ODD)).toBeGreaterThan(ODD.length / 2);
});

/** Expressions by the grammar, the same in each run; some of them spoilt. */
function* made(count: number): Generator<string> {
  let state = 20201123;
  const chance = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const one = (options: readonly string[]) => options[Math.floor(chance() * options.length)] ?? '';
  const space = () => one(['', '', ' ', '\n ']);
  const many = (share: number, part: () => string) => {
    let text = '';
    while (chance() < share) text += part();
    return text;
  };
  const name = () => one(['a', 'b-c', 'd.e', 'div', 'mod', 'or', 'and', '_x', 'jr:y', 'text', 'parent', 'self', 'ծ', 'node']);
  let depth = 0;
  const inner = (open: string, close: string) => open + space() + expression() + space() + close;
  const step = () => {
    const test = one(['@' + name(), one(['child', 'ancestor-or-self']) + space() + '::' + space() + name(), name(), name(), '*', 'a:*', 'node ( )']);
    return chance() < 0.1 ? one(['.', '..']) : test + many(0.15, () => space() + inner('[', ']'));
  };
  const steps = () => step() + many(0.4, () => space() + one(['/', '/', '//']) + space() + step());
  const path = () => {
    if (chance() < 0.5) return one(['/', '//', '', '']) + space() + steps();
    const args = () => (chance() < 0.2 ? '' : expression() + many(0.3, () => space() + ',' + space() + expression()));
    const first = one(['1', '2.5', '.5', "'x'", '/', `${one(['f', 'jr:g', 'not', 'date-time', 'or'])} (${args()})`, inner('(', ')')]);
    return first + many(0.15, () => inner('[', ']')) + (chance() < 0.25 ? one(['/', '//']) + steps() : '');
  };
  const sign = () => one([' or ', ' and ', '=', '!=', '<', '<=', '>', '>=', ' + ', ' - ', '*', ' div ', ' mod ', '|', '-', 'or']);
  const expression = (): string => {
    depth += 1;
    const text = depth > 5 ? 'a' : one(['', '', '', '-']) + path() + many(0.3, () => space() + sign() + space() + path());
    depth -= 1;
    return text;
  };
  for (let number = 0; number < count; number += 1) {
    const text = expression();
    const at = Math.floor(chance() * text.length);
    yield chance() < 0.8 ? text : text.slice(0, at) + one(['', '(', ']', '/', ':', '-', '$', "'", '1 ']) + text.slice(at + 1);
  }
}

test('thousands that the grammar makes', () => {
  expect(compare(made(5_000))).toBeGreaterThan(2_000);
});
