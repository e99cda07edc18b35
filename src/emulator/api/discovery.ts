/** Discovery: which groups, versions and resources there are, in the old form and the aggregated one. */

import { createHash } from 'node:crypto';
import type { ResourceType } from '../resource-type.ts';
import { isJson, type MediaType } from './accept.ts';
import { type Answer, answerJson } from './answer.ts';
import { apiVersionOf } from './view.ts';

export class Discovery {
	readonly #types: readonly ResourceType[];
	readonly #serverAddress: string;

	constructor(types: readonly ResourceType[], serverAddress: string) {
		this.#types = types;
		this.#serverAddress = serverAddress;
	}

	/** Null: not a path of discovery. */
	answer(path: string, accepted: readonly MediaType[], ifNoneMatch: string | undefined): Answer | null {
		const parts = path.replace(/\/$/, '').split('/').slice(1);
		const [root, first, second] = parts;
		if (root === 'api' || root === 'apis') {
			if (parts.length === 1) return this.#answerRoot(root, accepted, ifNoneMatch);
			if (root === 'api' && parts.length === 2 && first !== undefined) return this.#answerVersion('', first);
			if (root === 'apis' && parts.length === 2 && first !== undefined) return this.#answerGroup(first);
			if (root === 'apis' && parts.length === 3) return this.#answerVersion(first ?? '', second ?? '');
		}
		return null;
	}

	#answerRoot(root: 'api' | 'apis', accepted: readonly MediaType[], ifNoneMatch: string | undefined): Answer {
		const form = chooseForm(accepted);
		if (form !== null) return this.#answerAggregated(root, form, ifNoneMatch);
		if (root === 'apis') return answerJson(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: this.#groups() });
		return answerJson(200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: this.#addresses() });
	}

	#addresses() {
		return [{ clientCIDR: '0.0.0.0/0', serverAddress: this.#serverAddress }];
	}

	#groupNames(): string[] {
		return [...new Set(this.#types.map((type) => type.group))].filter((group) => group !== '');
	}

	#versionsOf(group: string): string[] {
		return [...new Set(this.#types.filter((type) => type.group === group).map((type) => type.version))];
	}

	#groups(): object[] {
		return this.#groupNames().map((name) => this.#group(name));
	}

	#group(name: string) {
		const versions = this.#versionsOf(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
		return { name, versions, preferredVersion: versions[0] };
	}

	#answerGroup(name: string): Answer | null {
		if (!this.#groupNames().includes(name)) return null;
		return answerJson(200, { kind: 'APIGroup', apiVersion: 'v1', ...this.#group(name) });
	}

	#answerVersion(group: string, version: string): Answer | null {
		const types = this.#types.filter((type) => type.group === group && type.version === version);
		if (types.length === 0) return null;
		const resources = types.flatMap((type) => [
			{
				name: type.resource,
				singularName: type.singular,
				namespaced: type.isNamespaced,
				kind: type.kind,
				verbs: type.verbs,
				...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
				...(type.categories.length > 0 && { categories: type.categories }),
			},
			...type.subresources.map((subresource) => ({
				name: `${type.resource}/${subresource.name}`,
				singularName: '',
				namespaced: type.isNamespaced,
				...(subresource.group !== group && { group: subresource.group }),
				...((subresource.group !== group || subresource.version !== version) && { version: subresource.version }),
				kind: subresource.kind,
				verbs: subresource.verbs,
			})),
		]);
		const groupVersion = apiVersionOf({ group, version });
		return answerJson(200, {
			kind: 'APIResourceList',
			...(group !== '' && { apiVersion: 'v1' }),
			groupVersion,
			resources,
		});
	}

	#answerAggregated(root: 'api' | 'apis', form: string, ifNoneMatch: string | undefined): Answer {
		const groups = root === 'api' ? [''] : this.#groupNames();
		const items = groups.map((group) => ({
			metadata: group === '' ? {} : { name: group },
			versions: this.#versionsOf(group).map((version) => ({
				version,
				resources: this.#types.filter((t) => t.group === group && t.version === version).map(describeType),
				freshness: 'Current',
			})),
		}));
		const document = { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${form}`, metadata: {}, items };
		const body = JSON.stringify(document);
		const etag = `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"`;
		const contentType = `application/json;g=apidiscovery.k8s.io;v=${form};as=APIGroupDiscoveryList`;
		const headers = { Etag: etag, Vary: 'Accept', 'Cache-Control': 'public' };
		if (ifNoneMatch === etag) return { code: 304, body: '', contentType, headers };
		return { code: 200, body, contentType, headers };
	}
}

function chooseForm(accepted: readonly MediaType[]): string | null {
	for (const { type, parameters } of accepted) {
		if (!isJson(type)) continue;
		if (parameters.as === undefined) return null;
		if (parameters.g !== 'apidiscovery.k8s.io' || parameters.as !== 'APIGroupDiscoveryList') continue;
		if (parameters.v === 'v2' || parameters.v === 'v2beta1') return parameters.v;
	}
	return null;
}

function describeType(type: ResourceType): object {
	const responseKind = ({ group, version, kind }: { group: string; version: string; kind: string }) =>
		group === type.group && version === type.version ? { group: '', version: '', kind } : { group, version, kind };
	return {
		resource: type.resource,
		responseKind: responseKind(type),
		scope: type.isNamespaced ? 'Namespaced' : 'Cluster',
		singularResource: type.singular,
		verbs: type.verbs,
		...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
		...(type.categories.length > 0 && { categories: type.categories }),
		...(type.subresources.length > 0 && {
			subresources: type.subresources.map((subresource) => ({
				subresource: subresource.name,
				responseKind: responseKind(subresource),
				verbs: subresource.verbs,
			})),
		}),
	};
}
