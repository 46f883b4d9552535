package dev.fairlead.app.serve;

import dev.fairlead.app.config.ConfigReader;
import dev.fairlead.app.config.Draft;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.app.keys.InstalledSecret;
import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A start from nothing to serving, in the order in which things can go wrong. */
public final class Startup implements AutoCloseable {
  private final AppDirectory directory;
  private final GatewayServer server;

  private Startup(AppDirectory directory, GatewayServer server) {
    this.directory = directory;
    this.server = server;
  }

  /**
   * Starts serving.
   *
   * @throws IOException when it cannot; the message names what is wrong, where, and what to do
   */
  public static Startup start(ServeOptions options, Map<String, String> environment)
      throws IOException {
    AppDirectory directory = AppDirectory.open(options.directory());
    directory.lock();
    SecureRandom random = new SecureRandom();
    KeyHasher installedHasher;
    try {
      installedHasher = InstalledSecret.hasher(options.directory(), random);
    } catch (KeyFileException e) {
      throw new IOException(e.getMessage(), e);
    }
    ConfigReader reader =
        new ConfigReader(options.directory(), environment, () -> installedHasher);
    Path file = options.directory().resolve("config.json");
    Draft draft =
        Files.exists(file)
            ? reader.read(Files.readAllBytes(file), Map.of())
            : reader.readNothing(Map.of());
    for (Problem p : draft.problems()) {
      throw new IOException(p.in("config.json"));
    }
    Map<String, VirtualKey> keys = new HashMap<>();
    draft.virtualKeys().forEach(k -> keys.put(k.hash(), k));
    KeyFile keyFile =
        new KeyFile(options.directory(), draft.hasher(), Clock.systemUTC(), random);
    try {
      keyFile.virtualKeys().forEach(k -> keys.put(k.hash(), k));
    } catch (KeyFileException e) {
      throw new IOException(e.getMessage(), e);
    }
    GatewayServer server =
        GatewayServer.start(
            options,
            new GatewayServer.Installed(
                new Snapshot(
                    1, draft.providers(), keys, draft.client(), draft.inert(), draft.notes()),
                draft.hasher()),
            (provider, model, usage, at) -> OptionalLong.empty(),
            provider -> List.of(),
            "0");
    return new Startup(directory, server);
  }

  /** The port listened on. */
  public int port() {
    return server.port();
  }

  /** The gateway. */
  public GatewayServer server() {
    return server;
  }

  @Override
  public void close() throws IOException {
    server.close();
    directory.close();
  }
}
