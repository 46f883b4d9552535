package dev.fairlead.bench.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process the benchmark started and will end. It and its descendants are the only processes the
 * benchmark ever ends.
 */
public final class ChildProcess implements RunningProcess {

  private static final int MAX_UNREAD_LINES = 1_000;

  private final String name;
  private final Process process;
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(MAX_UNREAD_LINES);
  private final Thread stopAtExit;

  private ChildProcess(String name, ProcessBuilder builder) throws IOException {
    this.name = name;
    // A proxy meant for the real network must not stand between processes of this machine.
    builder.environment().keySet().removeIf(key -> key.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    this.process = builder.start();
    this.stopAtExit = new Thread(this::stop, "stop-" + name);
    Runtime.getRuntime().addShutdownHook(stopAtExit);
  }

  /**
   * Starts another main class of the benchmark on this class path; its standard error goes to
   * {@code log}.
   *
   * @throws IOException if the process cannot be started
   */
  public static ChildProcess java(
      String name, Class<?> main, List<String> jvmFlags, List<String> args, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmFlags);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dio.netty.leakDetection.level=disabled");
    command.add("-Dlogback.configurationFile=bench-logback.xml");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(args);
    ChildProcess child =
        new ChildProcess(
            name,
            new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
    child.readLines();
    return child;
  }

  /**
   * Starts any command; everything it prints goes to {@code log}.
   *
   * @throws IOException if the process cannot be started
   */
  public static ChildProcess command(
      String name, List<String> command, File directory, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return new ChildProcess(name, builder);
  }

  /** Process id, for {@link ProcessFigures}. */
  public long pid() {
    return process.pid();
  }

  /** False once the process has ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The port the child announced through {@link ParentLink}. */
  public int awaitPort(Duration limit) {
    String line = awaitLine(limit);
    if (!line.startsWith(ParentLink.READY)) {
      throw new IllegalStateException(name + " said \"" + line + "\" instead of its port");
    }
    return Integer.parseInt(line.substring(ParentLink.READY.length()).strip());
  }

  /** Sends one line and waits for one line of answer. */
  public String ask(String line, Duration limit) {
    try {
      BufferedWriter writer = process.outputWriter();
      writer.write(line);
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " takes no more commands", e);
    }
    return awaitLine(limit);
  }

  /** Ends the process and its descendants: politely, and by force after five seconds. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(stopAtExit);
    stop();
  }

  private void stop() {
    List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
    tree.add(process.toHandle());
    tree.forEach(ProcessHandle::destroy);
    for (ProcessHandle each : tree) {
      try {
        each.onExit().get(5, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        each.destroyForcibly();
      } catch (ExecutionException | TimeoutException _) {
        each.destroyForcibly();
      }
    }
  }

  private String awaitLine(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        @Nullable String line = lines.poll(100, TimeUnit.MILLISECONDS);
        if (line != null) {
          return line;
        }
        if (!process.isAlive() && lines.isEmpty()) {
          throw new IllegalStateException(name + " ended with code " + process.exitValue());
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(name + " did not answer within " + limit);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name, e);
    }
  }

  private void readLines() {
    Thread.ofPlatform()
        .daemon()
        .name("lines-of-" + name)
        .start(() -> {
          try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              lines.put(line);
            }
          } catch (IOException | InterruptedException _) {
            // The process is gone; whoever waits for a line finds that out.
          }
        });
  }
}
