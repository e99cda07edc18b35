/** Everything a source file imports, in whatever way, and whether it may end the process. */

import { parseSync } from 'rolldown/utils';

export interface Import {
	/** As it is written; null: computed, so that nobody can tell. */
	specifier: string | null;
	kind: 'static' | 'dynamic' | 'type';
}

export interface SourceFacts {
	imports: Import[];
	callsProcessExit: boolean;
}

type Node = { type: string; [key: string]: unknown };

export function readSource(file: string, text: string): SourceFacts {
	const { program, errors } = parseSync(file, text);
	if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
	const facts: SourceFacts = { imports: [], callsProcessExit: false };
	visit(program as unknown as Node, (node) => {
		const found = readImport(node);
		if (found) facts.imports.push(found);
		if (isProcessExit(node)) facts.callsProcessExit = true;
	});
	return facts;
}

function readImport(node: Node): Import | null {
	const specifier = readText(node.source as Node | null);
	switch (node.type) {
		case 'ImportDeclaration':
			return { specifier, kind: node.importKind === 'type' ? 'type' : 'static' };
		case 'ExportNamedDeclaration':
		case 'ExportAllDeclaration':
			return node.source ? { specifier, kind: node.exportKind === 'type' ? 'type' : 'static' } : null;
		case 'ImportExpression':
			return { specifier, kind: 'dynamic' };
		case 'TSImportType':
			return { specifier: specifier ?? readText(node.argument as Node | null), kind: 'type' };
		case 'TSExternalModuleReference':
			return { specifier: readText(node.expression as Node), kind: 'static' };
		case 'CallExpression':
			return isNamed(node.callee, 'require')
				? { specifier: readText((node.arguments as Node[])[0] ?? null), kind: 'dynamic' }
				: null;
		default:
			return null;
	}
}

/** `process.exit`, called or passed on, also where it is taken apart: `const { exit } = process`. */
function isProcessExit(node: Node): boolean {
	if (node.type === 'MemberExpression') {
		const property = node.property as Node;
		const isProcess = isNamed(node.object, 'process') || isNamed((node.object as Node).property, 'process');
		return isProcess && (isNamed(property, 'exit') || readText(property) === 'exit');
	}
	if (node.type !== 'VariableDeclarator' || !isNamed(node.init, 'process')) return false;
	const properties = ((node.id as Node).properties as Node[] | undefined) ?? [];
	return properties.some((property) => isNamed(property.key, 'exit'));
}

function isNamed(node: unknown, name: string): boolean {
	return (node as Node | undefined)?.type === 'Identifier' && (node as Node).name === name;
}

function readText(node: Node | null | undefined): string | null {
	if (node?.type === 'TSLiteralType') return readText(node.literal as Node);
	return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}

function visit(node: Node, see: (node: Node) => void): void {
	see(node);
	for (const value of Object.values(node)) {
		for (const child of Array.isArray(value) ? value : [value]) {
			if (typeof child === 'object' && child !== null && typeof child.type === 'string') visit(child as Node, see);
		}
	}
}
