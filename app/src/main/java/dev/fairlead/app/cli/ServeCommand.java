package dev.fairlead.app.cli;

import dev.fairlead.app.cli.ServeArguments.BadOption;
import dev.fairlead.app.serve.HeapKeeper;
import dev.fairlead.app.serve.Logging;
import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import dev.fairlead.app.store.Stores;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** {@code fairlead}: serves until it is told to stop. */
final class ServeCommand {
  private ServeCommand() {}

  /** What a gateway that serves is kept for. */
  interface Until {
    void done(Startup startup) throws IOException, InterruptedException;
  }

  static int run(Typed typed, Map<String, String> environment, PrintStream out, PrintStream err)
      throws BadOption {
    ServeOptions options = ServeArguments.options(typed, environment);
    return ServeArguments.migrateOnly(typed, environment)
        ? migrate(options, environment, out, err)
        : run(options, environment, out, err);
  }

  private static int run(
      ServeOptions options, Map<String, String> environment, PrintStream out, PrintStream err) {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread hook =
        Thread.ofPlatform()
            .name("fairlead-stop")
            .unstarted(() -> {
              stop.countDown();
              try {
                stopped.await();
              } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      return run(
          options,
          environment,
          out,
          err,
          _ -> {
            Runtime.getRuntime().addShutdownHook(hook);
            stop.await();
          });
    } finally {
      stopped.countDown();
    }
  }

  /** Serves until {@code until} returns. */
  static int run(
      ServeOptions options,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Until until) {
    Logging.configure(options.logLevel(), options.logJson());
    try (Startup startup = Startup.start(options, environment)) {
      Banner.print(startup, options, out);
      HeapKeeper.start();
      until.done(startup);
      return 0;
    } catch (IOException failed) {
      err.println(failed.getMessage());
      return 1;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Brings the store up to date and ends. */
  private static int migrate(
      ServeOptions options, Map<String, String> environment, PrintStream out, PrintStream err) {
    Logging.configure(options.logLevel(), options.logJson());
    try {
      String place = Stores.migrate(options.directory(), environment);
      out.println("Up to date: " + place);
      return 0;
    } catch (IOException failed) {
      err.println(failed.getMessage());
      return 1;
    }
  }
}
