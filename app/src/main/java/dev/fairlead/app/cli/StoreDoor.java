package dev.fairlead.app.cli;

import dev.fairlead.app.serve.StoreControl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control API over a store that no gateway uses. */
final class StoreDoor implements ControlDoor {
  private static final JsonMapper JSON = new JsonMapper();

  private final StoreControl control;

  private StoreDoor(StoreControl control) {
    this.control = control;
  }

  static StoreDoor open(Path directory, Map<String, String> environment) throws Failed {
    try {
      return new StoreDoor(StoreControl.open(directory, environment));
    } catch (IOException unusable) {
      throw new Failed(1, String.valueOf(unusable.getMessage()));
    }
  }

  @Override
  public @Nullable JsonNode call(String method, String path, @Nullable String body) throws Failed {
    try {
      StoreControl.Answer answer = control.call(method, path, body);
      if (answer.status() / 100 != 2) {
        throw Failed.of(answer.status(), answer.body());
      }
      return answer.body().isEmpty() ? null : JSON.readTree(answer.body());
    } catch (IOException failed) {
      throw new Failed(6, String.valueOf(failed.getMessage()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Failed(6, "interrupted");
    }
  }

  @Override
  public String address() {
    String configured = control.publicUrl();
    return ControlDoor.bare(configured == null ? ControlDoor.USUAL : configured);
  }

  @Override
  public void close() throws IOException {
    control.close();
  }
}
