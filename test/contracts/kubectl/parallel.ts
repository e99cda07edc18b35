/** Runs at most so many at a time, in order. */
export async function runInParallel<T>(
	items: readonly T[],
	jobs: number,
	work: (item: T) => Promise<void>,
): Promise<void> {
	const queue = [...items];
	const worker = async () => {
		for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
	};
	await Promise.all(Array.from({ length: jobs }, worker));
}
