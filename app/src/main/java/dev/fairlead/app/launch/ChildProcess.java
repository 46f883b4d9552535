package dev.fairlead.app.launch;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client program as the only child of this process: it has our terminal, gets the signals that
 * end us, and its exit code becomes ours.
 */
final class ChildProcess {
  /** On a terminal the child has got Ctrl-C itself, and may take that long to act on it. */
  private static final Duration ITSELF = Duration.ofSeconds(2);

  /** After that it is asked to end, and after that time made to. */
  private static final Duration ASKED = Duration.ofSeconds(10);

  private ChildProcess() {}

  /** The program {@code name} on the environment's path, or null when there is none. */
  static @Nullable Path find(String name, Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        Path program = Path.of(folder, name);
        if (Files.isRegularFile(program) && Files.isExecutable(program)) {
          return program;
        }
      }
    }
    return null;
  }

  /**
   * Runs a program to its end, then {@code afterwards}.
   *
   * @return its exit code; 128 and the signal's number when a signal ended it
   * @throws IOException when it cannot be started
   */
  static int run(List<String> command, Map<String, String> environment, Runnable afterwards)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().clear();
    builder.environment().putAll(environment);
    CountDownLatch done = new CountDownLatch(1);
    Process child;
    try {
      child = builder.start();
    } catch (IOException failed) {
      afterwards.run();
      throw failed;
    }
    Thread hook =
        Thread.ofPlatform().name("fairlead-launch-stop").unstarted(() -> stop(child, done));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return child.waitFor();
    } finally {
      afterwards.run();
      done.countDown();
      release(hook);
    }
  }

  /** A signal ends this process: the child first, and its exit code is what counts. */
  private static void stop(Process child, CountDownLatch done) {
    try {
      boolean onTerminal =
          Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
      if (!onTerminal || !child.waitFor(ITSELF.toMillis(), TimeUnit.MILLISECONDS)) {
        child.destroy();
      }
      if (!child.waitFor(ASKED.toMillis(), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly();
      }
      int code = child.waitFor();
      done.await(ASKED.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().halt(code);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void release(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // The hook is running, and ends the process with the child's exit code.
      return;
    }
  }
}
