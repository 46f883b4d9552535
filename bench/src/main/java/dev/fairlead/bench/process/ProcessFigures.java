package dev.fairlead.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process has cost so far, as Linux counts it in {@code /proc} (see proc(5)).
 *
 * @param cpuMicros user and system time since the process started, in microseconds
 * @param loopMicros the part of it that event loops of Vert.x had, in microseconds
 * @param compilerMicros the part of it that the compilers of a JVM had, in microseconds
 * @param rssKilobytes memory resident now, in KiB
 */
public record ProcessFigures(
    long cpuMicros, long loopMicros, long compilerMicros, long rssKilobytes) {
  /** Of a process that is not known. */
  public static final ProcessFigures NONE = new ProcessFigures(0, 0, 0, 0);

  /** How Vert.x names its event loops, as far as the kernel keeps a thread's name. */
  private static final String LOOP_NAME = "(vert.x-eventloo";

  /** How HotSpot names its compilers, {@code C1} and {@code C2}, behind which a number follows. */
  private static final String COMPILER_NAME = " CompilerThre";

  /**
   * The kernel reports times in ticks of USER_HZ, which is 100 on every platform the JDK runs on.
   */
  private static final long MICROS_PER_TICK = 10_000;

  /** Position of {@code utime} among the fields that follow the command name in a stat line. */
  private static final int USER_TIME_FIELD = 11;

  /**
   * Figures of one process and all its living descendants; a launch script that waits for its JVM
   * is thereby counted with it. A process that has ended counts zero.
   *
   * @throws IOException if {@code /proc} cannot be read
   */
  public static ProcessFigures ofTree(long pid) throws IOException {
    List<Long> pids = new ArrayList<>();
    pids.add(pid);
    ProcessHandle.of(pid)
        .ifPresent(parent -> parent.descendants().forEach(child -> pids.add(child.pid())));
    long cpu = 0;
    long loops = 0;
    long compilers = 0;
    long rss = 0;
    for (long each : pids) {
      Path proc = Path.of("/proc", Long.toString(each));
      try {
        cpu += cpuMicros(Files.readString(proc.resolve("stat"), StandardCharsets.ISO_8859_1));
        for (String thread : threads(proc.resolve("task"))) {
          loops += thread.contains(LOOP_NAME) ? cpuMicros(thread) : 0;
          compilers += thread.contains(COMPILER_NAME) ? cpuMicros(thread) : 0;
        }
        rss += rssKilobytes(Files.readString(proc.resolve("status"), StandardCharsets.ISO_8859_1));
      } catch (NoSuchFileException _) {
        // It ended between the listing and the reading.
      }
    }
    return new ProcessFigures(cpu, loops, compilers, rss);
  }

  /** The stat lines of the threads that live. */
  private static List<String> threads(Path tasks) throws IOException {
    List<String> stats = new ArrayList<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        try {
          stats.add(Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException _) {
          // The thread ended.
        }
      }
    }
    return stats;
  }

  /** CPU time in microseconds from the text of {@code /proc/PID/stat}. */
  static long cpuMicros(String stat) {
    // The command name stands in parentheses and may itself hold spaces and parentheses.
    int afterName = stat.lastIndexOf(')');
    if (afterName < 0) {
      throw new IllegalArgumentException("not a stat line: " + stat);
    }
    String[] fields = stat.substring(afterName + 1).strip().split(" ", -1);
    if (fields.length <= USER_TIME_FIELD + 1) {
      throw new IllegalArgumentException("stat line ends early: " + stat);
    }
    long ticks =
        Long.parseLong(fields[USER_TIME_FIELD]) + Long.parseLong(fields[USER_TIME_FIELD + 1]);
    return ticks * MICROS_PER_TICK;
  }

  /**
   * Resident memory in KiB from the text of {@code /proc/PID/status}; zero for a process that has
   * none (a zombie).
   */
  static long rssKilobytes(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
