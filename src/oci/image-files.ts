/** Which files an image holds, so that a command which is not in it can be told from one that is. */

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import type { Content } from './content.ts';

/** `unknown`: the layers could not be read, and nothing can be said about them. */
export type FileKind = 'program' | 'file' | 'folder' | 'absent' | 'unknown';

/** Takes an absolute path. */
export type FileLookup = (path: string) => FileKind;

export interface ImageFile {
	kind: 'program' | 'file' | 'folder';
	/** Of a link: where it points. */
	target?: string;
}

/** By absolute path; null: the layers could not be read. */
export type ImageFiles = ReadonlyMap<string, ImageFile> | null;

/** Links in paths are followed so often, as by Linux. */
const maxLinks = 40;
const whiteout = '.wh.';

/** Layers in the order of the manifest: later ones hide what earlier ones had. */
export async function readLayers(layers: readonly Content[]): Promise<ImageFiles> {
	const files = new Map<string, ImageFile>();
	try {
		for (const layer of layers) await addLayer(files, layer);
	} catch {
		// A compression or a tar that cannot be read here says nothing about what a real node would run.
		return null;
	}
	return files;
}

export function createLookup(files: ImageFiles): FileLookup {
	return files === null ? () => 'unknown' : (path) => lookUp(files, path);
}

async function addLayer(files: Map<string, ImageFile>, { bytes }: Content): Promise<void> {
	const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
	const tar = isGzip ? await promisify(gunzip)(bytes) : bytes;
	for (const { header } of await unpackTar(tar)) {
		const path = normalise(`/${header.name}`);
		const name = path.slice(path.lastIndexOf('/') + 1);
		if (name.startsWith(whiteout)) {
			hide(files, path.slice(0, path.lastIndexOf('/') + 1), name.slice(whiteout.length));
			continue;
		}
		files.set(path, readEntry(header));
		addParents(files, path);
	}
}

function readEntry(header: { type?: string; mode?: number; linkname?: string }): ImageFile {
	if (header.type === 'directory') return { kind: 'folder' };
	const kind = ((header.mode ?? 0) & 0o111) === 0 ? 'file' : 'program';
	if (header.type === 'symlink') return { kind: 'program', target: header.linkname ?? '' };
	if (header.type === 'link') return { kind, target: `/${header.linkname ?? ''}` };
	return { kind };
}

/** `.wh..wh..opq` hides all that the folder held, `.wh.NAME` one name. */
function hide(files: Map<string, ImageFile>, folder: string, name: string): void {
	const hidden = name === '.wh..opq' ? folder : `${folder}${name}`;
	for (const path of files.keys()) {
		if (path === hidden || path.startsWith(hidden.endsWith('/') ? hidden : `${hidden}/`)) files.delete(path);
	}
}

function addParents(files: Map<string, ImageFile>, path: string): void {
	for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
		const parent = path.slice(0, slash);
		if (files.has(parent)) return;
		files.set(parent, { kind: 'folder' });
	}
}

function lookUp(files: ReadonlyMap<string, ImageFile>, path: string): FileKind {
	let pending = normalise(path).split('/').filter(Boolean);
	let at = '';
	for (let links = 0; pending.length > 0; ) {
		const [next = '', ...rest] = pending;
		const entry = files.get(`${at}/${next}`);
		if (entry === undefined) return 'absent';
		pending = rest;
		if (entry.target === undefined) {
			at = `${at}/${next}`;
			continue;
		}
		if (++links > maxLinks) return 'absent';
		const target = entry.target.startsWith('/') ? entry.target : `${at}/${entry.target}`;
		pending = [...normalise(target).split('/').filter(Boolean), ...rest];
		at = '';
	}
	return at === '' ? 'folder' : (files.get(at)?.kind ?? 'absent');
}

function normalise(path: string): string {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..') parts.pop();
		else if (part !== '' && part !== '.') parts.push(part);
	}
	return `/${parts.join('/')}`;
}
