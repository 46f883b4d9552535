package dev.fairlead.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The password for the next connection: the one that is set, or what a program prints. Such
 * passwords often count for minutes only, so the program is asked each time.
 */
final class PasswordSource {
  private static final int MOST_BYTES = 64 << 10;

  private final PostgresSettings settings;

  PasswordSource(PostgresSettings settings) {
    this.settings = settings;
  }

  /** The password, or null for none. */
  @Nullable String password() throws SQLException {
    PostgresSettings.PasswordCommand command = settings.passwordCommand();
    return command == null ? settings.password() : ask(command);
  }

  private static String ask(PostgresSettings.PasswordCommand command) throws SQLException {
    List<String> line = new ArrayList<>();
    line.add(command.command());
    line.addAll(command.arguments());
    Process process;
    try {
      process =
          new ProcessBuilder(line)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.from(nothing()))
              .start();
    } catch (IOException failed) {
      throw failure(command, "cannot be started: " + failed.getMessage(), failed);
    }
    CompletableFuture<byte[]> output = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (InputStream in = process.getInputStream()) {
            output.complete(in.readNBytes(MOST_BYTES));
          } catch (IOException failed) {
            output.completeExceptionally(failed);
          }
        });
    try {
      byte[] printed = output.get(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure(command, "does not end", null);
      }
      if (process.exitValue() != 0) {
        throw failure(command, "failed with exit code " + process.exitValue(), null);
      }
      String password = firstLine(printed);
      if (password.isEmpty()) {
        throw failure(command, "printed nothing", null);
      }
      return password;
    } catch (TimeoutException late) {
      throw failure(command, "did not answer within " + command.timeout(), late);
    } catch (ExecutionException failed) {
      throw failure(command, "cannot be read from", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failure(command, "was interrupted", interrupted);
    } finally {
      process.destroyForcibly();
    }
  }

  private static java.io.File nothing() {
    return new java.io.File(
        System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null");
  }

  private static String firstLine(byte[] printed) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (byte one : printed) {
      if (one == '\n') {
        break;
      }
      line.write(one);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private static SQLException failure(
      PostgresSettings.PasswordCommand command, String why, @Nullable Throwable cause) {
    return new SQLException("password_command " + command.command() + " " + why, "28000", cause);
  }
}
