// Loaded into a process with --import: writes its time and its peak memory to the file that BENCH_PEAK names when it ends.
import { writeFileSync } from "node:fs";
import { readPeakMb } from "./measure.mjs";

process.on("exit", () => {
  writeFileSync(process.env.BENCH_PEAK, JSON.stringify({ seconds: process.uptime(), rssMb: readPeakMb() }));
});
