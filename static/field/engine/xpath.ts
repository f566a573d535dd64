/**
 * Reads XPath expressions for the engine, in place of the parser that it comes
 * with: that one is a general parser in WebAssembly, a third of all that a phone
 * would fetch before the first question shows. The trees are the same, node by
 * node (tests/field/xpath.test.ts compares the two).
 */

/** A node as the engine reads it; its text is cut from the expression when it is asked for. */
class SyntaxNode {
  constructor(
    readonly type: string,
    private readonly source: string,
    readonly start: number,
    readonly end: number,
    readonly children: readonly SyntaxNode[] = [],
  ) {}

  get text(): string {
    return this.source.slice(this.start, this.end);
  }

  get childCount(): number {
    return this.children.length;
  }

  child(index: number): SyntaxNode | null {
    return this.children[index] ?? null;
  }
}

const START =
  '_a-zA-Z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const FURTHER = `[-.\\u{B7}0-9\\u{300}-\\u{36F}\\u{203F}-\\u{2040}${START}]`;
const NAME = `[${START}]${FURTHER}*`;
const TEXT = `"[^"]*"|'[^']*'`;
const GAP = '[\\t-\\r ]*';
const NODE_TYPE = `(?:comment|node|processing-instruction|text)${GAP}\\(${GAP}\\)`;
const AXES =
  'ancestor-or-self|ancestor|attribute|child|descendant-or-self|descendant|following-sibling|following|namespace|' +
  'parent|preceding-sibling|preceding|self';

const token = (pattern: string) => new RegExp(pattern, 'uy');
const SPACE = token(GAP);
const WORD = token(NAME);
const STRING = token(TEXT);
const NUMBER = token('\\d+(?:\\.\\d*)?|\\.\\d+');
const AXIS = token(`(?:${AXES})(?=${GAP}::)`);
// The name of an axis is one of a node as well, but neither a prefix nor a function.
const AXIS_NAME = token(`(?:${AXES})(?!${FURTHER})`);
const CALL = token(`(?!${NODE_TYPE}|processing-instruction${GAP}\\()${NAME}(?:${GAP}:${GAP}${NAME})?${GAP}\\(`);
const TYPE_TEST = token(NODE_TYPE);
const INSTRUCTION = token(`processing-instruction${GAP}\\(`);
const COLON = token(':(?!:)');
// After the slash of the root alone, these two join expressions.
const STEP = token(`[.@*]|(?!(?:or|and)(?!${FURTHER}))${NAME}`);

/** From the loosest to the tightest; within a level the longer sign first. */
const LEVELS: readonly (readonly (readonly [sign: string, type: string])[])[] = [
  [['or', 'or_expr']],
  [['and', 'and_expr']],
  [['!=', 'ne_expr'], ['=', 'eq_expr']],
  [['<=', 'lte_expr'], ['<', 'lt_expr'], ['>=', 'gte_expr'], ['>', 'gt_expr']],
  [['+', 'addition_expr'], ['-', 'subtraction_expr']],
  [['*', 'multiplication_expr'], ['div', 'division_expr'], ['mod', 'modulo_expr']],
];

class Reader {
  private at = 0;
  /** Where the last token ended: what follows it may be space. */
  private end = 0;

  constructor(private readonly source: string) {}

  read(): SyntaxNode {
    const expression = this.expression();
    this.skip();
    if (this.at < this.source.length) this.fail();
    return new SyntaxNode('xpath', this.source, expression.start, this.source.length, [expression]);
  }

  private fail(): never {
    throw new Error(`Expression has syntax error: ${this.source}`);
  }

  private skip(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.source);
    this.at = SPACE.lastIndex;
  }

  private sees(pattern: RegExp): boolean {
    this.skip();
    pattern.lastIndex = this.at;
    return pattern.test(this.source);
  }

  /** Takes a token of a pattern as a node of a type, or nothing. */
  private take(pattern: RegExp, type: string): SyntaxNode | null {
    if (!this.sees(pattern)) return null;
    const start = this.at;
    this.at = this.end = pattern.lastIndex;
    return new SyntaxNode(type, this.source, start, this.end);
  }

  private must(pattern: RegExp, type: string): SyntaxNode {
    return this.take(pattern, type) ?? this.fail();
  }

  private takeSign(sign: string): boolean {
    this.skip();
    if (!this.source.startsWith(sign, this.at)) return false;
    this.end = this.at += sign.length;
    return true;
  }

  private mustSign(sign: string): void {
    if (!this.takeSign(sign)) this.fail();
  }

  /** A node around children; it begins with the first, unless a token stands before it, and ends with the last token. */
  private around(type: string, children: readonly SyntaxNode[], start = children[0]?.start ?? this.end): SyntaxNode {
    return new SyntaxNode(type, this.source, start, this.end, children);
  }

  private here(): number {
    this.skip();
    return this.at;
  }

  private expression(): SyntaxNode {
    return this.around('expr', [this.binary(0)]);
  }

  private binary(level: number): SyntaxNode {
    const operators = LEVELS[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    for (let type = this.operator(operators); type; type = this.operator(operators)) {
      left = this.around(type, [left, this.binary(level + 1)]);
    }
    return left;
  }

  private operator(operators: (typeof LEVELS)[number]): string | undefined {
    return operators.find(([sign]) => this.takeSign(sign))?.[1];
  }

  private unary(): SyntaxNode {
    const start = this.here();
    return this.takeSign('-') ? this.around('unary_expr', [this.union()], start) : this.union();
  }

  private union(): SyntaxNode {
    let left = this.path();
    while (this.takeSign('|')) left = this.around('union_expr', [left, this.path()]);
    return left;
  }

  private path(): SyntaxNode {
    const start = this.here();
    if (this.source.startsWith('//', start)) {
      const steps = this.steps([this.double()]);
      return this.around('absolute_location_path', [this.around('abbreviated_absolute_location_path', steps)]);
    }
    if (this.takeSign('/')) {
      const root = new SyntaxNode('absolute_root_location_path', this.source, start, this.at);
      return this.around('absolute_location_path', this.sees(STEP) ? this.steps([root]) : [root]);
    }
    const primary = this.primary();
    if (!primary) return this.around('relative_location_path', this.steps([]));
    const filter = this.around('filter_expr', [primary, ...this.predicates()], start);
    return this.around('filter_path_expr', [filter, ...this.furtherSteps()], start);
  }

  private double(): SyntaxNode {
    const start = this.here();
    this.mustSign('//');
    return new SyntaxNode('//', this.source, start, this.at);
  }

  private steps(before: readonly SyntaxNode[]): SyntaxNode[] {
    return [...before, this.step(), ...this.furtherSteps()];
  }

  private furtherSteps(): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    for (;;) {
      this.skip();
      if (this.source.startsWith('//', this.at)) found.push(this.double(), this.step());
      else if (this.takeSign('/')) found.push(this.step());
      else return found;
    }
  }

  /** What a path may begin with besides a step. */
  private primary(): SyntaxNode | null {
    if (this.takeSign('(')) {
      const expression = this.expression();
      this.mustSign(')');
      return expression;
    }
    const literal = this.take(STRING, 'string_literal') ?? this.take(NUMBER, 'number');
    return literal ?? (this.sees(CALL) ? this.call() : null);
  }

  private call(): SyntaxNode {
    if (this.sees(AXIS_NAME)) this.fail();
    const parts = [this.around('function_name', [this.name()])];
    this.mustSign('(');
    if (!this.takeSign(')')) {
      do parts.push(this.around('argument', [this.expression()]));
      while (this.takeSign(','));
      this.mustSign(')');
    }
    return this.around('function_call', parts);
  }

  private name(): SyntaxNode {
    const isAxis = this.sees(AXIS_NAME);
    const first = this.must(WORD, 'unprefixed_name');
    if (!this.take(COLON, ':')) return first;
    if (isAxis) this.fail();
    const prefix = new SyntaxNode('prefix', this.source, first.start, first.end);
    if (this.takeSign('*')) return this.around('prefixed_wildcard_name_test', [prefix]);
    return this.around('prefixed_name', [prefix, this.must(WORD, 'local_part')]);
  }

  private step(): SyntaxNode {
    const short = this.takeShort('..', 'parent') ?? this.takeShort('.', 'self');
    if (short) return this.around('step', [this.around('abbreviated_step', [short])]);
    const test = this.test();
    return this.around('step', [test, ...this.predicates()]);
  }

  private takeShort(sign: string, type: string): SyntaxNode | null {
    const start = this.here();
    return this.takeSign(sign) ? new SyntaxNode(type, this.source, start, this.at) : null;
  }

  private test(): SyntaxNode {
    const start = this.here();
    if (this.takeSign('@')) return this.around('abbreviated_axis_test', [this.nodeTest()], start);
    const axis = this.take(AXIS, 'axis_name');
    if (!axis) return this.around('node_test', [this.nodeTest()]);
    this.mustSign('::');
    return this.around('axis_test', [axis, this.nodeTest()]);
  }

  private nodeTest(): SyntaxNode {
    const found = this.takeShort('*', 'unprefixed_wildcard_name_test') ?? this.take(TYPE_TEST, 'node_type_test');
    if (found) return found;
    const instruction = this.take(INSTRUCTION, 'processing_instruction_name_test');
    if (!instruction) return this.name();
    const name = this.must(STRING, 'string_literal');
    this.mustSign(')');
    return this.around(instruction.type, [name], instruction.start);
  }

  private predicates(): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    for (let start = this.here(); this.takeSign('['); start = this.here()) {
      const expression = this.expression();
      this.mustSign(']');
      found.push(this.around('predicate', [expression], start));
    }
    return found;
  }
}

export interface SyntaxTree {
  readonly rootNode: SyntaxNode;
}

const known = new Map<string, SyntaxTree>();

/** What the engine calls; a form says the same many times. */
export const expressionParser = {
  parse(expression: string): SyntaxTree {
    const found = known.get(expression) ?? { rootNode: new Reader(expression).read() };
    known.set(expression, found);
    return found;
  },
};
