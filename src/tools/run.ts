/** How a tool begins and ends. */
import { parseArgs, type ParseArgsConfig } from "node:util";

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

/** What is asked of a tool; an option that it does not have is a wrong use. */
export function argsOf<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Misuse(`${(error as Error).message.split(/\. |\n/)[0]}.`);
  }
}
