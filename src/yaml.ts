/** The only door to `yaml`: manifests as kubectl reads them (YAML 1.1), our own files as YAML 1.2 with positions. */

import {
	type Document,
	isCollection,
	isMap,
	isNode,
	isPair,
	isScalar,
	LineCounter,
	parseAllDocuments,
	parseDocument,
	stringify,
	visit,
} from 'yaml';

/** Line and column, both from 1. */
export interface Position {
	line: number;
	column: number;
}

export interface YamlIssue extends Position {
	message: string;
}

/** Text that is not YAML, or a manifest that is no object. */
export class YamlError extends Error {
	override readonly name = 'YamlError';
	readonly issues: readonly YamlIssue[];

	constructor(issues: readonly YamlIssue[]) {
		super(issues.map((issue) => `line ${issue.line}, column ${issue.column}: ${issue.message}`).join('; '));
		this.issues = issues;
	}
}

export interface OwnDocument {
	/** What the text says; undefined where it could not be read. */
	data: unknown;
	/** Every syntax error and warning. */
	issues: YamlIssue[];
	/** Where the key or the list item at `path` stands; for a path that is not there, its nearest ancestor. */
	positionOf(path: readonly PropertyKey[]): Position;
}

/** Every object of a manifest file; empty documents are left out. Throws YamlError with all mistakes at once. */
export function parseManifests(text: string): unknown[] {
	const { issues, documents } = readManifests(text);
	if (issues.length > 0) throw new YamlError(issues);
	return documents.map(({ data }) => data);
}

/** As `parseManifests`, but without throwing, and with the place of everything. */
export function readManifests(text: string): { issues: YamlIssue[]; documents: Omit<OwnDocument, 'issues'>[] } {
	const lines = new LineCounter();
	const parsed = parseAllDocuments(text, { version: '1.1', merge: true, lineCounter: lines, prettyErrors: false });
	const all: Document[] = Array.isArray(parsed) ? parsed : [];
	const issues = all.flatMap((document) => listIssues(document, lines));
	if (issues.length > 0) return { issues, documents: [] };
	const documents = all.map((document) => ({
		data: document.toJS() as unknown,
		positionOf: (path: readonly PropertyKey[]) => toPosition(findOffset(document, path), lines),
	}));
	return { issues, documents: documents.filter(({ data }) => data !== null) };
}

/** A key that stands twice in a map, and where it does so again. */
export interface RepeatedKey {
	key: string;
	line: number;
}

/** The first document, of a key that stands twice the last value. Throws YamlError. */
export function parseRepeating(text: string): { value: unknown; repeated: RepeatedKey[] } {
	const lines = new LineCounter();
	const options = { version: '1.1', merge: true, uniqueKeys: false, lineCounter: lines, prettyErrors: false } as const;
	const document = parseDocument(text, options);
	if (document.errors.length > 0) throw new YamlError(listIssues(document, lines));
	const repeated: RepeatedKey[] = [];
	visit(document, {
		Map(_, { items }) {
			const seen = new Set<string>();
			for (const { key } of items) {
				if (!isScalar(key)) continue;
				const name = String(key.value);
				if (seen.has(name)) repeated.push({ key: name, line: lines.linePos(key.range?.[0] ?? 0).line });
				seen.add(name);
			}
		},
	});
	return { value: document.toJS() as unknown, repeated };
}

/** Reads one of our own files without throwing, so that a caller can report its mistakes beside others. */
export function parseOwn(text: string): OwnDocument {
	const lines = new LineCounter();
	const document = parseDocument(text, { version: '1.2', lineCounter: lines, prettyErrors: false });
	const issues = listIssues(document, lines);
	return {
		data: document.errors.length > 0 ? undefined : document.toJS(),
		issues,
		positionOf: (path) => toPosition(findOffset(document, path), lines),
	};
}

export function stringifyYaml(value: unknown): string {
	return stringify(value, { lineWidth: 0 });
}

function listIssues(document: Document, lines: LineCounter): YamlIssue[] {
	return [...document.errors, ...document.warnings].map((error) => ({
		...toPosition(error.pos[0], lines),
		message: error.message,
	}));
}

function toPosition(offset: number, lines: LineCounter): Position {
	const { line, col } = lines.linePos(offset);
	return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function findOffset(document: Document, path: readonly PropertyKey[]): number {
	let node: unknown = document.contents;
	let offset = startOf(node) ?? 0;
	for (const step of path) {
		if (!isCollection(node)) break;
		const item: unknown = isMap(node)
			? node.items.find((pair) => String(isNode(pair.key) ? pair.key.toJSON() : pair.key) === String(step))
			: node.items[Number(step)];
		if (item === undefined) break;
		offset = startOf(isPair(item) ? item.key : item) ?? offset;
		node = isPair(item) ? item.value : item;
	}
	return offset;
}

function startOf(node: unknown): number | undefined {
	return isNode(node) ? node.range?.[0] : undefined;
}
