/** How much longer `up` takes than the bare cluster in it: `kind create cluster` with the same config and node image. */

import path from 'node:path';
import { writeKindConfig } from '../../src/providers/kind-config.ts';
import { planHome } from './home.ts';
import type { Comparison } from './ratio.ts';
import { runCli, runTool } from './tool.ts';

const home = planHome('up');
const { env } = home;
const image = process.env['KUBEPROCTOR_NODE_IMAGE'];
const peer = ['--name', 'bench-peer', '--kubeconfig', path.join(home.folder, 'peer')];

export const up: Comparison = {
	name: 'up',
	limit: 1.25,
	rounds: 3,
	setUp: () => home.setUp(),
	ours: {
		run: () => runCli(['up', '--provider', 'kind', '--name', 'bench-up'], { env }),
		undo: () => runCli(['down', '--name', 'bench-up'], { env }),
	},
	peer: {
		run: () =>
			runTool('kind', ['create', 'cluster', ...peer, '--config', '-', ...(image ? ['--image', image] : [])], {
				input: writeKindConfig('bench-peer', 0),
			}),
		undo: () => runTool('kind', ['delete', 'cluster', ...peer]),
	},
};
