/** Lets `import()` go straight to the chunk that has what is wanted, not through a file that only hands it on. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** All that such a file says: the bundler writes one for each module that it put together with others. */
const handsOn = /^export\{([^}]*)\}from"\.\/([\w.-]+)";\s*$/;

/** `files`: of the bundle, those that the program starts with. What is not imported any more is removed. */
export function shortcutImports(chunksFolder: string, files: readonly string[]): void {
	const chunks = readdirSync(chunksFolder).map((name) => join(chunksFolder, name));
	const shortcuts = new Map<string, { target: string; names: string }>();
	for (const file of chunks) {
		const [, exported = '', target = ''] = handsOn.exec(readFileSync(file, 'utf8')) ?? [];
		if (target !== '') shortcuts.set(basename(file), { target, names: pickNames(exported) });
	}
	for (const file of [...chunks, ...files]) {
		const text = readFileSync(file, 'utf8');
		const straight = text.replaceAll(/import\(`(\.\/(?:chunks\/)?)([\w.-]+)`\)/g, (found, folder, name) => {
			const shortcut = shortcuts.get(name);
			return shortcut === undefined ? found : `import(\`${folder}${shortcut.target}\`).then(_=>({${shortcut.names}}))`;
		});
		if (straight !== text) writeFileSync(file, straight);
	}
	for (const name of shortcuts.keys()) rmSync(join(chunksFolder, name));
}

/** `a as b,c` → `b:_.a,c:_.c`. */
function pickNames(exported: string): string {
	return exported
		.split(',')
		.map((each) => each.split(' as '))
		.map(([inner = '', outer = inner]) => `${outer}:_.${inner}`)
		.join(',');
}
