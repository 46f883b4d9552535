package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.core.config.ModelRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads models at providers, written {@code provider/model} or as an object of the two. */
final class ModelRefs {
  private ModelRefs() {}

  static List<ModelRef> read(List<Json> items) {
    List<ModelRef> refs = new ArrayList<>(items.size());
    for (Json item : items) {
      ModelRef ref = one(item);
      if (ref != null) {
        refs.add(ref);
      }
    }
    return refs;
  }

  /** The model at {@code at}, or null when the check has complained about it already. */
  static @Nullable ModelRef one(@Nullable Json at) {
    return switch (at) {
      case Json.Text(String text, int _, int _) -> parse(text);
      case Json.Obj object -> {
        String provider = Tree.text(object, "provider");
        String model = Tree.text(object, "model");
        yield provider == null || model == null ? null : new ModelRef(provider, model);
      }
      case null, default -> null;
    };
  }

  static @Nullable ModelRef parse(String text) {
    int slash = text.indexOf('/');
    return slash <= 0 || slash == text.length() - 1
        ? null
        : new ModelRef(text.substring(0, slash), text.substring(slash + 1));
  }
}
