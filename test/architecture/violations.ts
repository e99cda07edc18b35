/** What in a set of sources goes against the import table. */

import path from 'node:path';
import { type Import, readSource } from './imports.ts';
import { table, typePackages } from './table.ts';

/** What is started by itself. */
const programs = new Set(['cli.ts', 'serve-embedded.ts']);

/** Paths relative to `src/` → their text. One sentence per violation. */
export function findViolations(sources: Map<string, string>): string[] {
	const violations: string[] = [];
	const edges = new Map<string, string[]>();
	for (const [file, text] of sources) {
		if (file.endsWith('.json')) continue;
		const { imports, callsProcessExit } = readSource(file, text);
		if (callsProcessExit && !programs.has(file))
			violations.push(`${file} ends the process: only ${[...programs].join(' and ')} may`);
		for (const each of imports) {
			const complaint = judge(file, each, sources);
			if (complaint !== null) violations.push(`${file} ${complaint}`);
		}
		edges.set(
			file,
			imports.flatMap((each) => (each.kind === 'type' ? [] : (resolve(file, each.specifier) ?? []))),
		);
	}
	return [...violations, ...findCycles(edges)];
}

function judge(file: string, { specifier, kind }: Import, sources: Map<string, string>): string | null {
	const owner = findOwner(file);
	const allowance = table[owner];
	if (!allowance) return `belongs to ${owner}, which the table does not know`;
	if (specifier === null) return 'imports something computed: nobody can tell what';
	if (specifier.startsWith('node:')) {
		return allowance.isPure ? `imports ${specifier}, but ${owner} is pure` : null;
	}
	const target = resolve(file, specifier);
	if (target === null) {
		const packages = [...(allowance.packages ?? []), ...(kind === 'type' ? (typePackages[owner] ?? []) : [])];
		return packages.includes(findPackage(specifier)) ? null : `imports ${specifier}: not a package for ${owner}`;
	}
	if (isOutside(target))
		return allowance.may.includes(path.basename(target)) ? null : `imports ${specifier}, outside src`;
	if (!sources.has(target)) return `imports ${specifier}, which is not there`;
	if (isLoadedTooEarly(file, kind, target))
		return `imports ${target} at its top: what a command needs it imports when it runs`;
	const isAllowed = [findOwner(target), target].some((each) => each === owner || allowance.may.includes(each));
	return isAllowed ? null : `imports ${target}: not for ${owner}`;
}

/** A command's file is read whenever the program starts; see src/commands/command.ts. */
function isLoadedTooEarly(file: string, kind: Import['kind'], target: string): boolean {
	const isLight = findOwner(target) === 'model' || target === 'terminal/width.ts';
	return findOwner(file) === 'commands' && kind === 'static' && !isLight;
}

/** A folder of src/, or a file that stands in it by itself. */
function findOwner(file: string): string {
	return file.split('/')[0] ?? file;
}

/** Relative to `src/`; null for a package. */
function resolve(file: string, specifier: string | null): string | null {
	if (!specifier?.startsWith('.')) return null;
	return path.posix.join(path.posix.dirname(file), specifier);
}

function isOutside(target: string): boolean {
	return target.startsWith('..');
}

function findPackage(specifier: string): string {
	return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
	const cycles: string[] = [];
	const done = new Set<string>();
	function walk(file: string, way: string[]): void {
		const at = way.indexOf(file);
		if (at >= 0) cycles.push(`${[...way.slice(at), file].join(' → ')} is a cycle`);
		if (at >= 0 || done.has(file)) return;
		for (const next of edges.get(file) ?? []) walk(next, [...way, file]);
		done.add(file);
	}
	for (const file of edges.keys()) walk(file, []);
	return cycles;
}
