// Prints the names that each script uses without declaring them, as JSON: file -> name -> "read" or
// "assigned". Run: node --expose-internals free_names.js FILE...
// The parser is the one that node has inside; a script that isn't sound ends this with its error.
"use strict";

const acorn = require("internal/deps/acorn/acorn/dist/acorn");
const { readFileSync } = require("fs");

const isFunction = (node) => /Function/.test(node.type);
const children = (node) =>
  Object.values(node).flat().filter((part) => part && typeof part.type === "string");

// Names that a pattern declares: a, {a, b: c}, [a, ...b], a = 1.
function bound(pattern) {
  switch (pattern && pattern.type) {
    case "Identifier": return [pattern.name];
    case "ObjectPattern": return pattern.properties.flatMap((part) => bound(part.value || part.argument));
    case "ArrayPattern": return pattern.elements.flatMap(bound);
    case "AssignmentPattern": return bound(pattern.left);
    case "RestElement": return bound(pattern.argument);
    default: return [];
  }
}

// Names declared somewhere in a function; of those in functions within it, their own names alone.
function declared(node) {
  const own = [];
  if (node.type === "VariableDeclarator") own.push(...bound(node.id));
  if (node.type === "CatchClause") own.push(...bound(node.param));
  if (/^(Function|Class)Declaration$/.test(node.type)) own.push(node.id.name);
  return isFunction(node) ? own : own.concat(children(node).flatMap(declared));
}

function scopeOf(node) {
  const names = children(node).flatMap(declared);
  if (isFunction(node)) names.push("arguments", ...node.params.flatMap(bound), ...bound(node.id));
  return new Set(names);
}

function search(node, scopes, found) {
  if (isFunction(node) || node.type === "Program") scopes = [...scopes, scopeOf(node)];
  if (node.type === "Identifier" && !scopes.some((scope) => scope.has(node.name))) {
    found[node.name] = found[node.name] || "read";
  }
  const target = node.type === "AssignmentExpression" ? node.left
    : node.type === "UpdateExpression" ? node.argument
    : /^For(In|Of)Statement$/.test(node.type) ? node.left : null;
  for (const name of bound(target)) {
    if (!scopes.some((scope) => scope.has(name))) found[name] = "assigned";
  }
  // A name after a dot, of a property or of a label is none of a variable.
  const named = { MemberExpression: "property", Property: "key", MethodDefinition: "key" }[node.type];
  const skipped = /^(Labeled|Break|Continue)Statement$/.test(node.type) ? node.label
    : named && !node.computed && !(node.shorthand && node.value === node[named]) ? node[named] : null;
  children(node).filter((part) => part !== skipped).forEach((part) => search(part, scopes, found));
}

const report = {};
for (const file of process.argv.slice(2)) {
  const found = report[file] = {};
  search(acorn.parse(readFileSync(file, "utf8"), { ecmaVersion: 2022, sourceFile: file }), [], found);
}
process.stdout.write(JSON.stringify(report));
