/** Which kind of machine this is, and how what is missing is mended there. */

import { existsSync, readFileSync } from 'node:fs';
import type { Problem } from '../model/error.ts';

export type Platform = 'linux' | 'wsl' | 'macos' | 'windows';

/** `kernel`: how the kernel names itself, where that can be read. */
export function detectPlatform(platform: NodeJS.Platform = process.platform, kernel = readKernel()): Platform {
	if (platform === 'win32') return 'windows';
	if (platform === 'darwin') return 'macos';
	return /microsoft/i.test(kernel) ? 'wsl' : 'linux';
}

function readKernel(): string {
	const file = '/proc/sys/kernel/osrelease';
	return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

/** The remedy of the problem as this platform has it. */
export function adviseOn({ code, remedy }: Problem, platform: Platform): string {
	const advice = advices[code.replace(/^(kind|kubectl)-(too-old|broken)$/, '$1-absent')];
	return advice?.[platform] ?? remedy;
}

const wslConfig = 'of %UserProfile%\\.wslconfig in Windows, then: wsl --shutdown';

/** Code of a problem → what to do; where a platform is left out, the problem's own remedy holds there. */
const advices: Record<string, Partial<Record<Platform, string>>> = {
	'kubectl-absent': {
		linux: 'Install it: https://kubernetes.io/docs/tasks/tools/install-kubectl-linux/',
		wsl: 'Install it, here in WSL: https://kubernetes.io/docs/tasks/tools/install-kubectl-linux/',
		macos: 'brew install kubectl',
		windows: 'winget install -e --id Kubernetes.kubectl',
	},
	'kind-absent': {
		macos: 'brew install kind',
		windows: 'winget install -e --id Kubernetes.kind',
	},
	'engine-absent': {
		linux: 'Install Docker: https://docs.docker.com/engine/install/',
		wsl: 'Install Docker Desktop in Windows, and turn on its Settings, Resources, WSL integration for this distribution.',
		macos: 'Install Docker Desktop: https://docs.docker.com/desktop/setup/install/mac-install/',
		windows: 'Install Docker Desktop: https://docs.docker.com/desktop/setup/install/windows-install/',
	},
	'engine-not-running': {
		linux: 'sudo systemctl start docker',
		wsl: 'Start Docker Desktop in Windows, with WSL integration turned on for this distribution.',
		macos: 'open -a Docker',
		windows: 'Start Docker Desktop.',
	},
	'memory-short': {
		linux: 'Use a machine that has more.',
		wsl: `Write memory=4GB below [wsl2] ${wslConfig}`,
		macos: 'Give it more: Docker Desktop, Settings, Resources.',
	},
	'cgroup-v1': {
		linux: 'Boot with systemd.unified_cgroup_hierarchy=1 on the command line of the kernel.',
		wsl: `Write kernelCommandLine=cgroup_no_v1=all below [wsl2] ${wslConfig}`,
	},
	'clock-wrong': {
		linux: 'sudo timedatectl set-ntp true',
		wsl: 'sudo hwclock --hctosys',
		macos: 'sudo sntp -sS time.apple.com',
		windows: 'w32tm /resync',
	},
	'engine-clock-wrong': {
		linux: 'sudo timedatectl set-ntp true',
		wsl: 'sudo hwclock --hctosys',
		macos: 'Restart Docker Desktop.',
		windows: 'Restart Docker Desktop.',
	},
};
