package dev.fairlead.conformance.clients;

import dev.fairlead.app.Main;
import dev.fairlead.conformance.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program that runs to its end with an environment of its own: no variable of the tests'
 * environment but PATH, a home directory that is thrown away, and no way to any other machine.
 */
final class ClientProcess {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Path MODULES = Checkout.root().resolve("conformance/clients/node_modules");

  /** What the program said and how it ended. */
  record Ending(int exit, String out, String err) {
    @Override
    public String toString() {
      return "exit " + exit + "\n--- out\n" + out + "\n--- err\n" + err;
    }
  }

  private final Path directory;
  private final List<String> command;
  private final Map<String, String> environment = new LinkedHashMap<>();

  private ClientProcess(Path directory, List<String> command) {
    this.directory = directory;
    this.command = command;
  }

  /** A program of the pinned packages by the name npm gives it, working in {@code directory}. */
  static ClientProcess of(Path directory, String program, String... arguments) {
    Path executable = MODULES.resolve(".bin").resolve(program);
    if (!Files.isExecutable(executable)) {
      throw new IllegalStateException(
          program + " is not installed; run scripts/real-clients, which installs it first");
    }
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(List.of(arguments));
    return isolated(directory, command);
  }

  /** A script beside the pinned packages, run by Node. */
  static ClientProcess node(Path directory, String script, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("node", MODULES.resolveSibling(script).toString()));
    command.addAll(List.of(arguments));
    return isolated(directory, command);
  }

  /** A script beside the pinned packages of Python, run with them. */
  static ClientProcess python(Path directory, String script, String... arguments) {
    Path python = Checkout.root().resolve("conformance/target/python/bin/python");
    if (!Files.isExecutable(python)) {
      throw new IllegalStateException(
          "the Python packages are not installed; run scripts/python-clients, which installs them");
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                python.toString(), MODULES.resolveSibling("python").resolve(script).toString()));
    command.addAll(List.of(arguments));
    return isolated(directory, command);
  }

  /** Our own program, with the pinned packages' programs on its path. */
  static ClientProcess fairlead(Path directory, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return isolated(directory, command)
        .with("PATH", MODULES.resolve(".bin") + ":" + System.getenv("PATH"));
  }

  private static ClientProcess isolated(Path directory, List<String> command) {
    return new ClientProcess(directory, command)
        .with("PATH", System.getenv("PATH"))
        .with("HOME", directory.resolve("home").toString())
        .with("TMPDIR", directory.resolve("tmp").toString())
        .with("LANG", "C.UTF-8")
        .with("CI", "true")
        // Port 9 of loopback: nobody listens, so that a call to anywhere else fails at once.
        .with("HTTP_PROXY", "http://127.0.0.1:9")
        .with("HTTPS_PROXY", "http://127.0.0.1:9")
        .with("NO_PROXY", "localhost,127.0.0.1");
  }

  ClientProcess with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  ClientProcess without(String name) {
    environment.remove(name);
    return this;
  }

  /**
   * Runs to the end; a program that takes too long is killed and fails the test with what it said.
   */
  Ending run() {
    try {
      Files.createDirectories(directory.resolve("home"));
      Files.createDirectories(directory.resolve("tmp"));
      Path work = Files.createDirectories(directory.resolve("work"));
      ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      return end(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + command, e);
    }
  }

  private Ending end(Process process) throws InterruptedException {
    CompletableFuture<String> out = reading(process.getInputStream());
    CompletableFuture<String> err = reading(process.getErrorStream());
    boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    Ending ending = new Ending(ended ? process.exitValue() : -1, text(out), text(err));
    if (!ended) {
      throw new AssertionError(command.getFirst() + " took longer than " + LIMIT + ": " + ending);
    }
    return ending;
  }

  private static CompletableFuture<String> reading(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            text.complete("(unreadable: " + e.getMessage() + ")");
          }
        });
    return text;
  }

  /** A child the program left behind may hold the pipe open; what matters was said by then. */
  private static String text(CompletableFuture<String> reading) throws InterruptedException {
    try {
      return reading.get(5, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return "(not closed: " + e + ")";
    }
  }
}
