// Reads the source as the tests of languages need it: which words a file asks
// for, what it shows without asking, and what it imports.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../src/', import.meta.url));
const spoken = ['label', 'title', 'placeholder', 'aria-label', 'alt', 'description', 'lead', 'message', 'error'];
const word = /\p{L}{2,}/u;

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function read(path) {
  const text = readFileSync(path, 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const file = { path, name: relative(root, path), asked: [], shown: [], imports: [], further: [], strings: new Set() };
  walk(tree, (node) => {
    if (ts.isCallExpression(node)) call(file, node);
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) imported(file, node.moduleSpecifier);
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) file.strings.add(node.text);
    visible(file, node);
  });
  return file;
}

function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Notes `t('key', { … })`, `lookup(`key.${…}`)` and the like, and dynamic imports. */
function call(file, node) {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return imported(file, node.arguments[0], partWith(node));
  const callee = node.expression.getText().split('.').at(-1);
  if (!['t', 'lookup', 'known', 'exists'].includes(callee)) return undefined;
  const [key, options] = node.arguments;
  for (const { pattern, exact } of keysOf(key)) {
    file.asked.push({ pattern, exact, given: givenBy(options), line: lineOf(node) });
  }
  return undefined;
}

/** The keys an expression can be, as patterns: what is put into a template may be anything. */
function keysOf(node) {
  if (!node) return [];
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    return [{ exact: node.text, pattern: new RegExp(`^${escaped(node.text)}$`) }];
  }
  if (ts.isConditionalExpression(node)) return [...keysOf(node.whenTrue), ...keysOf(node.whenFalse)];
  if (ts.isTemplateExpression(node)) {
    const tail = node.templateSpans.map((span) => `.+${escaped(span.literal.text)}`).join('');
    return [{ pattern: new RegExp(`^${escaped(node.head.text)}${tail}$`) }];
  }
  return [];
}

/** The placeholders a call fills, or nothing where they cannot be read off. */
function givenBy(options) {
  if (!options) return [];
  if (!ts.isObjectLiteralExpression(options)) return undefined;
  if (options.properties.some((property) => !property.name)) return undefined;
  return options.properties.map((property) => property.name.getText()).filter((name) => name !== 'context');
}

/** The part of the language that is loaded together with a module: `knowing('code', import('./CodeStep'))`. */
function partWith(node) {
  const { parent } = node;
  if (!parent || !ts.isCallExpression(parent) || parent.expression.getText() !== 'knowing') return undefined;
  return parent.arguments[0].text;
}

function imported(file, specifier, part) {
  if (!specifier || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return;
  const base = resolve(dirname(file.path), specifier.text);
  const found = [`${base}.ts`, `${base}.tsx`, join(base, 'index.ts')].find((path) => existsSync(path));
  if (found && part) file.further.push({ path: found, part });
  else if (found) file.imports.push(found);
}

/** Notes text that a reader would see and that no language file knows. */
function visible(file, node) {
  const show = (text) => file.shown.push({ text: text.trim(), line: lineOf(node) });
  if (ts.isJsxText(node) && word.test(node.text.replace(/&\w+;/g, ''))) show(node.text);
  if (ts.isJsxAttribute(node) && spoken.includes(node.name.getText()) && node.initializer) {
    for (const text of literalsIn(node.initializer)) show(text);
  }
  if (ts.isJsxExpression(node) && ts.isJsxElement(node.parent) && node.expression) {
    for (const text of literalsIn(node.expression)) show(text);
  }
  if (ts.isPropertyAssignment(node) && spoken.includes(node.name.getText())) {
    for (const text of literalsIn(node.initializer)) show(text);
  }
}

/** String literals that an expression can come to, not those inside of calls. */
function literalsIn(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return word.test(node.text) ? [node.text] : [];
  if (ts.isJsxExpression(node)) return node.expression ? literalsIn(node.expression) : [];
  if (ts.isConditionalExpression(node)) return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)];
  if (ts.isBinaryExpression(node))
    return [...literalsIn(node.left), ...literalsIn(node.right)].filter(() => !compares(node));
  if (ts.isTemplateExpression(node)) {
    const parts = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)];
    return parts.filter((part) => word.test(part));
  }
  return [];
}

const compares = (node) => /^(===|!==|==|!=|<|>|<=|>=|in)$/.test(node.operatorToken.getText());

const lineOf = (node) => node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;

export const files = readdirSync(root, { recursive: true })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
  .map((name) => read(join(root, name)));
