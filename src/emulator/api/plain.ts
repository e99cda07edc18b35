/** Paths beside the resources: version, health, OpenAPI. */

import { resourceTypes } from '../operations/parts.ts';
import type { TimerClock } from '../timers.ts';
import { type Answer, answerJson, answerText } from './answer.ts';
import { apiVersionOf } from './view.ts';

/** Null: no such path. */
export function answerPlain(path: string, _clock: TimerClock): Answer | null {
	if (path === '/version' || path === '/version/') return answerJson(200, version);
	if (/^\/(?:healthz|livez|readyz)(?:\/ping)?\/?$/.test(path)) return answerText(200, 'ok');
	if (path === '/openapi/v3') return answerJson(200, openApiIndex());
	if (path.startsWith('/openapi/v3/')) return answerOpenApi(path.slice('/openapi/v3/'.length));
	return null;
}

const version = {
	major: '1',
	minor: '35',
	emulationMajor: '1',
	emulationMinor: '35',
	minCompatibilityMajor: '1',
	minCompatibilityMinor: '34',
	gitVersion: 'v1.35.4',
	gitCommit: '',
	gitTreeState: 'clean',
	buildDate: '2026-01-01T00:00:00Z',
	goVersion: 'go1.26.8',
	compiler: 'gc',
	platform: 'linux/amd64',
};

function pathOf(groupVersion: string): string {
	return groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
}

function openApiIndex() {
	const versions = [...new Set(resourceTypes().map(apiVersionOf))].map(pathOf);
	return {
		paths: Object.fromEntries(versions.map((v) => [v, { serverRelativeURL: `/openapi/v3/${v}?hash=stand-in` }])),
	};
}

function answerOpenApi(path: string): Answer | null {
	const types = resourceTypes().filter((type) => pathOf(apiVersionOf(type)) === path);
	if (types.length === 0) return null;
	const paths = types.map((type) => [
		`/${path}/${type.resource}/{name}`,
		{
			patch: {
				parameters: [{ name: 'fieldValidation', in: 'query' }],
				'x-kubernetes-group-version-kind': { group: type.group, version: type.version, kind: type.kind },
			},
		},
	]);
	return answerJson(200, { openapi: '3.0.0', info: {}, paths: Object.fromEntries(paths), components: { schemas: {} } });
}
