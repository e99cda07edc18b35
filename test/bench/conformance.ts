/** Kubernetes' own specs that need no running container: the embedded cluster is done with them before kind. */

import { bringUp, envs, type Provider } from './clusters.ts';
import type { Comparison } from './ratio.ts';
import { runTool } from './tool.ts';

/** Takes a kubeconfig, and ends well when every spec passed. It is in none of the package registries. */
const program = process.env['KUBEPROCTOR_KUBERNETES_CONFORMANCE'];

const run = (provider: Provider) => runTool(program ?? '', [envs[provider]['KUBECONFIG'] ?? '']);

/** None where there is no such program. */
export const conformance: Comparison[] =
	program === undefined
		? []
		: [
				{
					name: 'conformance',
					limit: 1,
					rounds: 1,
					setUp: () => bringUp('embedded', 'kind'),
					ours: { run: () => run('embedded') },
					peer: { run: () => run('kind') },
				},
			];
