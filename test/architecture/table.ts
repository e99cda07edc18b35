/** Who may import whom: a folder or file of src/, what it may use there, and which packages. */

export interface Allowance {
	/** Folders, files, or a single file of another folder. */
	may: string[];
	packages?: string[];
	/** Neither files, nor network, nor processes: no module of Node. */
	isPure?: true;
}

const everythingBelowCommands = [
	'model',
	'pull',
	'diagnosis',
	'expression',
	'oci',
	'checks',
	'reporters',
	'lab',
	'kube',
	'observers',
	'grading',
	'providers',
	'registries',
	'environment',
	'learning',
	'classroom',
	'terminal',
	'exec.ts',
	'yaml.ts',
	'session.ts',
	'parts.ts',
	'package-root.ts',
	'process-table.ts',
	'private-file.ts',
	'lock-file.ts',
	'trace.ts',
	'emulator/index.ts',
	'emulator/daemon/index.ts',
	'web/index.ts',
];

export const table: Record<string, Allowance> = {
	model: { may: [], isPure: true },
	'package-root.ts': { may: [] },
	'process-table.ts': { may: [] },
	'private-file.ts': { may: [] },
	'lock-file.ts': { may: ['process-table.ts'] },
	'trace.ts': { may: [] },
	'exec.ts': { may: ['model', 'trace.ts'], packages: ['execa'] },
	'yaml.ts': { may: ['model'], packages: ['yaml'] },
	pull: { may: ['model', 'oci/reference.ts'], isPure: true },
	expression: { may: [], packages: ['@marcbachmann/cel-js', 're2js'], isPure: true },
	diagnosis: { may: ['model', 'pull', 'expression'], isPure: true },
	oci: { may: ['model', 'package-root.ts', 'trace.ts'], packages: ['bcryptjs', 'modern-tar'] },
	checks: { may: ['model', 'pull', 'diagnosis', 'expression'], packages: ['zod'], isPure: true },
	reporters: { may: ['model', 'terminal/width.ts'], packages: ['picocolors'], isPure: true },
	lab: { may: ['model', 'checks', 'yaml.ts', 'package-root.ts'], packages: ['zod'] },
	kube: { may: ['model', 'yaml.ts', 'trace.ts'], packages: ['@kubernetes/client-node'] },
	observers: { may: ['model', 'kube', 'oci', 'pull'] },
	grading: { may: ['model', 'kube', 'checks', 'observers', 'private-file.ts'], packages: ['zod'] },
	emulator: {
		may: ['model', 'oci', 'pull', 'yaml.ts', 'package-root.ts', 'private-file.ts'],
	},
	providers: {
		may: [
			'model',
			'kube',
			'oci',
			'exec.ts',
			'package-root.ts',
			'process-table.ts',
			'private-file.ts',
			'trace.ts',
			'emulator/daemon/index.ts',
		],
	},
	registries: { may: ['model', 'kube', 'oci', 'exec.ts', 'package-root.ts', 'private-file.ts', 'emulator/index.ts'] },
	environment: {
		may: [
			'model',
			'kube',
			'oci',
			'pull',
			'yaml.ts',
			'package-root.ts',
			'process-table.ts',
			'private-file.ts',
			'lock-file.ts',
		],
	},
	learning: {
		may: ['model', 'lab', 'private-file.ts', 'process-table.ts', 'lock-file.ts'],
		packages: ['marked', 'zod'],
	},
	classroom: { may: ['model', 'lab', 'kube', 'grading', 'exec.ts', 'yaml.ts'], packages: ['modern-tar', 'zod'] },
	'session.ts': {
		may: ['model', 'environment', 'providers/engine.ts', 'registries/embedded-log.ts'],
		packages: ['env-paths'],
	},
	'parts.ts': { may: ['model', 'environment', 'providers', 'registries', 'session.ts'] },
	terminal: { may: ['model'], packages: ['listr2', 'inquirer', 'picocolors'] },
	web: { may: ['model', 'learning'], packages: ['preact', 'ws', '@xterm/xterm', '@lydell/node-pty'] },
	'index.ts': { may: ['model', 'lab', 'grading', 'emulator/index.ts', 'session.ts'] },
	commands: { may: everythingBelowCommands },
	'program.ts': { may: ['commands', 'model', 'terminal', 'package.json'], packages: ['commander'] },
	'cli.ts': { may: ['program.ts'] },
	'serve-embedded.ts': { may: ['model', 'emulator/daemon/index.ts', 'terminal/failure.ts', 'package.json'] },
};

/** Types alone cost nothing and bind to nothing at run time. */
export const typePackages: Record<string, string[]> = { commands: ['commander'] };
