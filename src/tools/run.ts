/** How a tool begins and ends. */

/** A use that cannot work, in one sentence. */
export class Misuse extends Error {}

/** A tool's whole: a wrong use is one sentence and an exit code. */
export async function run(main: () => number | Promise<number>, misuse = 1): Promise<void> {
  try {
    Deno.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    console.error(error.message);
    Deno.exitCode = misuse;
  }
}
