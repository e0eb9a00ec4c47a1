// Programs that a test starts, and that must not outlive it.
import { spawn } from 'node:child_process';

// Told to end, we leave by the exit event, at which what was started is ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** Starts a program in a process group of its own, so that what it starts ends with it, whichever way we end:
 *  { child, ended: a promise, stop() }. */
export function startProgram(command, args, options) {
    const child = spawn(command, args, { ...options, detached: true });
    const group = (signal) => {
        try {
            if (child.pid) process.kill(-child.pid, signal);
        } catch {
            // It has ended.
        }
    };
    const kill = () => group('SIGKILL');
    process.on('exit', kill);
    const ended = new Promise((resolve) => {
        child.on('exit', resolve);
        child.on('error', resolve);
    });
    return {
        child, ended,
        async stop() {
            group('SIGTERM');
            const timer = setTimeout(kill, 3000);
            await ended;
            clearTimeout(timer);
            kill();
            process.off('exit', kill);
        },
    };
}
