/** What the watchers of a crowd watch, and which of the writes each of them is to see. */

export interface Written {
	type: 'configmaps' | 'secrets';
	name: string;
	group: string;
	revision: number;
}

export interface View {
	path: string;
	accept?: string;
	sees(written: Written): boolean;
}

const maps = '/api/v1/namespaces/default/configmaps?watch=1';
const isMap = ({ type }: Written) => type === 'configmaps';

export const views = {
	whole: { path: maps, sees: isMap },
	selected: {
		path: '/api/v1/configmaps?watch=1&labelSelector=group%3Da',
		sees: (written) => isMap(written) && written.group === 'a',
	},
	named: {
		path: `${maps}&fieldSelector=metadata.name%3Dn3`,
		sees: (written) => isMap(written) && written.name === 'n3',
	},
	partial: { path: maps, accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', sees: isMap },
	secrets: { path: '/api/v1/secrets?watch=1', sees: ({ type }) => type === 'secrets' },
} satisfies Record<string, View>;
