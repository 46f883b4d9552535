package dev.fairlead.app.cli;

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

  static int run(
      ServeOptions options, Map<String, String> environment, PrintStream out, PrintStream err) {
    Logging.configure(options.logLevel(), options.logJson());
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
    try (Startup startup = Startup.start(options, environment)) {
      Runtime.getRuntime().addShutdownHook(hook);
      Banner.print(startup, options, out);
      stop.await();
      return 0;
    } catch (IOException failed) {
      err.println(failed.getMessage());
      return 1;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 1;
    } finally {
      stopped.countDown();
    }
  }

  /** Brings the store up to date and ends. */
  static int migrate(
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
