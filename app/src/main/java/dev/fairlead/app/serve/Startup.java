package dev.fairlead.app.serve;

import dev.fairlead.app.config.ConfigReader;
import dev.fairlead.app.config.Draft;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A start from nothing to serving, in the order in which things can go wrong. */
public final class Startup implements AutoCloseable {
  private final AppDirectory directory;
  private final GatewayServer server;

  private Startup(AppDirectory directory, GatewayServer server) {
    this.directory = directory;
    this.server = server;
  }

  public static Startup start(ServeOptions options, Map<String, String> environment)
      throws IOException {
    AppDirectory directory = AppDirectory.open(options.directory());
    directory.lock();
    ConfigReader reader =
        new ConfigReader(
            options.directory(), environment, () -> KeyHasher.of(new byte[32]));
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
    GatewayServer server =
        GatewayServer.start(
            options,
            new GatewayServer.Installed(
                new Snapshot(1, draft.providers(), keys, draft.client(), draft.inert(), draft.notes()),
                draft.hasher()),
            (provider, model, usage, at) -> OptionalLong.empty(),
            provider -> java.util.List.of(),
            "0");
    return new Startup(directory, server);
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() throws IOException {
    server.close();
    directory.close();
  }
}
