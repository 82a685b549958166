import pc from "picocolors";

// Undefined, and not false, where stdout is no terminal: then the library would decide by itself, and colour logs of CI.
const isTerminal = Boolean(process.stdout.isTTY);

export const colors: ReturnType<typeof pc.createColors> = pc.createColors(pc.isColorSupported && isTerminal);
