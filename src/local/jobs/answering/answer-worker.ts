/** A thread that answers blocks: started by `answer-threads.ts`, one message in, one message out. */
import { parentPort } from "node:worker_threads";
import { answerBlock, type BlockTask, transferable } from "./answer-block.ts";

parentPort?.on("message", (task: BlockTask) => {
  const answered = answerBlock(task);
  parentPort?.postMessage(answered, answered === undefined ? [] : transferable(answered.bytes));
});
parentPort?.postMessage("ready", []);
