/** The paths that an applied object sets. */

import { fieldOf, type Schema } from '../../schema/index.ts';
import { asFields, asList, isDeclared, isObject, nameItem, structureOf } from './structure.ts';
import { leaf, makeTree, type Tree } from './tree.ts';

export function fieldSetOf(value: unknown, schema: Schema): Tree {
	const structure = structureOf(schema, value);
	if (structure.kind === 'leaf') return leaf;
	if (structure.kind === 'map') {
		return makeTree(
			false,
			Object.entries(asFields(value)).map(([name, each]) => {
				const field = fieldOf(schema, name) ?? {};
				const tree = fieldSetOf(each, field);
				const isOwn = !isDeclared(schema, name) || each === null || (isObject(each) && Object.keys(each).length === 0);
				return [`f:${name}`, isOwn ? { ...tree, isMember: true } : tree];
			}),
		);
	}
	const items = new Map<string, Tree>();
	for (const item of asList(value)) {
		const name = nameItem(structure, item);
		// Items that are there twice are owned as one, without what is in them.
		items.set(name, items.has(name) ? leaf : { ...fieldSetOf(item, structure.item), isMember: true });
	}
	return makeTree(false, items);
}

/** As members also the named fields on the way to members: what is pruned with them. */
export function withNamedFields(tree: Tree, schema: Schema, isMember = tree.isMember): Tree {
	return makeTree(
		isMember,
		[...tree.inner].map(([name, each]) => {
			if (!name.startsWith('f:')) return [name, withNamedFields(each, schemaOfItem(schema))] as const;
			const field = name.slice(2);
			const isNamed = isDeclared(schema, field);
			return [name, withNamedFields(each, fieldOf(schema, field) ?? {}, each.isMember || isNamed)] as const;
		}),
	);
}

function schemaOfItem(schema: Schema): Schema {
	const structure = structureOf(schema);
	return structure.kind === 'list' ? structure.item : {};
}
